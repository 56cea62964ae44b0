(ns dst.scenarios.library.beginning
  "What a new scenario's file says: it works, and shows what can be changed."
  (:require [clojure.string :as string]))

(set! *warn-on-reflection* true)

(def ^:private edn "{:doc \"NAME: the server loses power while a client writes. Whatever was flushed has to be there afterwards.\"

 ;; What a scenario does not say is as library/defaults.edn has it; that file explains every key.
 ;; What the seed chooses is written as [:one-of a b c] or [:between low high].

 ;; What the client does. A :shape is a workload by name: :registers :overlapping :hot-block :streams :flush-heavy :odd :journal
 ;; :read-mostly :trim-and-zero. All else changes single habits of it.
 :workload {:shape :registers, :operations [:between 40 80], :fua 20}

 ;; What goes wrong, and how often; at a time that the seed chooses, unless it says :at.
 :faults [{:fault :power-cut, :times [:between 1 2]}
          {:fault :delay, :times [:between 0 2]}]

 ;; What must come of it: :holds, or {:broken D1 :by :disk}.
 :expect :holds}
")

(def ^:private clj ";; g: generators, w: workloads, n: faults, c: checkers; see docs/HARNESS.md. Nothing here may change by itself: chance comes from the
;; context, with (g/below context 10), (g/pick context [...]) and so on, so that a seed can be run again.

(defn overwrite
  \"One write somewhere in the first blocks, then a read of the same place.\"
  [_ context]
  (let [block (g/below context 8)]
    [{:f :write, :block block, :durable (g/chance? context 20)}
     {:f :read, :block block}]))

{:doc \"NAME: overwrites and their reads, then a file system's journal, while the server loses power.\"

 ;; So many threads, each with one operation open at a time.
 :concurrency 4

 :workload (g/phases
            (g/limit 30 (g/stagger \"2 ms\" overwrite))
            (g/limit 40 (w/journal)))

 :faults (n/every \"100 ms\" (n/one-of [(n/fault :power-cut) (n/fault :cut)]))

 ;; Beside what dst judges in every run. A checker is a function of test and history.
 :checker {:in-time (c/latency \"2 s\")
           :some-read (fn [_ history]
                        {:valid? (boolean (some (fn [operation] (and (= :read (:f operation)) (= :ok (:type operation)))) history))
                         :message \"nothing was ever read\"})}}
")

(defn text ^String [scenario-name as-program]
  (string/replace (if as-program clj edn) "NAME" scenario-name))
