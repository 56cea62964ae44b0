(ns dst.harness.checker
  "Whether a run's history is right, in Jepsen's shape: a checker answers a map with :valid? true, false or :unknown, and a :message
  for people. Unknown is not a pass. A function of test and history is a checker, too. The history is a vector of maps with
  :index :time :process :type :f :value, and :offset :length :tag of the operation; :block-size and :size stand in the test."
  (:require [clojure.string :as string]
            [dst.harness.generator :as g]
            [dst.scenarios.edn.quantity :as quantity])
  (:import (clojure.lang Fn)))

(set! *warn-on-reflection* true)

(defprotocol Checker
  (check [checker test history options]))

(extend-protocol Checker
  nil
  (check [_ _ _ _] {:valid? true})

  Fn
  (check [f test history _] (f test history)))

(def ^:private severity {true 0, :unknown 1, false 2})

(defn merge-valid
  "The worst of these: false before :unknown before true."
  [verdicts]
  (reduce (fn [worst verdict]
            (if (< (long (severity worst)) (long (severity verdict 1))) (if (contains? severity verdict) verdict :unknown) worst))
          true
          verdicts))

(defn- place-of
  "Where in a file that was read by dst something was thrown, as text; empty if it was not there."
  [^Throwable thrown]
  (if-let [^StackTraceElement frame (first (filter (fn [^StackTraceElement frame] (string/starts-with? (.getClassName frame) "dst.mine."))
                                                   (.getStackTrace thrown)))]
    (str " (line " (.getLineNumber frame) ")")
    ""))

(defn check-safe
  "As check; a checker that throws, or answers what is no verdict, leaves it :unknown."
  [checker test history options]
  (try
    (let [result (check checker test history options)]
      (if (and (map? result) (contains? severity (:valid? result)))
        result
        {:valid? :unknown
         :message (str "it answered " (pr-str result) " and not a map with :valid? true, false or :unknown")}))
    (catch Exception thrown
      {:valid? :unknown, :message (str "it threw: " (or (ex-message thrown) (.getSimpleName (class thrown))) (place-of thrown))})
    (catch StackOverflowError _
      {:valid? :unknown, :message "it threw: it calls itself without an end"})))

(defrecord ^:private Composed [checkers]
  Checker
  (check [_ test history options]
    (let [results (update-vals checkers (fn [checker] (check-safe checker test history options)))]
      (assoc results :valid? (merge-valid (map :valid? (vals results)))))))

(defn compose "Several checkers by name, as one: as valid as the worst of them." [checkers] (->Composed checkers))

(defn failures
  "What of a result is not valid, each with the name of its checker."
  [checker-name {:keys [valid?] :as result}]
  (when-not (true? valid?)
    (let [parts (filter (fn [[_ part]] (and (map? part) (contains? part :valid?))) (sort-by (comp str key) result))]
      (if (seq parts)
        (mapcat (fn [[part-name part]] (failures (if (keyword? part-name) (name part-name) (str part-name)) part)) parts)
        [(assoc result :checker checker-name)]))))

;; Checkers for every day.

(def unbridled-optimism "Everything is right." (fn [_ _] {:valid? true}))

(defn- completions
  "Each operation with what it came to, as [invocation completion]."
  [history]
  (let [ended (into {} (comp (remove (comp #{:invoke} :type)) (map (juxt :tag identity))) history)]
    (map (fn [invoked] [invoked (get ended (:tag invoked))]) (filter (comp #{:invoke} :type) history))))

(defn stats
  "Of each kind of operation that was asked for, at least one has to be :ok."
  []
  (fn [_ history]
    (let [counts (update-vals (group-by :f (remove (comp #{:invoke} :type) history)) (comp frequencies (partial map :type)))
          never (sort (keep (fn [[f types]] (when-not (:ok types) f)) counts))]
      (cond-> {:valid? (empty? never), :counts counts}
        (seq never) (assoc :message (str "of all operations " (string/join " and " never) " none came to an end well"))))))

(defn latency
  "No operation takes longer than this until it is told what it came to."
  [longest]
  (let [nanos (g/nanos longest)]
    (fn [_ history]
      (if-let [[invoked ended] (first (filter (fn [[invoked ended]] (and ended (< nanos (- (long (:time ended)) (long (:time invoked))))))
                                              (completions history)))]
        {:valid? false, :op ended
         :message (str "operation " (:tag invoked) " (" (name (:f invoked)) ") took "
                       (quantity/duration-text (- (long (:time ended)) (long (:time invoked))))
                       ", longer than " (quantity/duration-text nanos))}
        {:valid? true}))))

(defn all-ok
  "Every operation of these kinds, or of all, is :ok."
  ([] (all-ok #{:read :write :flush :trim :zero}))
  ([fs]
   (fn [_ history]
     (if-let [bad (first (filter (fn [{:keys [type f]}] (and (fs f) (#{:fail :info} type))) history))]
       {:valid? false, :op bad
        :message (str "operation " (:tag bad) " (" (name (:f bad)) ") came to " (:type bad)
                      (when-let [error (:error bad)] (str ": " (if (keyword? error) (name error) error))))}
       {:valid? true}))))
