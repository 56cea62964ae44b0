(ns dst.harness.history
  "A run's history with Jepsen's processes, and one block of it as the history of a register, as Knossos reads it."
  (:require [clojure.edn :as edn]
            [clojure.string :as string]
            [dst.scenarios.edn.shape :as shape])
  (:import (dst.scenarios.cli WrongInput)))

(set! *warn-on-reflection* true)

(defn with-processes
  "The same operations on as few processes as can be: one has one operation open at a time, and one whose operation ended as :info is
  never used again. Which operation is which says :tag."
  [history]
  (loop [history history, free (sorted-set), next-one 0, open {}, done []]
    (if-let [{:keys [type process] :as operation} (first history)]
      (if (= type :invoke)
        (let [taken (or (first free) next-one)]
          (recur (rest history) (disj free taken) (if (seq free) next-one (inc (long next-one))) (assoc open process taken)
                 (conj done (assoc operation :process taken :tag process))))
        (let [taken (get open process)]
          (recur (rest history) (if (= type :info) free (conj free taken)) next-one (dissoc open process)
                 (conj done (assoc operation :process taken :tag process)))))
      done)))

(defn- indexed [history] (vec (map-indexed (fn [i operation] (assoc operation :index i)) history)))

(defn read-history
  "The operations of a history.edn, each on a process of its own."
  [file text]
  (let [history (try (edn/read-string text)
                     (catch RuntimeException e (throw (WrongInput. (str file ": " (ex-message e))))))]
    (if (and (vector? history) (every? map? history))
      history
      (throw (WrongInput. (str file ": expected a vector of operations"))))))

(defn- touches? [^long block ^long block-size {:keys [offset length]}]
  (and offset (<= (long offset) block) (<= (+ block block-size) (+ (long offset) (long length)))))

(defn- of-block
  "One operation as the register sees it."
  [^long block ^long block-size {:keys [f type process time offset value error]} written]
  (let [f' (if (= f :read) :read :write)
        at (quot (- block (long offset)) block-size)]
    (cond-> {:process process
             ;; A trimmed block reads as zeros or as what it held: nobody can say when, or whether, it changed.
             :type (if (and (= f :trim) (= type :ok)) :info type)
             :f f'
             :value (if (= f' :write) written (when (and (= type :ok) (vector? value)) (nth value at nil)))
             :time time}
      error (assoc :error error))))

(defn register
  "What was asked of and answered about one block, as a register whose first value is 0: a write's value is its tag, zeros are 0."
  [history block block-size]
  (let [mine (filterv (partial touches? block block-size) history)
        written (into {} (comp (filter (comp #{:invoke} :type)) (map (juxt :process :value))) mine)]
    (->> mine
         (mapv (fn [operation] (of-block block block-size operation (get written (:process operation)))))
         with-processes
         (mapv (fn [operation] (dissoc operation :tag)))
         indexed)))

(defn- line [operation]
  (let [order [:process :type :f :value :index :time]]
    (str "{" (string/join ", " (map (fn [k] (str k " " (pr-str (get operation k))))
                                    (concat order (sort (remove (set order) (keys operation))))))
         "}")))

(defn edn-text [history] (str "[" (string/join "\n " (map line history)) "]"))

(defn- table-line [{:keys [time process type f value offset length error]}]
  (str (format "%12.6f s  %4d  %-7s %-6s" (/ (double time) 1e9) process type f)
       (if offset (format " %8d + %-6d" offset length) (if (= f :flush) (format " %17s" "") ""))
       " " (if (nil? value) "" (pr-str value))
       (if error (str "  " error) "")))

(defn table-text [history] (string/join "\n" (map table-line history)))

(defn shown
  "A run's history as text: all of it, or, unless it is below 0, of the block at that offset; a table or EDN."
  ^String [file text block-size block format]
  (let [history (read-history file text)
        of-one (if (<= 0 (long block)) (register history block block-size) (with-processes history))]
    (when (and (<= 0 (long block)) (empty? of-one))
      (throw (WrongInput. (str "no operation of this run touches the block at " block
                               (when-let [offsets (seq (distinct (keep :offset history)))]
                                 (str "; touched are, for one, " (string/join ", " (take 5 (sort offsets)))))))))
    (case format
      "edn" (edn-text of-one)
      (table-text of-one))))
