(ns dst.scenarios.library.program
  "A scenario that was computed: a map as a file of the library has it, in which :workload may be a generator, :faults a generator of
  faults, and :checker what the run's history has to pass."
  (:require [clojure.string :as string]
            [dst.harness.checker :as checker]
            [dst.harness.history :as history]
            [dst.scenarios.edn.choice :as choice]
            [dst.scenarios.edn.fault :as fault]
            [dst.scenarios.edn.scenario :as scenario]
            [dst.scenarios.edn.shape :as shape]
            [dst.scenarios.library.draw :as draw]
            [dst.scenarios.library.source :as source])
  (:import (dst.protocol Device Finding Rule Sentence Side)
           (dst.protocol.fault Fault)
           (dst.scenarios.cli WrongInput)
           (dst.scenarios.library HistoryChecker HistoryChecker$Checked ProgramThread)
           (dst.sim Plan Plan$DiskPlan Plan$ExportPlan Plan$NodePlan)
           (java.util Optional)))

(set! *warn-on-reflection* true)

(def ^:private concurrency-default 4)

(defn- generates?
  "Whether a :workload is a generator, and not what a file of EDN may say."
  [workload]
  (not (or (nil? workload) (keyword? workload)
           (and (map? workload) (not (record? workload)) (not (contains? workload :f)) (not (contains? workload :fault))))))

(defn- lines?
  "Whether :faults are the lines of a file of EDN."
  [faults]
  (and (vector? faults) (every? map? faults) (not-any? record? faults)))

(defn- only-last-reads! [ctx workload]
  (doseq [k (keys (dissoc workload :generator :last-reads))]
    (shape/problem! ctx [:workload k] "beside a :generator only :last-reads counts")))

(defn- parts
  "The map without what only a program can say, and that."
  [ctx said]
  (let [{:keys [workload faults concurrency checker]} said
        inside (when (and (map? workload) (not (record? workload)) (contains? workload :generator)) (:generator workload))
        generator (or inside (when (generates? workload) workload))
        nemesis (when-not (lines? faults) faults)]
    (when inside (only-last-reads! ctx workload))
    (when (and concurrency (not generator))
      (shape/problem! ctx [:concurrency] "is for a generator in :workload; else say :chains in it"))
    (when-not (or (nil? checker) (map? checker) (fn? checker) (satisfies? checker/Checker checker))
      (shape/problem! ctx [:checker] "a function of test and history, a map of such by name, or a Checker" checker))
    {:said (cond-> (dissoc said :concurrency :checker)
             (and generator (not inside)) (dissoc :workload)
             inside (update :workload dissoc :generator)
             nemesis (dissoc :faults))
     :generator generator
     :nemesis nemesis
     :concurrency ((choice/choice (shape/whole 1 64)) ctx [:concurrency] (or concurrency concurrency-default))
     :checker (if (and (map? checker) (not (record? checker))) (checker/compose checker) checker)}))

(defn- parsed [scenario-name file defaults text value]
  (when-not (and (map? value) (not (record? value)))
    (throw (WrongInput. (str file ": its last value has to be a map such as {:doc \"...\" :workload (g/limit 50 (w/journal))}, and is "
                             (let [shown (pr-str value)] (if (< 60 (count shown)) (str (subs shown 0 57) "...") shown))))))
  (let [ctx (shape/context file (partial source/line-of text))
        {:keys [said] :as parts} (parts ctx value)]
    (merge (scenario/parse-value ctx scenario-name defaults said)
           (dissoc parts :said)
           {:file file, :line-of (partial source/line-of text)})))

(defn- on-own-thread
  "What the file's own code computes: said where it is if it comes to no end, and given up."
  [file f]
  (ProgramThread/call (str file) f))

(defn- reading
  "One reading of the file: the scenario, and how it is drawn."
  [scenario-name file defaults text]
  (let [{:keys [value failed]} (on-own-thread file (fn [] (source/read-clj file text)))
        parsed (parsed scenario-name file defaults text value)
        draw (draw/drawer parsed)]
    {:parsed parsed
     :draw (fn [seed]
             (try
               (on-own-thread file (fn [] (draw seed)))
               (catch WrongInput e (throw (if (string/starts-with? (ex-message e) (str file ": ")) e (failed e))))
               (catch Exception e (throw (failed e)))
               (catch StackOverflowError e (throw (failed e)))))}))

(defn- steady!
  "Two readings, asked in different orders, have to agree: else something in the file changes by itself."
  [file one other]
  (let [[a b] (mapv one [1 2])
        [b' a'] (mapv other [2 1])]
    (when-not (and (= a a') (= b b'))
      (throw (WrongInput. (str file ": the same seed gave two different plans, so no run could be seen again: something in it changes by"
                               " itself, such as a clock, an atom, or a lazy sequence of drawn values; draw in a function of"
                               " test and context, with (g/below context 10)"))))))

(defn- symbol-text [text]
  (let [plain (string/replace (str text) #"[^A-Za-z0-9._+-]" "-")] (if (string/blank? plain) "checker" plain)))

(defn- checked ^HistoryChecker$Checked [file checker ^Plan plan history]
  (let [^Device device (.device ^Plan$ExportPlan (first (.exports ^Plan$DiskPlan (first (.disks plan)))))
        test {:name (.scenario plan), :seed (.seed plan), :block-size (.blockSize plan), :size (.size device)
              :blocks (quot (.size device) (.blockSize plan)), :clients (count (filter seq (map Plan$NodePlan/.ways (.nodes plan)))), :heal (.healAt plan)}
        history (history/with-processes (history/read-history "history.edn" history))
        result (try
                 (on-own-thread file (fn [] (checker/check-safe checker test history {})))
                 (catch WrongInput e {:valid? :unknown, :message (ex-message e)}))
        wrong (checker/failures "checker" result)
        words (fn [{:keys [message error] :as result}]
                (or message (when error (str error)) (str "it answered " (pr-str (dissoc result :checker)))))
        at (fn [{:keys [op at]}] (long (or at (:time op) (:time (peek history)) 0)))]
    (HistoryChecker$Checked.
     (mapv (fn [result] (Finding. (Rule/named (symbol-text (:checker result))) Side/OPEN (at result) (Sentence/of (object-array [(str (words result))]))))
           (filter (comp false? :valid?) wrong))
     (Optional/ofNullable (first (keep (fn [result]
                                         (when-not (false? (:valid? result))
                                           (str "the checker " (symbol-text (:checker result)) " could not judge: " (words result))))
                                       wrong))))))

(def ^:private looked-at
  "In the plans of so many seeds it is seen which faults a generator asks for."
  20)

(defn read-scenario
  "The scenario in a program's text: :parsed, :draw, the names of its :faults, and its :checker or nil."
  [scenario-name file defaults text]
  (let [{:keys [parsed draw]} (reading scenario-name file defaults text)
        {:keys [checker]} parsed]
    (steady! file draw (:draw (reading scenario-name file defaults text)))
    {:parsed parsed
     :draw draw
     :faults (into (set (map (comp name :name) (:faults parsed)))
                   (when (or (:nemesis parsed) (:generator parsed))
                     (for [seed (range 1 looked-at), ^Fault strike (.faults ^Plan (draw seed))] (fault/kind-name (.strike strike)))))
     :checker (when checker
                (reify HistoryChecker
                  (check [_ plan history] (checked file checker plan history))
                  (source [_] text)))}))
