(ns dst.scenarios.edn.workload
  "What the clients are asked to do: every operation, drawn from a scenario's :workload and a seed."
  (:require [dst.scenarios.edn.choice :refer [pick]]
            [dst.scenarios.edn.quantity :as quantity])
  (:import (dst.protocol Device Kind Prng)
           (dst.sim Plan$OperationPlan)
           (java.util ArrayList)))

(set! *warn-on-reflection* true)
(set! *unchecked-math* :warn-on-boxed)

(defn- mix-table
  "The kinds and the running sums of their weights."
  [mix]
  (let [kinds (sort-by (fn [[^Kind kind]] (.code kind)) (filter (fn [[_ weight]] (pos? (long weight))) mix))]
    [(object-array (map first kinds)) (long-array (reductions + (map second kinds)))]))

(defrecord ^:private Habits [operations chains pause open over fua bad blocks hot hot-share last-reads mix-table])

(defn habits
  "A scenario's :workload with what does not depend on the seed worked out, and its keys quick to look up: it is asked for each
  operation."
  [workload]
  (map->Habits (assoc (dissoc workload :mix) :mix-table (mix-table (:mix workload)))))

(def shapes
  "What a workload of each name has for habits, over what holds by default. Which of its operations depends on which, the habits do not
  say: see dst.harness.workload."
  {:registers     {}
   :overlapping   {:mix {:read 20 :write 65 :flush 3 :trim 4 :zero 8}, :blocks [:between 2 8], :hot 10, :hot-share 100
                   :chains [:between 4 12], :pause [:between "0 ms" "2 ms"]}
   :hot-block     {:mix {:read 40 :write 50 :flush 4 :trim 2 :zero 4}, :blocks 1, :hot 1, :hot-share 100}
   :flush-heavy   {:mix {:read 10 :write 50 :flush 40}, :fua 30}
   :odd           {:blocks [:one-of 1 3 5 7 11], :hot 12, :bad 8}
   :read-mostly   {:mix {:read 92 :write 6 :flush 1 :zero 1}}
   :trim-and-zero {:mix {:read 35 :write 20 :flush 5 :trim 20 :zero 20}}
   :streams       {:chains [:between 1 3]}
   :journal       {:chains [:between 1 4], :fua 70}})

(def idle
  "What a workload of a shape has no use for."
  {:streams [:mix :open :over :bad :blocks :hot :hot-share :fua]
   :journal [:mix :open :over :bad :blocks :hot :hot-share]
   :odd     [:open :over]})

(def ^:private kind-word (into {} (map (fn [^Kind kind] [kind (keyword (quantity/lower (.name kind)))])) (Kind/values)))

(defn- kind-at ^Kind [^objects kinds ^longs sums ^Prng prng]
  (let [drawn (.below prng (aget sums (dec (alength sums))))]
    (loop [i 0]
      (if (< drawn (aget sums i)) (aget kinds i) (recur (inc i))))))

(deftype ^:private Place [^long block ^long blocks-max ^long hot-start ^long hot])

(deftype ^:private Slot [^long tag node ^long at ^long after])

(defn- made ^Plan$OperationPlan [^Slot slot kind offset length durable]
  (Plan$OperationPlan. (.-tag slot) (.-node slot) (.-at slot) (.-after slot) kind (long offset) (int length) (boolean durable)))

(defn- bad-operation
  "One that no device can do: beyond the end, across it, or too large."
  ^Plan$OperationPlan [^Prng prng ^Slot slot ^Kind kind ^Device device largest durable]
  (let [block (.blockSize device)
        largest (long largest)
        size (.size device)
        ^Kind kind (if (= kind Kind/FLUSH) Kind/READ kind)]
    (case (.below prng 3)
      0 (made slot kind (+ size (* block (.below prng 4))) block durable)
      1 (made slot kind (- size block) (* 2 block) durable)
      (made slot kind 0 (+ block (* block (quot largest block))) durable))))

(defn- operation
  ^Plan$OperationPlan [workload ^Prng prng seed ^Slot slot ^Kind kind ^Device device ^Place where largest]
  (let [seed (long seed)
        durable (and (.leavesContent kind) (.chance prng (pick (:fua workload) prng seed) 100))]
    (cond
      (.chance prng (pick (:bad workload) prng seed) 100)
      (bad-operation prng slot kind device largest durable)

      (= kind Kind/FLUSH)
      (made slot kind 0 0 false)

      :else
      (let [block (.-block where)
            hot? (.chance prng (pick (:hot-share workload) prng seed) 100)
            blocks (min (pick (:blocks workload) prng seed) (if hot? (.-hot where) (.-blocks_max where)))
            start (if hot?
                    (+ (.-hot_start where) (.below prng (inc (- (.-hot where) blocks))))
                    (.below prng (inc (- (.-blocks_max where) blocks))))]
        (made slot kind (* block start) (* block blocks) durable)))))

(defn- place ^Place [workload ^Prng prng ^long seed ^Device device]
  (let [block (.blockSize device)
        blocks (quot (.size device) block)
        hot (pick (:hot workload) prng seed)]
    (Place. block blocks (.below prng (inc (- blocks hot))) hot)))

(defn random-operation
  "One operation as a map, drawn for that device by these habits; `places` is the stream of chance that all clients share."
  [workload ^Prng prng seed ^Device device ^Prng places largest]
  (let [[kinds sums] (:mix-table workload)
        kind (kind-at kinds sums prng)
        slot (Slot. 1 "" 0 Plan$OperationPlan/NOTHING)
        where (place workload places seed device)
        made (operation workload prng seed slot kind device where largest)
        start (.offset made)
        length (.length made)]
    (cond-> {:f (kind-word (.kind made))}
      (not= Kind/FLUSH (.kind made)) (assoc :offset start :length length)
      (.durable made) (assoc :durable true)
      (or (< (.size device) (+ start length)) (< (long largest) length)) (assoc :bad true))))

(defn- last-reads! [^ArrayList operations node ^Place where heal largest]
  (let [heal (long heal)
        step (max 1 (min 4 (quot (long largest) (.-block where))))
        end (+ (.-hot_start where) (.-hot where))]
    (loop [from (.-hot_start where)]
      (when (< from end)
        (let [blocks (min step (- end from))]
          (.add operations
                (made (Slot. (inc (.size operations)) node heal Plan$OperationPlan/NOTHING)
                      Kind/READ (* (.-block where) from) (* (.-block where) blocks) false))
          (recur (+ from step)))))))

(defn operations!
  "Adds what one client is asked to do. Tags go on from those that are there. Clients of the same export have the same hot range."
  [^ArrayList drawn {:keys [workload ^Device device largest client node starts heal]} ^Prng root ^long seed]
  (let [suffix (if (zero? (long client)) "" (str " " (inc (long client))))
        shared (.split root "workload")
        where (place workload shared seed device)
        prng (if (zero? (long client)) shared (.split root (str "workload" suffix)))
        [^objects kinds ^longs sums] (:mix-table workload)
        n (pick (:operations workload) prng seed)
        over (inc (pick (:over workload) prng seed))
        chains (int (pick (:chains workload) prng seed))
        open (if (zero? chains) 100 (pick (:open workload) prng seed))
        last-of-chain (long-array chains)
        base (.next (.split root (str "operations" suffix)))
        before (.size drawn)
        starts (long starts)]
    (loop [i 1]
      (when (<= i n)
        ;; Each operation has luck of its own.
        (let [prng (Prng. (Prng/hash base i 0 0))
              kind (kind-at kinds sums prng)
              tag (+ before i)]
          (if (.chance prng open 100)
            (let [slot (Slot. tag node (+ starts (.below prng over)) Plan$OperationPlan/NOTHING)]
              (.add drawn (operation workload prng seed slot kind device where largest)))
            (let [chain (int (.below prng chains))
                  after (aget last-of-chain chain)
                  at (if (zero? after) (+ starts (.below prng over)) (pick (:pause workload) prng seed))]
              (aset last-of-chain chain tag)
              (.add drawn (operation workload prng seed (Slot. tag node at after) kind device where largest))))
          (recur (inc i)))))
    (when (:last-reads workload)
      (last-reads! drawn node where heal largest))))
