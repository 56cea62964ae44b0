(ns dst.harness.generator
  "What a run is asked to do, as values. A generator is asked for its next operation and answers with the operation and with what is
  left of itself; nothing in it changes. All of it is asked before the run, while the plan is made: an outcome is never known here,
  and chance comes from the context alone.

  These are generators: nil, which is over; a map, which is one operation; a sequence, one part after the other; a function of nothing
  or of test and context, whose answer is a generator again, as often as it is asked; and all that the functions below answer."
  (:refer-clojure :exclude [cycle delay filter map repeat])
  (:require [dst.scenarios.edn.quantity :as quantity])
  (:import (clojure.lang Fn IPersistentMap RestFn Sequential)
           (dst.protocol Prng)
           (dst.protocol.setting Quantity)
           (java.lang.reflect Method)))

(set! *warn-on-reflection* true)

(defprotocol Generator
  (op [generator test context]
    "nil when it is over; [operation rest]; or [:pending rest] while it waits for a thread to come free. The context has :time in
    nanoseconds, :threads, those of them that are :free, and :chance."))

;; Amounts and chance.

(defn nanos
  "A duration as a scenario writes it, \"5 ms\". A number says nothing of its unit."
  ^long [amount]
  (let [found (if (= 0 amount) 0 (quantity/nanos amount))]
    (if found
      (long found)
      (throw (IllegalArgumentException.
              (str (Quantity/noTime (pr-str amount))
                   (if (int? amount) (str "; a number has no unit: say \"" amount " ms\", or (str " amount " \" ns\") of one that was computed") "")))))))

(defn moment
  "A time of the run as an operation has it: computed from the context's :time, in nanoseconds, or written as a duration."
  ^long [time]
  (if (and (int? time) (<= 0 (long time))) (long time) (nanos time)))

(defn below
  "A number from 0 to below the bound, by the seed."
  ^long [{:keys [^Prng chance]} ^long bound]
  (.below chance bound))

(defn between
  "A number from low to high, both included, by the seed."
  ^long [{:keys [^Prng chance]} ^long low ^long high]
  (.between chance low high))

(defn chance?
  "True in so many of a hundred cases, by the seed."
  [{:keys [^Prng chance]} ^long percent]
  (.chance chance percent 100))

(defn pick
  "One of these, by the seed."
  [context choices]
  (let [choices (vec choices)] (nth choices (below context (count choices)))))

(defn shuffled
  "The same in another order, by the seed."
  [context choices]
  (loop [left (vec choices), done []]
    (if (empty? left)
      done
      (let [i (below context (count left))]
        (recur (into (subvec left 0 i) (subvec left (inc i))) (conj done (nth left i)))))))

;; Threads. A thread has one operation open at a time; thread t belongs to client t modulo the number of clients.

(defn client-of
  "Which client a thread's operations are asked of, 0 the first; nil of the nemesis."
  [test thread]
  (when (int? thread) (rem (long thread) (count (:clients test)))))

(defn- only [wanted context]
  (-> context (update :free (partial filterv wanted)) (update :threads (partial filterv wanted))))

(defn- thread-for
  "The thread that takes it: the one that it names, or one of those that are free, by chance; nil if it has to wait."
  [operation test {:keys [free threads] :as context}]
  (let [wanted (cond (contains? operation :fault) #{:nemesis}
                     (contains? operation :process) #{(:process operation)}
                     (contains? operation :client) (fn [thread] (= (:client operation) (client-of test thread)))
                     :else int?)
        fit (filterv wanted free)]
    (cond (seq fit) (if (next fit) (pick context fit) (first fit))
          (some wanted threads) nil
          :else (throw (IllegalArgumentException. (str "there is no thread here that could do " (pr-str operation)))))))

(defn- one [operation test context]
  (if-let [thread (thread-for operation test context)]
    [(assoc operation
            :type (:type operation :invoke)
            :process thread
            :time (max (long (:time context)) (if-let [at (:time operation)] (moment at) 0)))
     nil]
    [:pending operation]))

(defn- takes?
  "Whether the function can be called with so many arguments."
  [f ^long n]
  (if (instance? RestFn f)
    (<= (.getRequiredArity ^RestFn f) n)
    (boolean (some (fn [^Method method] (and (= "invoke" (.getName method)) (= n (.getParameterCount method))))
                   (.getDeclaredMethods (class f))))))

(extend-protocol Generator
  nil
  (op [_ _ _] nil)

  IPersistentMap
  (op [operation test context] (one operation test context))

  Sequential
  (op [parts test context]
    (loop [parts (seq parts)]
      (when parts
        (if-let [[operation left] (op (first parts) test context)]
          (let [more (next parts)]
            ;; A part that is the last one stands for the whole, so that what goes on for ever does not nest.
            [operation (cond (nil? left) more, (nil? more) left, :else (cons left more))])
          (recur (next parts))))))

  Fn
  (op [f test context]
    (when-let [made (if (takes? f 2) (f test context) (f))]
      (op [made f] test context)))

  Object
  (op [other _ _]
    (throw (IllegalArgumentException.
            (str "expected a generator (a map, a sequence, a function, nil, or what dst.harness.generator makes), got "
                 (pr-str other))))))

;; How much, and in which order.

(defrecord ^:private Limit [^long left generator]
  Generator
  (op [this test context]
    (when (pos? left)
      (when-let [[operation more] (op generator test context)]
        [operation (assoc this :generator more :left (if (= :pending operation) left (dec left)))]))))

(defn limit "At most so many operations." [n generator] (->Limit n generator))

(defn once "One operation." [generator] (limit 1 generator))

(defrecord ^:private Repeat [left generator]
  Generator
  (op [this test context]
    (when-not (= 0 left)
      (when-let [[operation _] (op generator test context)]
        [operation (if (or (nil? left) (= :pending operation)) this (assoc this :left (dec (long left))))]))))

(defn repeat
  "The first operation of it over and over, or so many times."
  ([generator] (->Repeat nil generator))
  ([n generator] (->Repeat n generator)))

(defrecord ^:private Cycle [left whole now]
  Generator
  (op [this test context]
    (if-let [[operation more] (op now test context)]
      [operation (assoc this :now more)]
      (when-not (= 1 left)
        (let [left (when left (dec (long left)))]
          (when-let [[operation more] (op whole test context)]
            [operation (->Cycle left whole more)]))))))

(defn cycle
  "When it is over it begins anew, for ever or so many times."
  ([generator] (->Cycle nil generator generator))
  ([n generator] (when (pos? (long n)) (->Cycle n generator generator))))

(defrecord ^:private Mix [generators]
  Generator
  (op [_ test context]
    (loop [generators generators]
      (when (seq generators)
        (let [i (below context (count generators))]
          (if-let [[operation more] (op (nth generators i) test context)]
            [operation (->Mix (assoc generators i more))]
            (recur (into (subvec generators 0 i) (subvec generators (inc i))))))))))

(defn mix "Each operation from one of these, by chance; those that are over drop out." [generators] (->Mix (vec generators)))

(defrecord ^:private FlipFlop [generators]
  Generator
  (op [_ test context]
    (when-let [[operation more] (op (first generators) test context)]
      [operation (->FlipFlop (if (= :pending operation)
                               (assoc generators 0 more)
                               (conj (subvec generators 1) more)))])))

(defn flip-flop "One operation of each in turn, until one is over." [& generators] (->FlipFlop (vec generators)))

(defn- soonest
  "Of [operation rest key] the one that comes first: by its time, among equals by chance; else one that is pending."
  [context answers]
  (let [ready (remove (comp #{:pending} first) answers)]
    (if (seq ready)
      (let [first-time (apply min (clojure.core/map (comp :time first) ready))]
        (pick context (clojure.core/filter (comp #{first-time} :time first) ready)))
      (first answers))))

(defrecord ^:private AnyOf [generators]
  Generator
  (op [_ test context]
    (when-let [[operation more i] (soonest context (keep-indexed (fn [i generator]
                                                                   (some-> (op generator test context) (conj i)))
                                                                 generators))]
      [operation (->AnyOf (assoc generators i more))])))

(defn any "Side by side: whichever has an operation first." [& generators] (->AnyOf (vec generators)))

;; Time.

(defrecord ^:private Spaced [draw next-time generator]
  Generator
  (op [_ test context]
    (when-let [[operation more] (op generator test context)]
      (if (= :pending operation)
        [:pending (->Spaced draw next-time more)]
        (let [at (max (long (:time operation)) (long (or next-time 0)))]
          [(assoc operation :time at) (->Spaced draw (+ at (long (draw context))) more)])))))

(defn stagger
  "Operations of all threads together come about so far apart: from nothing to twice as much."
  [interval generator]
  (let [twice (* 2 (nanos interval))]
    (->Spaced (fn [context] (between context 0 twice)) nil generator)))

(defn delay
  "Operations of all threads together come exactly so far apart."
  [interval generator]
  (let [interval (nanos interval)]
    (->Spaced (fn [_] interval) nil generator)))

(defrecord ^:private TimeLimit [^long limit end generator]
  Generator
  (op [_ test context]
    (when-let [[operation more] (op generator test context)]
      (let [end (long (or end (+ limit (long (:time context)))))]
        (cond (= :pending operation) (when (< (long (:time context)) end) [:pending (->TimeLimit limit end more)])
              (< (long (:time operation)) end) [operation (->TimeLimit limit end more)])))))

(defn time-limit "Until so long after its first operation." [limit generator] (->TimeLimit (nanos limit) nil generator))

(defn sleep "One thread does nothing for so long." [amount] {:type :sleep, :value (nanos amount)})

;; Order between threads.

(defrecord ^:private Synchronize [generator]
  Generator
  (op [this test {:keys [free threads] :as context}]
    (if (= (count free) (count threads))
      (op generator test context)
      [:pending this])))

(defn synchronize
  "Begins when all threads are expected to be free. The plan is made before the run, so this is an estimate: what must
  have settled says so with :after, or goes on one thread."
  [generator]
  (->Synchronize generator))

(defn phases "One after the other; each begins when all threads are expected to be free." [& generators]
  (vec (cons (first generators) (clojure.core/map synchronize (rest generators)))))

(defn then "What comes first stands last, so that it reads well with ->>: b, and then a." [a b] [b (synchronize a)])

;; Which threads.

(defrecord ^:private OnThreads [wanted generator]
  Generator
  (op [this test context]
    (let [narrow (only (fn [thread] (wanted test thread)) context)]
      (cond (empty? (:threads narrow)) nil
            (empty? (:free narrow)) [:pending this]
            :else (when-let [[operation more] (op generator test narrow)]
                    [operation (->OnThreads wanted more)])))))

(defn on-threads "Only on the threads of this set, or for which the function answers true." [threads generator]
  (->OnThreads (fn [_ thread] (threads thread)) generator))

(defn on-clients "Only on threads of the clients of this set, 0 the first." [clients generator]
  (->OnThreads (fn [test thread] (when-let [client (client-of test thread)] (clients client))) generator))

(defn clients "Only on the clients' threads." [generator] (->OnThreads (fn [_ thread] (int? thread)) generator))

(defn nemesis "Only on the thread that brings about faults." [generator] (->OnThreads (fn [_ thread] (= :nemesis thread)) generator))

(defrecord ^:private Each [group fresh begun]
  Generator
  (op [_ test context]
    (let [answers (keep (fn [one]
                          (let [narrow (only (fn [thread] (= one (group test thread))) context)]
                            (if (empty? (:free narrow))
                              (when-not (and (contains? begun one) (nil? (get begun one))) [:pending nil nil])
                              (some-> (op (get begun one fresh) test narrow) (conj one)))))
                        (distinct (keep (fn [thread] (group test thread)) (:threads context))))]
      (when-let [[operation more one] (soonest context answers)]
        [operation (->Each group fresh (if (nil? one) begun (assoc begun one more)))]))))

(defn each-thread "Each thread of a client has a copy of its own." [generator]
  (->Each (fn [_ thread] (when (int? thread) thread)) generator {}))

(defn each-client "Each client has a copy of its own, on all its threads." [generator]
  (->Each client-of generator {}))

(defn reserve
  "So many threads for one generator, the next ones for another, all others for the last:
  (reserve 2 writes 1 reads others)."
  [& counts-and-generators]
  (let [pairs (partition 2 counts-and-generators)
        starts (reductions + 0 (clojure.core/map first pairs))
        on (fn [low high generator] (on-threads (fn [thread] (and (int? thread) (<= (long low) (long thread)) (< (long thread) (long high)))) generator))]
    (apply any (conj (mapv (fn [start [n generator]] (on start (+ (long start) (long n)) generator)) starts pairs)
                     (on (last starts) Long/MAX_VALUE (last counts-and-generators))))))

;; Changed on the way.

(defrecord ^:private Mapped [change generator]
  Generator
  (op [_ test context]
    (when-let [[operation more] (op generator test context)]
      [(if (= :pending operation) operation (change operation)) (->Mapped change more)])))

(defn map "Each operation changed by the function." [change generator] (->Mapped change generator))

(defn f-map "Each operation with another :f, by a map from the old to the new." [fs generator]
  (map (fn [operation] (update operation :f (fn [f] (get fs f f)))) generator))

(defrecord ^:private Filtered [wanted generator]
  Generator
  (op [_ test context]
    (loop [generator generator, tries 0]
      (when (< 100000 tries)
        (throw (IllegalArgumentException. "a filter let none of 100,000 operations through")))
      (when-let [[operation more] (op generator test context)]
        (if (or (= :pending operation) (wanted operation))
          [operation (->Filtered wanted more)]
          (recur more (inc tries)))))))

(defn filter "Only the operations for which the function answers true." [wanted generator] (->Filtered wanted generator))
