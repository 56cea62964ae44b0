(ns dst.harness.register
  "What Knossos asks of a history, and what it answers for a register: as its own source reads a history, with nothing of dst."
  (:require [clojure.edn :as edn]))

(set! *warn-on-reflection* true)

(defn- shape-problem
  "The first reason for which the history could not be read."
  [history]
  (loop [[{:keys [process type f value index time] :as operation} & more] history, open {}, dead #{}, last-index -1]
    (when operation
      (let [begun (get open process)]
        (cond
          (not (and (int? process) (int? time) (#{:read :write} f))) (str "not an operation: " operation)
          (not (< (long last-index) (long index))) (str "the index does not rise at " operation)
          (contains? dead process) (str "a process that ended as :info goes on: " operation)
          (= type :invoke) (if begun
                             (str "a process has two operations open: " operation)
                             (recur more (assoc open process operation) dead index))
          (nil? begun) (str "an end without a beginning: " operation)
          (not= f (:f begun)) (str "another :f than at its beginning: " operation)
          (and (#{:ok :fail} type) (= f :write) (not= value (:value begun))) (str "another value than at its beginning: " operation)
          (and (= type :fail) (not= value (:value begun))) (str "a failed operation has another value: " operation)
          (= type :info) (recur more (dissoc open process) (conj dead process) index)
          (#{:ok :fail} type) (recur more (dissoc open process) dead index)
          :else (str "not a type: " operation))))))

(defn- calls
  "Each operation that may have happened, as {:from :to :f :value}; one of which nobody knows the end never ends."
  [history]
  (loop [[{:keys [process type f value index]} & more] history, open {}, done []]
    (case type
      nil (into done (vals open))
      :invoke (recur more (assoc open process {:from index, :to Long/MAX_VALUE, :f f, :value value}) done)
      :ok (recur more (dissoc open process) (conj done (assoc (get open process) :to index, :value value)))
      :fail (recur more (dissoc open process) done)
      :info (recur more (dissoc open process) (if (= f :write) (conj done (get open process)) done)))))

(defn- linearizable?
  "Whether there is an order of the calls, each between its beginning and its end, in which each read reads what was written last."
  [calls]
  (let [calls (vec (sort-by :from calls))
        seen (volatile! #{})]
    (letfn [(go [done value]
              (let [left (remove (fn [i] (contains? done i)) (range (count calls)))
                    must (filter (fn [i] (< (long (:to (nth calls i))) Long/MAX_VALUE)) left)]
                (cond (empty? must) true
                      (contains? @seen [done value]) false
                      :else (do (vswap! seen conj [done value])
                                (let [first-end (long (apply min (map (fn [i] (:to (nth calls i))) must)))]
                                  (some (fn [i]
                                          (let [{:keys [from f] written :value} (nth calls i)]
                                            (when (< (long from) first-end)
                                              (if (= f :write)
                                                (go (conj done i) written)
                                                (when (= written value) (go (conj done i) value))))))
                                        left))))))]
      (boolean (go #{} 0)))))

(defn judged
  "\"linearizable\", \"not linearizable\", or why the text is no history."
  ^String [text]
  (let [history (edn/read-string text)]
    (or (shape-problem history)
        (if (linearizable? (calls history)) "linearizable" "not linearizable"))))
