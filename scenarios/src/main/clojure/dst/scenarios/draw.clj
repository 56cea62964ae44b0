(ns dst.scenarios.draw
  "From a scenario and a seed to a plan: every operation and every fault, explicit. A pure function; all chance comes from the one
  generator, split by name, so that a change of one part of a scenario leaves the luck of the others alone."
  (:require [dst.scenarios.choice :as choice :refer [pick]]
            [dst.scenarios.fault :as fault])
  (:import (dst.protocol Access ClientSettings Device Kind Machines Manner Permission Prng ServerSettings Terms Unique)
           (dst.sim Fault Fault$Direction Fault$When$At Plan Plan$ClientPlan Plan$DiskPlan Plan$ExportPlan Plan$HostPlan Plan$LinkPlan
                    Plan$OperationPlan Plan$ServerPlan)
           (java.util ArrayList Collections List)))

(set! *warn-on-reflection* true)
(set! *unchecked-math* :warn-on-boxed)

(def ^:private ^"[Ldst.protocol.Permission;" permissions (Permission/values))

(defn- terms ^Terms [host ^Prng prng ^long seed]
  (Terms. Terms/CRC32C Terms/PLAIN (bit-or Terms/FUA Terms/TRIM Terms/ZERO)
          (int (quot (pick (:keepalive host) prng seed) 1000000))
          (int (pick (:largest-transfer host) prng seed))
          (int (pick (:transactions host) prng seed))
          (int (pick (:memory host) prng seed))))

(defn- settings ^ClientSettings [client ^Prng prng ^long seed]
  (ClientSettings. "disk" (terms client prng seed) Unique/NONE
                   (pick (:patience client) prng seed)
                   (pick (:resend client) prng seed)
                   (pick (:reconnect client) prng seed)
                   (pick (:retained client) prng seed)
                   (int (pick (:failed-flushes client) prng seed))
                   Manner/ORDINARY))

(defn- host ^Plan$HostPlan [host ^Prng prng ^long seed]
  (Plan$HostPlan. (int (pick (:page-size host) prng seed)) (int (pick (:clock-ppm host) prng seed)) Machines/PRESENT))

(defn- mix-table
  "The kinds and the running sums of their weights."
  [mix]
  (let [kinds (sort-by (fn [[^Kind kind]] (.code kind)) (filter (fn [[_ weight]] (pos? (long weight))) mix))]
    [(object-array (map first kinds)) (long-array (reductions + (map second kinds)))]))

(defn- kind-at ^Kind [^objects kinds ^longs sums ^Prng prng]
  (let [drawn (.below prng (aget sums (dec (alength sums))))]
    (loop [i 0]
      (if (< drawn (aget sums i)) (aget kinds i) (recur (inc i))))))

(deftype ^:private Place [^long block ^long blocks-max ^long hot-start ^long hot])

(defn- bad-operation
  "One that no device can do: beyond the end, across it, or too large."
  ^Plan$OperationPlan [^Prng prng tag at after ^Kind kind ^Device device largest durable]
  (let [block (.blockSize device)
        largest (long largest)
        size (.size device)
        ^Kind kind (if (= kind Kind/FLUSH) Kind/READ kind)]
    (case (.below prng 3)
      0 (Plan$OperationPlan. (long tag) 0 (long at) (long after) kind (+ size (* block (.below prng 4))) block (boolean durable))
      1 (Plan$OperationPlan. (long tag) 0 (long at) (long after) kind (- size block) (* 2 block) (boolean durable))
      (let [length (+ block (* block (quot largest block)))]
        (Plan$OperationPlan. (long tag) 0 (long at) (long after) kind 0 (int length) (boolean durable))))))

(defn- operation
  ^Plan$OperationPlan [workload ^Prng prng seed tag at after ^Kind kind ^Device device ^Place where largest]
  (let [seed (long seed)
        durable (and (.leavesContent kind) (.chance prng (pick (:fua workload) prng seed) 100))]
    (cond
      (.chance prng (pick (:bad workload) prng seed) 100)
      (bad-operation prng tag at after kind device largest durable)

      (= kind Kind/FLUSH)
      (Plan$OperationPlan. (long tag) 0 (long at) (long after) kind 0 0 false)

      :else
      (let [block (.-block where)
            hot? (.chance prng (pick (:hot-share workload) prng seed) 100)
            blocks (min (pick (:blocks workload) prng seed) (if hot? (.-hot where) (.-blocks_max where)))
            start (if hot?
                    (+ (.-hot_start where) (.below prng (inc (- (.-hot where) blocks))))
                    (.below prng (inc (- (.-blocks_max where) blocks))))]
        (Plan$OperationPlan. (long tag) 0 (long at) (long after) kind (* block start) (int (* block blocks)) durable)))))

(defn- place ^Place [workload ^Prng prng ^long seed ^Device device]
  (let [block (.blockSize device)
        blocks (quot (.size device) block)
        hot (pick (:hot workload) prng seed)]
    (Place. block blocks (.below prng (inc (- blocks hot))) hot)))

(defn- last-reads! [^ArrayList operations ^Place where ^long heal ^long largest]
  (let [step (max 1 (min 4 (quot largest (.-block where))))
        end (+ (.-hot_start where) (.-hot where))]
    (loop [from (.-hot_start where)]
      (when (< from end)
        (let [blocks (min step (- end from))]
          (.add operations
                (Plan$OperationPlan. (inc (.size operations)) 0 heal Plan$OperationPlan/NOTHING Kind/READ
                                     (* (.-block where) from) (int (* (.-block where) blocks)) false))
          (recur (+ from step)))))))

(defn- operations ^List [workload mix ^Prng root seed ^Device device heal largest]
  (let [seed (long seed)
        prng (.split root "workload")
        where (place workload prng seed device)
        [^objects kinds ^longs sums] mix
        n (pick (:operations workload) prng seed)
        over (inc (pick (:over workload) prng seed))
        chains (int (pick (:chains workload) prng seed))
        open (if (zero? chains) 100 (pick (:open workload) prng seed))
        last-of-chain (long-array chains)
        base (.next (.split root "operations"))
        drawn (ArrayList. (int (+ n 8)))]
    (loop [tag 1]
      (when (<= tag n)
        ;; Each operation has luck of its own.
        (let [prng (Prng. (Prng/hash base tag 0 0))
              kind (kind-at kinds sums prng)]
          (if (.chance prng open 100)
            (.add drawn (operation workload prng seed tag (.below prng over) Plan$OperationPlan/NOTHING kind device where largest))
            (let [chain (int (.below prng chains))
                  after (aget last-of-chain chain)
                  at (if (zero? after) (.below prng over) (pick (:pause workload) prng seed))]
              (aset last-of-chain chain tag)
              (.add drawn (operation workload prng seed tag at after kind device where largest))))
          (recur (inc tag)))))
    (when (:last-reads workload)
      (last-reads! drawn where heal largest))
    (Collections/unmodifiableList drawn)))

(defn- strikes! [^ArrayList faults line ^Prng prng seed heal]
  (let [seed (long seed)
        heal (long heal)
        {:keys [kind parameters direction]} line
        [when-key when-choice] (:when line)
        numbers (long-array (count parameters))]
    (dotimes [_ (if-let [times (:times line)] (pick times prng seed) 1)]
      (dotimes [i (alength numbers)]
        (aset numbers i (pick (nth parameters i) prng seed)))
      (when (or (nil? (:percent line)) (.chance prng (pick (:percent line) prng seed) 100))
        (.add faults
              (Fault. (if when-key
                        (fault/when-of when-key (pick when-choice prng seed) (or direction Fault$Direction/BOTH))
                        (Fault$When$At. (.below prng (max 1 heal))))
                      (fault/make kind numbers)))))))

(defn- enabled
  "Which lines are in force in this run: so many, drawn."
  [lines enable ^Prng prng ^long seed]
  (if (= enable :all)
    lines
    (let [shuffled (object-array lines)
          n (alength shuffled)
          wanted (min n (pick enable prng seed))]
      (dotimes [i wanted]
        (let [j (+ i (.below prng (- n i)))
              swapped (aget shuffled i)]
          (aset shuffled i (aget shuffled j))
          (aset shuffled j swapped)))
      (take wanted shuffled))))

(defn- faults ^List [lines enable ^Prng root seed heal]
  (let [drawn (ArrayList.)]
    (doseq [line (enabled lines enable (.split root "swarm") seed)]
      (strikes! drawn line (.split root ^String (:stream line)) seed heal))
    (Collections/unmodifiableList drawn)))

(defn drawer
  "A function from a seed to the scenario's plan; what does not depend on the seed is worked out once."
  [{:keys [client server device disk link workload faults enable heal settle] scenario-name :name}]
  (let [mix (mix-table (:mix workload))
        lines (vec (map-indexed (fn [i line] (assoc line :stream (str "fault " (:name line) " " i))) faults))]
    (fn [seed]
      (let [seed (long seed)
            root (Prng. seed)
            prng (.split root "world")
            healed (pick heal prng seed)
            identity (.split root "identity")
            device (Device. (Unique. (.next identity) (.next identity))
                            (pick (:size device) prng seed)
                            (int (pick (:block-size device) prng seed))
                            (aget permissions (int (pick (:permission device) prng seed))))
            client-host (host client (.split root "client") seed)
            server-host (host server (.split root "server") seed)
            settings (settings client (.split root "settings") seed)
            server-terms (terms server (.split root "terms") seed)
            largest (min (.largestTransfer (.terms settings)) (.largestTransfer server-terms))
            latency (choice/pick-index (:latency disk) prng)
            flush (choice/pick-index (:flush disk) prng)
            delay (choice/pick-index (:delay link) prng)]
        (Plan. scenario-name seed
               [(Plan$ClientPlan. client-host settings 0 0 0)]
               [(Plan$ServerPlan. server-host ServerSettings/DEFAULT)]
               [(Plan$ExportPlan. "disk" 0 device server-terms false (Access/ofEverybody Permission/BOTH))]
               (Plan$DiskPlan. (choice/low (:latency disk) latency) (choice/high (:latency disk) latency)
                               (choice/low (:flush disk) flush) (choice/high (:flush disk) flush))
               [(Plan$LinkPlan. (choice/low (:delay link) delay) (choice/high (:delay link) delay)
                                (pick (:bandwidth link) prng seed)
                                (int (pick (:split link) prng seed))
                                0)]
               (operations workload mix root seed device healed largest)
               (dst.scenarios.draw/faults lines enable root seed healed)
               healed
               (pick settle prng seed))))))
