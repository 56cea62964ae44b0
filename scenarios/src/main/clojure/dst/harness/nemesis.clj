(ns dst.harness.nemesis
  "What goes wrong in a run, in the shape of what it is asked to do: a nemesis is a generator of faults, each a map such as
  {:fault :power-cut} with the parameters that a scenario's file may give it. A fault without :at strikes when its turn comes; one
  with :at, :at-message, :at-disk-write or :at-record strikes then. What is said here goes into :faults, or side by side with the
  workload: (g/any workload nemesis)."
  (:require [dst.harness.generator :as g]
            [dst.scenarios.edn.fault :as fault]
            [dst.scenarios.edn.shape :as shape])
  (:import (dst.protocol Prng)))

(set! *warn-on-reflection* true)

(defn fault
  "One fault, with parameters: (fault :crash :node :client)."
  [kind & {:as parameters}]
  (when-not (contains? fault/kinds kind)
    (throw (IllegalArgumentException. (str "there is no fault " kind (shape/did-you-mean kind (keys fault/kinds))))))
  (assoc parameters :fault kind))

(defn after
  "These, but not before so long after the beginning."
  [amount generator]
  [{:type :sleep, :process :nemesis, :value (g/nanos amount)} generator])

(defn every
  "Faults about so far apart, for ever: the generator's first one over and over. The healing ends it."
  [interval generator]
  (after interval (g/stagger interval (g/repeat generator))))

(defn one-of
  "One of these faults, by the seed, each time that it is asked."
  [faults]
  (fn [_ context] (g/pick context faults)))

(defrecord ^:private Swarm [n generators]
  g/Generator
  (op [_ test context]
    ;; Who takes part holds for the whole run, whoever is asked when.
    (let [chosen (g/shuffled {:chance (.split ^Prng (:root test) "swarm of generators")} generators)]
      (g/op (apply g/any (take n chosen)) test context))))

(defn swarm
  "Of these generators so many, by the seed, side by side: what is rare together occurs."
  [n generators]
  (->Swarm n generators))
