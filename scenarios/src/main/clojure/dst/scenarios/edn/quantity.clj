(ns dst.scenarios.edn.quantity
  "Amounts as people write them: \"5 ms\", \"64 KiB\"; inside, whole nanoseconds and bytes."
  (:require [clojure.string :as string])
  (:import (dst.protocol.setting Quantity)
           (java.util Locale OptionalLong)))

(set! *warn-on-reflection* true)

(defn- number [^OptionalLong found]
  (when (.isPresent found) (.getAsLong found)))

(defn nanos
  "Nanoseconds of \"5 ms\", or nil."
  [value]
  (when (string? value) (number (Quantity/nanos value))))

(defn byte-count
  "Bytes of 4096 or \"4 KiB\", or nil."
  [value]
  (cond (int? value) (long value)
        (string? value) (number (Quantity/bytes value))))

(defn duration-text
  "Nanoseconds as text, exactly: \"1.25 ms\"."
  [^long nanos]
  (Quantity/time nanos))

(defn size-text
  "Bytes as a number or, if it is a round one, as text: \"64 KiB\"."
  [^long bytes]
  (let [text (Quantity/size bytes)]
    (if (= text (str bytes)) bytes text)))

(defn lower
  "In small letters, whatever the machine's locale is."
  ^String [^String text]
  (.toLowerCase text Locale/ROOT))

(defn nearest
  "Those of the names that a mistyped one is most likely meant to be, best first: at most three."
  [wrong names]
  (let [wrong (lower (name wrong))
        distance (fn [candidate]
                   (let [candidate (lower (name candidate))
                         step (fn [row letter]
                                (reduce (fn [done [above left-above other]]
                                          (conj done (min (inc (long above))
                                                          (inc (long (peek done)))
                                                          (+ (long left-above) (if (= letter other) 0 1)))))
                                        [(inc (long (first row)))]
                                        (map vector (rest row) row candidate)))]
                     (if (or (string/includes? candidate wrong)
                             (and (< 2 (count candidate)) (string/includes? wrong candidate)))
                       1
                       (peek (reduce step (vec (range (inc (count candidate)))) wrong)))))]
    (->> names
         (map (fn [candidate] [(distance candidate) (name candidate) candidate]))
         (filter (fn [[far]] (<= (long far) (max 2 (quot (count wrong) 3)))))
         (sort-by (fn [[far text]] [far text]))
         (map peek)
         (take 3))))
