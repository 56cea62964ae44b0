(ns dst.harness.checker-test
  (:require [clojure.test :refer [deftest is]]
            [dst.harness.checker :as c]))

(set! *warn-on-reflection* true)

(defn- verdict [checker history] (:valid? (c/check-safe checker {} history {})))

(defn- answers [valid?] (fn [_ _] {:valid? valid?}))

(deftest the-worst-verdict-is-that-of-all
  (is (= true (c/merge-valid [])))
  (is (= true (c/merge-valid [true true])))
  (is (= :unknown (c/merge-valid [true :unknown true])))
  (is (= false (c/merge-valid [:unknown false true])))
  (is (= :unknown (c/merge-valid [true nil]))))

(deftest a-checker-that-throws-or-says-nothing-is-unknown
  (is (= :unknown (verdict (fn [_ _] (throw (ex-info "planted" {}))) [])))
  (is (= :unknown (verdict (fn [_ _] nil) [])))
  (is (= :unknown (verdict (fn [_ _] {:valid? :perhaps}) [])))
  (is (= :unknown (verdict (fn forever [a b] (+ 1 (long (forever a b)))) [])))
  (is (= "it threw: planted" (:message (c/check-safe (fn [_ _] (throw (ex-info "planted" {}))) {} [] {})))))

(deftest composed-is-as-valid-as-the-worst-and-names-it
  (let [result (c/check-safe (c/compose {:good (answers true), :bad (answers false), :odd (fn [_ _] (throw (ex-info "planted" {})))}) {} [] {})]
    (is (= false (:valid? result)))
    (is (= #{["bad" false] ["odd" :unknown]}
           (set (map (juxt :checker :valid?) (c/failures "checker" result))))))
  (is (= true (verdict (c/compose {:a (answers true)}) [])))
  (is (= ["inner"] (map :checker (c/failures "x" (c/check-safe (c/compose {:outer (c/compose {:inner (answers false)})}) {} [] {}))))))

(def ^:private history
  [{:index 0, :time 0, :process 0, :tag 1, :type :invoke, :f :write}
   {:index 1, :time 5000000, :process 0, :tag 1, :type :ok, :f :write}
   {:index 2, :time 6000000, :process 1, :tag 2, :type :invoke, :f :read}
   {:index 3, :time 9000000, :process 1, :tag 2, :type :info, :f :read, :error "timed out"}])

(deftest checkers-for-every-day-find-what-they-are-for
  (is (= true (verdict (c/latency "5 ms") history)))
  (is (= false (verdict (c/latency "4 ms") history)))
  (is (= false (verdict (c/stats) history)))
  (is (= true (verdict (c/stats) (subvec history 0 2))))
  (is (= false (verdict (c/all-ok) history)))
  (is (= true (verdict (c/all-ok #{:write}) history))))
