(ns dst.harness.schedule
  "Asks a generator for all that it has, and makes it explicit: which operation follows which, and when. A thread's operation follows
  the one before it on that thread, so that it has one open at a time whatever happens in the run; when things are expected to be
  over is an estimate of the undisturbed run, and only decides what comes in which order and with which pauses."
  (:require [dst.harness.generator :as g]
            [dst.scenarios.edn.fault :as fault]
            [dst.scenarios.edn.shape :as shape])
  (:import (dst.protocol Device Kind Prng)
           (dst.sim Plan$OperationPlan)
           (java.util ArrayList)))

(set! *warn-on-reflection* true)

(def ^:private asked-max
  "A generator that has more has no end."
  10000)

(def ^:private kinds (fault/words (Kind/values)))

(def ^:private known
  [:f :type :process :time :client :block :blocks :offset :length :durable :bad :name :after :pause :value])

(defn- wrong
  "The token is what to look for where it was written."
  ([words operation] (wrong words operation nil))
  ([words operation token]
   (throw (ex-info (str words ", in the operation " (pr-str (dissoc operation :type :process :time))) {:token token}))))

(defn- said
  "The place as it may stand in a file."
  [operation]
  (some (fn [k] (when (contains? operation k) (str k " " (get operation k)))) [:block :offset]))

(defn- number [operation k ^long least]
  (let [value (get operation k)]
    (if (and (int? value) (<= least (long value)))
      (long value)
      (wrong (str k ": expected a whole number from " least ", got " (pr-str value)) operation (str k " " (pr-str value))))))

(defn- extent
  "Where an operation begins and how long it is, in bytes."
  [operation ^Device device]
  (let [block (.blockSize device)
        offset (cond (contains? operation :offset) (number operation :offset 0)
                     (contains? operation :block) (* block (long (number operation :block 0)))
                     :else (wrong "expected :block (its number) or :offset (in bytes)" operation))
        length (cond (contains? operation :length) (number operation :length 1)
                     (contains? operation :blocks) (* block (long (number operation :blocks 1)))
                     :else block)]
    [offset length]))

(defn- checked
  "The kind, offset and length of an operation that is possible, or that says of itself that it is :bad."
  [{:keys [f bad] :as operation} {:keys [^Device device largest]}]
  (doseq [k (keys operation) :when (not-any? #{k} known)]
    (wrong (str k ": there is no such key" (shape/did-you-mean k known)) operation k))
  (let [kind (or (get kinds f) (wrong (str ":f: there is no " (pr-str f) (if (keyword? f) (shape/did-you-mean f (keys kinds)) "")) operation f))
        [offset length] (if (= kind Kind/FLUSH) [0 0] (extent operation device))
        offset (long offset)
        length (long length)
        block (.blockSize device)]
    (when-not bad
      (when-not (and (zero? (rem offset block)) (zero? (rem length block)))
        (wrong (str "expected whole blocks of " block " bytes; if it is to be refused, say :bad true") operation (said operation)))
      (when (< (.size device) (+ offset length))
        (wrong (str "it ends beyond the device of " (.size device) " bytes; if it is to be refused, say :bad true") operation (said operation)))
      (when (< (long largest) length)
        (wrong (str "it is larger than the largest transfer of " largest " bytes; if it is to be refused, say :bad true") operation (said operation))))
    (when (and (:durable operation) (not (.leavesContent ^Kind kind)))
      (wrong ":durable: only of what leaves content, :write and :zero" operation))
    [kind offset length]))

(defn- expected
  "How long it takes if nothing happens, about."
  ^long [{:keys [latency flush]} f]
  (long (if (= f :flush) flush latency)))

(defn- pause-of ^long [{:keys [pause]}] (if pause (g/moment pause) 0))

(defn- wake
  "When the next busy thread is expected to come free, or nil."
  [busy ^long now]
  (let [later (filter (fn [^long end] (< now end)) (vals busy))]
    (when (seq later) (long (apply min later)))))

(defn ask
  "All operations of a generator, in the order of their time, each with its :process and :time; and what sleeps is gone. It ends
  with the first one that comes at :until, if the test says so."
  [generator {:keys [threads until] :as test} ^Prng root purpose]
  (let [base (.next (.split root purpose))]
    (loop [generator generator, now 0, busy {}, asked 0, done []]
      (when (< (long asked-max) asked)
        (throw (IllegalArgumentException.
                (str "after " asked-max " operations it still goes on: end it with (g/limit n ...) or (g/time-limit \"400 ms\" ...)"))))
      (let [free (filterv (fn [thread] (<= (long (get busy thread 0)) (long now))) threads)
            ;; Each operation has luck of its own.
            context {:time now, :threads threads, :free free, :chance (Prng. (Prng/hash base (inc asked) 0 0))}
            wakes (wake busy now)
            [operation more :as answer] (g/op generator test context)]
        (cond
          (nil? answer) done

          (= :pending operation)
          (if wakes
            (recur generator (long wakes) busy asked done)
            (throw (IllegalArgumentException. "it waits for a thread that never comes free")))

          (and until (<= (long until) (long (:time operation)))) done

          ;; By then another thread may have something that comes first.
          (and wakes (< (long wakes) (long (:time operation))))
          (recur generator (long wakes) busy asked done)

          :else
          (let [at (long (:time operation))
                {:keys [process type f]} operation
                end (case type
                      :sleep (+ at (long (:value operation)))
                      :invoke (if (contains? operation :fault) at (+ at (pause-of operation) (expected test f)))
                      (wrong (str ":type: expected :invoke, got " (pr-str type)) operation))]
            (recur more at (assoc busy process end) (inc asked)
                   (if (= type :sleep) done (conj done operation)))))))))

(defn- follows
  "After which operation it comes, and how long after: by its :after, by its thread, or at a time."
  [{:keys [after process] :as operation} named last-of]
  (if-let [[tag end] (if (contains? operation :after)
                       (or (get named after) (wrong (str ":after: no operation before it has the :name " (pr-str after)) operation))
                       (get last-of process))]
    [tag (+ (pause-of operation)
            (if (contains? operation :after) 0 (max 0 (- (long (:time operation)) (long end)))))]
    [Plan$OperationPlan/NOTHING (+ (long (:time operation)) (pause-of operation))]))

(defn- last-reads!
  "When everything has healed, each block that was touched is read once more."
  [^ArrayList drawn touched {:keys [^Device device largest node]} heal]
  (let [block (.blockSize device)
        most (max 1 (min 4 (quot (long largest) block)))
        add! (fn [^long from ^long blocks]
               (.add drawn (Plan$OperationPlan. (inc (.size drawn)) node (long heal) Plan$OperationPlan/NOTHING
                                                Kind/READ (* block from) (int (* block blocks)) false)))]
    (loop [from nil, n 0, left (sort touched)]
      (let [next-block (first left)]
        (cond (nil? next-block) (when from (add! from n))
              (and from (= next-block (+ (long from) n)) (< n (long most))) (recur from (inc n) (rest left))
              :else (do (when from (add! from n))
                        (recur next-block 1 (rest left))))))))

(defn operations!
  "Adds to the plan's operations what the generator asks for; answers the faults among it, each a map with its :time. Tags go on from
  those that are there."
  [^ArrayList drawn generator test root purpose]
  (let [all (ask generator test root purpose)
        before (.size drawn)
        {strikes true, asked false} (group-by (fn [operation] (contains? operation :fault)) all)
        touched (volatile! {})]
    (reduce
     (fn [[named last-of] {:keys [process f] :as operation}]
       (let [client (or (g/client-of test process) (wrong "only a fault is for the nemesis" operation))
             {:keys [^Device device] :as host} (nth (:clients test) client)
             [^Kind kind offset length] (checked operation host)
             [after at] (follows operation named last-of)
             tag (inc (.size drawn))
             end (+ (long (:time operation)) (pause-of operation) (expected test f))
             block (.blockSize device)]
         (.add drawn (Plan$OperationPlan. tag (:node host) (if (= after Plan$OperationPlan/NOTHING) (+ (long (:starts host)) (long at)) at)
                                          (long after) kind offset (int length) (boolean (:durable operation))))
         (when (and (not (:bad operation)) (pos? (long length)))
           (vswap! touched update client (fnil into #{}) (range (quot (long offset) block) (quot (+ (long offset) (long length)) block))))
         [(cond-> named (contains? operation :name) (assoc (:name operation) [tag end]))
          (assoc last-of process [tag end])]))
     [{} {}]
     asked)
    (when (and (= before (.size drawn)) (empty? strikes))
      (throw (IllegalArgumentException. "the generator has no operation at all")))
    (when (:last-reads test)
      (doseq [[client blocks] (sort-by key @touched)]
        (last-reads! drawn blocks (nth (:clients test) client) (:heal test))))
    strikes))
