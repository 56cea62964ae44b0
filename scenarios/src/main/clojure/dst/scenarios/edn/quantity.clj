(ns dst.scenarios.edn.quantity
  "Amounts as people write them: \"5 ms\", \"64 KiB\"; inside, whole nanoseconds and bytes. Reading what was printed gives the
  same number again."
  (:require [clojure.string :as string])
  (:import (java.util Locale)))

(set! *warn-on-reflection* true)

(def ^:private time-units
  {"ns" 1, "us" 1000, "ms" 1000000, "s" 1000000000, "min" 60000000000})

(def ^:private size-units
  {"B" 1, "KiB" 1024, "MiB" 1048576, "GiB" 1073741824})

(defn- amount
  "The whole number of smallest units in a text such as \"1.5 ms\", or nil."
  [units text]
  (when-let [[_ number unit] (and (string? text) (re-matches #"(-?\d+(?:\.\d+)?)\s*([A-Za-z]+)" text))]
    (when-let [factor (get units unit)]
      (try
        (.longValueExact (.multiply (bigdec number) (bigdec factor)))
        (catch ArithmeticException _ nil)))))

(defn nanos
  "Nanoseconds of \"5 ms\", or nil."
  [value]
  (amount time-units value))

(defn byte-count
  "Bytes of 4096 or \"4 KiB\", or nil."
  [value]
  (if (int? value) (long value) (amount size-units value)))

(defn- plain [^java.math.BigDecimal number]
  (.toPlainString (if (zero? (.signum number)) 0M (.stripTrailingZeros number))))

(defn duration-text
  "Nanoseconds as text, exactly: \"1.25 ms\"."
  [^long nanos]
  (let [size (abs nanos)
        unit (cond (zero? nanos) "ms"
                   (< size 1000) "ns"
                   (< size 1000000) "us"
                   (< size 1000000000) "ms"
                   :else "s")]
    (str (plain (.movePointLeft (bigdec nanos) (case unit "ns" 0, "us" 3, "ms" 6, "s" 9))) " " unit)))

(defn size-text
  "Bytes as a number or, if it is a round one, as text: \"64 KiB\"."
  [^long bytes]
  (let [unit (last (filter (fn [[_ factor]] (and (pos? bytes) (zero? (rem bytes (long factor)))))
                           [["KiB" 1024] ["MiB" 1048576] ["GiB" 1073741824]]))]
    (if unit
      (str (quot bytes (long (second unit))) " " (first unit))
      bytes)))

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
