(ns dst.harness.workload
  "Workloads by name. Those that only draw differently stand in dst.scenarios.edn.workload as habits; those in which one operation depends
  on another are generators. All of them are generators here."
  (:require [dst.harness.generator :as g]
            [dst.scenarios.edn.choice :as choice]
            [dst.scenarios.edn.scenario :as scenario]
            [dst.scenarios.edn.shape :as shape]
            [dst.scenarios.edn.workload :as workload])
  (:import (dst.protocol Device Kind Prng)
           (dst.scenarios.cli WrongInput)
           (java.util List)))

(set! *warn-on-reflection* true)

(defn- host-of [test thread] (nth (:clients test) (g/client-of test thread)))

(defn- part-of
  "The blocks of the device that are a thread's own, as [first count]: an equal part for each, or all of them if there are too few."
  [test thread ^long least]
  (let [{:keys [^Device device]} (host-of test thread)
        blocks (quot (.size device) (.blockSize device))
        threads (filterv int? (:threads test))
        each (quot blocks (count threads))]
    (if (< each least) [0 blocks] [(* each (.indexOf ^List threads thread)) each])))

(defn- blocks-max ^long [test thread]
  (let [{:keys [^Device device largest]} (host-of test thread)]
    (quot (long largest) (.blockSize device))))

;; One thread after another thread's pattern is of no use: each has a copy, and its own part of the device.

(defrecord ^:private Random [habits]
  g/Generator
  (op [_ test {:keys [free ^Prng chance] :as context}]
    (let [thread (first (filter int? free))]
      (if (nil? thread)
        [:pending (->Random habits)]
        (let [thread (g/pick context (filterv int? free))
              {:keys [^Device device largest]} (host-of test thread)]
          (g/op [(assoc (workload/random-operation habits chance (:seed test) device (.split ^Prng (:root test) "workload") largest)
                        :process thread)
                 (->Random habits)]
                test context))))))

(defn random
  "Operations drawn as a scenario's :workload says (:mix :fua :bad :blocks :hot :hot-share), for ever."
  ([] (random {}))
  ([options] (->Random (workload/habits (scenario/habits "the options of a workload" options)))))

(defrecord ^:private Stream [^long position writing]
  g/Generator
  (op [_ test {:keys [free] :as context}]
    (let [thread (first free)
          [start blocks] (part-of test thread 2)
          n (min (g/between context 1 4) (blocks-max test thread) (- (long blocks) position))
          over (= (long blocks) (+ position n))]
      (g/op [{:f (if writing :write :read), :block (+ (long start) position), :blocks n}
             (->Stream (if over 0 (+ position n)) (if over (not writing) writing))]
            test context))))

(defn streams
  "Each thread writes its part of the device from its beginning to its end, reads it in the same way, and begins anew."
  []
  (g/each-thread (->Stream 0 true)))

(defn- commit
  "What makes a transaction durable: the journal's blocks are flushed before its commit record is written, and that is
  durable before anything is written in place."
  [^long block by-fua]
  (if by-fua
    [{:f :flush} {:f :write, :block block, :durable true}]
    [{:f :flush} {:f :write, :block block} {:f :flush}]))

(defrecord ^:private Journal [^long head fua]
  g/Generator
  (op [_ test {:keys [free] :as context}]
    (let [thread (first free)
          [start blocks] (part-of test thread 8)
          log (max 2 (quot (long blocks) 4))
          home (- (long blocks) log)
          n (g/between context 1 (min 4 (dec log) home))
          at (fn [i] (+ (long start) (long (rem (+ head (long i)) log))))
          places (take n (g/shuffled context (range home)))
          by-fua (.chance ^Prng (:chance context) (choice/pick fua (:chance context) (:seed test)) 100)]
      (g/op [(for [i (range n)] {:f :write, :block (at i)})
             (commit (at n) by-fua)
             (for [place places] {:f :write, :block (+ (long start) log (long place))})
             (when (g/chance? context 30) {:f :read, :block (+ (long start) log (long (first places)))})
             (->Journal (rem (+ head n 1) log) fua)]
            test context))))

(defn- journal-by [{:keys [fua]}] (g/each-thread (->Journal 0 fua)))

(defn journal
  "What a file system does, on each thread for itself: blocks into the journal, a flush, the commit record (FUA, or with
  a flush after it), and only then the same blocks in their places."
  ([] (journal {}))
  ([options] (journal-by (scenario/habits "the options of a journal" (merge {:shape :journal} options)))))

(defn- crooked
  "Not whole blocks: it has to be refused, without a trace."
  [test context]
  (let [{:keys [^Device device]} (first (:clients test))
        block (.blockSize device)
        offset (* block (g/below context (dec (quot (.size device) block))))]
    {:f (g/pick context [:read :write :zero])
     :bad true
     :offset (+ offset (g/below context block))
     :length (g/between context 1 (dec block))}))

(defn- odd-by [habits]
  (let [whole (->Random habits)]
    (g/mix [whole whole whole crooked])))

(defn odd
  "Lengths that fit into nothing, beyond the end or too large, and now and then not even whole blocks."
  ([] (odd {}))
  ([options] (odd-by (workload/habits (scenario/habits "the options of a workload" (merge {:shape :odd} options))))))

(defn generator-of
  "The generator of a workload that more than habits make, or nil."
  [{:keys [shape] :as habits}]
  (case shape
    :streams (streams)
    :journal (journal-by habits)
    :odd (odd-by habits)
    nil))

(defrecord ^:private Paused [draw generator]
  g/Generator
  (op [_ test context]
    (when-let [[operation more] (g/op generator test context)]
      [(if (= :pending operation) operation (assoc operation :pause (draw context))) (->Paused draw more)])))

(defn paused
  "Each operation so long after the one before it on its thread has settled: the function says how long, given the context."
  [draw generator]
  (->Paused draw generator))

(defn shape
  "A workload by the name that a scenario gives it, for ever."
  ([shape-name] (shape shape-name {}))
  ([shape-name options]
   (when-not (contains? workload/shapes shape-name)
     (throw (WrongInput. (str "there is no workload " shape-name (shape/did-you-mean shape-name (keys workload/shapes))))))
   (case shape-name
     :streams (streams)
     :journal (journal options)
     :odd (odd options)
     (random (assoc options :shape shape-name)))))
