(ns dst.harness.generator-test
  (:require [clojure.test :refer [deftest is testing]]
            [dst.harness.generator :as g]
            [dst.harness.nemesis :as n]
            [dst.harness.schedule :as schedule])
  (:import (dst.protocol Prng)))

(set! *warn-on-reflection* true)

(def ^:private ms 1000000)

(defn- asked
  "All operations of a generator: two clients, four threads, an operation takes 1 ms and a flush 3."
  ([generator] (asked 1 generator))
  ([seed generator]
   (let [root (Prng. seed)]
     (schedule/ask generator
                   {:threads [0 1 2 3 :nemesis], :clients [{} {}], :latency ms, :flush (* 3 ms), :root root, :seed seed}
                   root "test"))))

(defn- fs [generator] (map :f (asked generator)))
(defn- times [generator] (map (fn [{:keys [time]}] (quot (long time) (long ms))) (asked generator)))

(def ^:private read-it {:f :read})
(def ^:private write-it {:f :write})
(def ^:private flush-it {:f :flush})

(deftest nothing-a-map-a-sequence-and-a-function-are-generators
  (is (empty? (asked nil)))
  (is (= [:read] (fs read-it)))
  (is (= [:read :write :flush] (fs [read-it nil [write-it] flush-it])))
  (is (= [:read :read :read] (fs (g/limit 3 (fn [] read-it)))))
  (is (= [:write :flush :write :flush] (fs (g/limit 4 (fn [_ _] [write-it flush-it])))))
  (is (= [0 1 2] (map :n (asked (map (fn [i] {:f :read, :n i}) (range 3))))))
  (is (thrown-with-msg? IllegalArgumentException #"expected a generator .* got :read" (asked :read))))

(deftest limit-once-repeat-and-cycle-say-how-much
  (is (= [:read] (fs (g/once (fn [] read-it)))))
  (is (= [:read :read] (fs (g/repeat 2 [read-it write-it]))))
  (is (= [:read :read :read] (fs (g/limit 3 (g/repeat [read-it write-it])))))
  (is (= [:read :write :read :write] (fs (g/cycle 2 [read-it write-it]))))
  (is (= [:read :write :read] (fs (g/limit 3 (g/cycle [read-it write-it]))))))

(deftest mix-draws-and-goes-on-with-those-that-are-left
  (let [drawn (fs (g/mix [(g/repeat 30 read-it) (g/repeat 10 write-it)]))]
    (is (= {:read 30, :write 10} (frequencies drawn)))
    (is (not= drawn (sort-by {:read 0, :write 1} drawn)))))

(deftest flip-flop-takes-turns-until-one-is-over
  (is (= [:read :write :read :write :read] (fs (g/flip-flop (g/repeat read-it) (g/repeat 2 write-it))))))

(deftest delay-keeps-them-apart-and-stagger-about
  (is (= [0 5 10 15] (times (g/delay "5 ms" (g/repeat 4 read-it)))))
  (let [at (times (g/stagger "5 ms" (g/repeat 40 read-it)))
        gaps (map - (rest at) at)]
    (is (every? (fn [gap] (<= 0 (long gap) 10)) gaps))
    (is (< 3 (count (set gaps))))
    (is (< 120 (long (last at)) 280) "forty of five milliseconds")))

(deftest time-limit-ends-it
  (is (= [0 4 8] (times (g/time-limit "10 ms" (g/delay "4 ms" (g/repeat read-it)))))))

(deftest a-thread-has-one-operation-open-at-a-time
  (let [all (asked (g/repeat 40 flush-it))]
    (doseq [[_ mine] (group-by :process all)]
      (is (every? (fn [[a b]] (<= (+ (long (:time a)) (* 3 (long ms))) (long (:time b)))) (partition 2 1 mine))))
    (is (= #{0 1 2 3} (set (map :process all))))))

(deftest sleep-takes-a-threads-time-and-is-no-operation
  (is (= [0 21] (times (g/on-threads #{0} [read-it (g/sleep "20 ms") write-it])))))

(deftest phases-wait-until-all-threads-are-expected-to-be-free
  (let [[_ _ last-one] (times (g/phases [flush-it write-it] read-it))]
    (is (= 3 last-one)))
  (is (= [:write :read] (fs (->> write-it (g/then read-it))))))

(deftest clients-and-threads-are-chosen
  (is (= #{0 2} (set (map :process (asked (g/on-clients #{0} (g/repeat 20 read-it)))))))
  (is (= #{3} (set (map :process (asked (g/on-threads #{3} (g/repeat 5 read-it)))))))
  (is (= #{1 3} (set (map :process (asked (g/repeat 20 {:f :read, :client 1}))))))
  (is (= {0 2, 1 2, 2 2, 3 2} (frequencies (map :process (asked (g/each-thread [read-it write-it]))))))
  (is (= {0 3, 1 3} (frequencies (map (fn [{:keys [process]}] (rem (long process) 2)) (asked (g/each-client (g/repeat 3 read-it)))))))
  (let [by-thread (group-by :process (asked (g/reserve 1 (g/repeat 6 write-it) 1 (g/repeat 6 flush-it) (g/repeat 6 read-it))))]
    (is (= #{:write} (set (map :f (by-thread 0)))))
    (is (= #{:flush} (set (map :f (by-thread 1)))))
    (is (= #{:read} (set (map :f (concat (by-thread 2) (by-thread 3)))))))
  (is (thrown-with-msg? IllegalArgumentException #"no thread here" (asked {:f :read, :client 7}))))

(deftest any-takes-what-comes-first
  (is (= [[:read 0] [:read 1] [:write 2] [:read 5]]
         (map (fn [{:keys [f time]}] [f (quot (long time) (long ms))])
              (asked (g/any (g/on-threads #{0} [(g/sleep "2 ms") write-it])
                            (g/on-threads #{1} [read-it read-it (g/sleep "3 ms") read-it])))))))

(deftest map-f-map-and-filter-change-it
  (is (= [7] (map :block (asked (g/map (fn [operation] (assoc operation :block 7)) read-it)))))
  (is (= [:zero :read] (fs (g/f-map {:write :zero} [write-it read-it]))))
  (is (= [:read] (fs (g/filter (comp #{:read} :f) [write-it read-it flush-it])))))

(deftest equal-seeds-give-equal-operations-and-others-others
  (let [generator (g/limit 30 (g/stagger "3 ms" (fn [_ context] {:f :read, :block (g/below context 100), :x (g/shuffled context (range 5))})))]
    (is (= (asked 4 generator) (asked 4 generator)))
    (is (not= (asked 4 generator) (asked 5 generator)))))

(deftest what-has-no-end-or-never-begins-is-told
  (is (thrown-with-msg? IllegalArgumentException #"still goes on" (asked (g/repeat read-it))))
  (is (thrown-with-msg? IllegalArgumentException #"none of 100,000" (asked (g/filter (constantly false) (g/repeat read-it))))))

(deftest a-generator-that-was-asked-is-as-it-was
  (let [generator (g/mix [(g/repeat 3 read-it) (g/cycle 2 [write-it flush-it])])]
    (is (= (asked generator) (asked generator)))))

(deftest faults-are-the-nemesis-and-stand-among-the-operations
  (let [all (asked (g/any (g/delay "10 ms" (g/repeat 3 read-it)) (n/after "15 ms" (n/fault :cut))))]
    (is (= [[:read 0] [:read 10] [:cut 15] [:read 20]]
           (map (fn [{:keys [f fault time]}] [(or f fault) (quot (long time) (long ms))]) all)))
    (is (= :nemesis (:process (nth all 2)))))
  (is (thrown-with-msg? IllegalArgumentException #"no fault :cutt; did you mean :cut" (n/fault :cutt))))

(deftest a-swarm-is-so-many-of-them-the-same-through-a-run
  (let [kinds [:cut :power-cut :rebind :delay :flip]
        run (fn [seed] (set (map :fault (asked seed (g/time-limit "400 ms" (n/swarm 2 (map (fn [kind] (n/every "10 ms" {:fault kind})) kinds)))))))]
    (is (every? (fn [seed] (= 2 (count (run seed)))) (range 20)))
    (is (< 4 (count (set (map run (range 20))))))))
