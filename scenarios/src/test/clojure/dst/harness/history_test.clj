(ns dst.harness.history-test
  (:require [clojure.test :refer [deftest is]]
            [dst.harness.history :as history]))

(set! *warn-on-reflection* true)

(def ^:private run
  "Blocks of 512; process is the operation's tag, as history.edn has it."
  [{:index 0, :time 1, :process 1, :type :invoke, :f :write, :offset 0, :length 1024, :value 1}
   {:index 1, :time 2, :process 2, :type :invoke, :f :read, :offset 512, :length 1024, :value nil}
   {:index 2, :time 3, :process 1, :type :ok, :f :write, :offset 0, :length 1024, :value 1}
   {:index 3, :time 4, :process 2, :type :ok, :f :read, :offset 512, :length 1024, :value [1 0]}
   {:index 4, :time 5, :process 3, :type :invoke, :f :flush, :value nil}
   {:index 5, :time 6, :process 4, :type :invoke, :f :zero, :offset 512, :length 512, :value 0}
   {:index 6, :time 7, :process 4, :type :info, :f :zero, :offset 512, :length 512, :value nil, :error "timed out"}
   {:index 7, :time 8, :process 3, :type :ok, :f :flush, :value nil}
   {:index 8, :time 9, :process 5, :type :invoke, :f :write, :offset 512, :length 512, :value 5}
   {:index 9, :time 10, :process 5, :type :fail, :f :write, :offset 512, :length 512, :value nil, :error "no space"}
   {:index 10, :time 11, :process 6, :type :invoke, :f :trim, :offset 0, :length 4096, :value 0}
   {:index 11, :time 12, :process 6, :type :ok, :f :trim, :offset 0, :length 4096, :value 0}
   {:index 12, :time 13, :process 7, :type :invoke, :f :read, :offset 0, :length 1024, :value nil}
   {:index 13, :time 14, :process 7, :type :ok, :f :read, :offset 0, :length 1024, :value [:torn 0]}])

(deftest a-process-has-one-operation-open-and-is-not-used-after-an-info
  (let [mine (history/with-processes run)]
    (is (= [0 1 0 1 0 1 1 0 0 0 0 0 0 0] (map :process mine)))
    (is (= (map :process run) (map :tag mine)))))

(deftest a-block-is-a-register
  (is (= [{:process 0, :type :invoke, :f :write, :value 1, :index 0, :time 1}
          {:process 1, :type :invoke, :f :read, :value nil, :index 1, :time 2}
          {:process 0, :type :ok, :f :write, :value 1, :index 2, :time 3}
          {:process 1, :type :ok, :f :read, :value 1, :index 3, :time 4}
          {:process 0, :type :invoke, :f :write, :value 0, :index 4, :time 6}
          {:process 0, :type :info, :f :write, :value 0, :index 5, :time 7, :error "timed out"}
          {:process 1, :type :invoke, :f :write, :value 5, :index 6, :time 9}
          {:process 1, :type :fail, :f :write, :value 5, :index 7, :time 10, :error "no space"}
          {:process 1, :type :invoke, :f :write, :value 0, :index 8, :time 11}
          {:process 1, :type :info, :f :write, :value 0, :index 9, :time 12}
          {:process 2, :type :invoke, :f :read, :value nil, :index 10, :time 13}
          {:process 2, :type :ok, :f :read, :value 0, :index 11, :time 14}]
         (history/register run 512 512))))

(deftest what-is-no-content-of-the-workload-is-no-value-that-was-written
  (is (= :torn (:value (last (history/register run 0 512)))))
  (is (= [:trim :trim] (map :f (filter (comp #{6} :tag) (history/with-processes run))))))
