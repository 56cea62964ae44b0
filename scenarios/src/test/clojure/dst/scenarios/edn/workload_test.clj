(ns dst.scenarios.edn.workload-test
  (:require [clojure.java.io :as io]
            [clojure.string :as string]
            [clojure.test :refer [deftest is testing]]
            [dst.scenarios.edn.scenario :as scenario]
            [dst.scenarios.edn.shape :as shape]
            [dst.scenarios.library.draw :as draw])
  (:import (dst.protocol Kind)
           (dst.scenarios.cli WrongInput)
           (dst.sim Plan Plan$OperationPlan)))

(set! *warn-on-reflection* true)

(def ^:private defaults (slurp (io/resource "library/defaults.edn")))

(def ^:private usual
  {:operations 40, :chains 4, :pause "1 ms", :open 50, :over "100 ms", :mix {:read 1 :write 1 :flush 1}, :fua 0, :bad 0, :blocks 1, :hot 8
   :hot-share 0, :last-reads false})

(defn- operations
  "What clients with that workload are asked to do."
  [workload]
  (let [said {:doc "x", :workload workload}
        ^Plan plan ((draw/drawer (scenario/parse-value (shape/context "mine.edn") "mine" defaults said)) 1)]
    (vec (.operations plan))))

(defn- all? [asks? operations] (and (seq operations) (every? asks? operations)))
(defn- flush? [^Plan$OperationPlan one] (= Kind/FLUSH (.kind one)))
(defn- free? [^Plan$OperationPlan one] (zero? (.after one)))
(defn- at [^Plan$OperationPlan one] (.at one))
(defn- places [operations] (distinct (map (fn [^Plan$OperationPlan one] (.offset one)) (remove flush? operations))))

(def ^:private keys-of-workload
  "For each key: what it says, over what else, and what is so of the operations then and only then."
  {:shape      [:hot-block {} (fn [drawn] (= 1 (count (places drawn))))]
   :operations [3 {} (fn [drawn] (= 3 (count drawn)))]
   :chains     [0 {:open 0} (partial all? free?)]
   :pause      ["7 ms" {} (fn [drawn] (all? (fn [one] (= 7000000 (at one))) (remove free? drawn)))]
   :open       [100 {} (partial all? free?)]
   :over       ["0 ms" {} (fn [drawn] (all? (comp zero? at) (filter free? drawn)))]
   :mix        [{:flush 1} {} (partial all? flush?)]
   :fua        [100 {} (fn [drawn] (all? (fn [^Plan$OperationPlan one] (.durable one))
                                         (filter (fn [^Plan$OperationPlan one] (.leavesContent (.kind one))) drawn)))]
   :bad        [100 {} (partial all? (fn [^Plan$OperationPlan one]
                                       (or (< 65536 (+ (.offset one) (.length one))) (< 65536 (.length one)))))]
   :blocks     [3 {} (fn [drawn] (all? (fn [^Plan$OperationPlan one] (= 1536 (.length one))) (remove flush? drawn)))]
   :hot        [1 {:hot-share 100} (fn [drawn] (= 1 (count (places drawn))))]
   :hot-share  [100 {} (fn [drawn] (<= (count (places drawn)) 8))]
   :last-reads [true {} (fn [drawn] (all? (fn [^Plan$OperationPlan one] (= Kind/READ (.kind one))) (drop 40 drawn)))]})

(def ^:private known (map first @#'scenario/workload-fields))

(deftest each-key-of-a-workload-makes-its-difference
  (is (= (set known) (set (keys keys-of-workload))) "a key that nobody tests")
  (doseq [[k [value over holds?]] keys-of-workload
          :let [before (merge usual over)]]
    (testing k
      (is (not (holds? (operations before))))
      (is (holds? (operations (assoc (if (= k :shape) {} before) k value)))))))

(deftest each-key-of-a-workload-is-read-at-its-place
  (doseq [k known]
    (testing k
      (let [words (try (operations (assoc usual k 'neither)) nil
                       (catch WrongInput wrong (ex-message wrong)))]
        (is (string/starts-with? (str words) (str "mine.edn: :workload " k ": ")) words)))))
