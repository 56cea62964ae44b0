(ns dst.scenarios.library.draw
  "From a scenario and a seed to a plan: every operation and every fault, explicit. A pure function; all chance comes from the one
  generator, split by name, so that a change of one part of a scenario leaves the luck of the others alone."
  (:require [dst.harness.generator :as g]
            [dst.harness.schedule :as schedule]
            [dst.harness.workload :as w]
            [dst.scenarios.edn.choice :as choice :refer [pick]]
            [dst.scenarios.edn.fault :as fault]
            [dst.scenarios.edn.quantity :as quantity]
            [dst.scenarios.edn.scenario :as scenario]
            [dst.scenarios.edn.setting :as setting]
            [dst.scenarios.edn.shape :as shape]
            [dst.scenarios.edn.workload :as workload])
  (:import (dst.protocol Access ClientPolicy ClientSettings Device Prng Terms Unique)
           (dst.protocol.fault Fault Fault$When$At FaultKind)
           (dst.protocol.setting NodeSettings Settings)
           (dst.sim Plan Plan$DiskPlan Plan$ExportPlan Plan$HostPlan Plan$NodePlan Plan$PathPlan Plan$WayPlan PlanSettings)
           (java.util ArrayList Arrays Collections List TreeMap)))

(set! *warn-on-reflection* true)
(set! *unchecked-math* :warn-on-boxed)

(defn- stream
  "A stream of chance for the n-th of a kind; the first one's has no number."
  ^Prng [^Prng root ^String purpose ^long index]
  (.split root (if (zero? index) purpose (str purpose " " (inc index)))))

(def ^:private more
  "Stands for a checksum, a cipher and a feature that only a newer program knows."
  0x100)

(defn- bits
  "What a program has to offer of what the present one has."
  [program present-one older]
  (case program
    "newer" (bit-or (long present-one) (long more))
    "older" (long older)
    (long present-one)))

(defn- drawing
  "A function that draws what each of these settings is in one run, in their order. It is called for each plan: the keys are made once."
  [settings]
  (let [keys (object-array (map setting/key-of settings))
        n (alength keys)]
    (fn [said ^Prng prng seed]
      (let [numbers (long-array n)
            seed (long seed)]
        (dotimes [i n]
          (aset numbers i (pick (get said (aget keys i)) prng seed)))
        numbers))))

(def ^:private draw-terms (drawing (drop 3 (.all NodeSettings/TERMS))))
(def ^:private draw-policy (drawing (butlast (.all NodeSettings/POLICY))))
(def ^:private draw-settings (drawing NodeSettings/OF_CLIENT))
(def ^:private draw-host (drawing (.all PlanSettings/HOST)))
(def ^:private draw-server (drawing (.all NodeSettings/SERVER)))
(def ^:private draw-export (drawing PlanSettings/OF_EXPORT))
(def ^:private draw-path (drawing PlanSettings/OF_PATH))

(defn- terms
  "Checksums, ciphers and features are a matter of the program."
  ^Terms [host program ^Prng prng ^long seed]
  (let [^longs others (draw-terms host prng seed)
        numbers (long-array (+ 3 (alength others)))]
    (aset numbers 0 (long (bits program Terms/CRC32C Terms/CRC32C)))
    (aset numbers 1 (long (bits program Terms/PLAIN Terms/PLAIN)))
    (aset numbers 2 (long (bits program (bit-or Terms/FUA Terms/TRIM Terms/ZERO) Terms/FUA)))
    (System/arraycopy others 0 numbers 3 (alength others))
    (.made NodeSettings/TERMS numbers)))

(defn- policy
  "Its attempts are drawn first and written last."
  ^ClientPolicy [client ^Prng prng ^long seed]
  (let [attempts (pick (:attempts client) prng seed)
        ^longs others (draw-policy client prng seed)
        numbers (Arrays/copyOf others (inc (alength others)))]
    (aset numbers (alength others) attempts)
    (.made NodeSettings/POLICY numbers)))

(defn- settings ^ClientSettings [client ^Plan$HostPlan host ^Prng prng seed ^ClientPolicy policy]
  (let [seed (long seed)
        terms (terms client (.program host) prng seed)]
    (.made (NodeSettings/client (:export client) terms Unique/NONE policy) (draw-settings client prng seed))))

(defn- host ^Plan$HostPlan [host ^Prng prng ^long seed]
  (.made PlanSettings/HOST (draw-host host prng seed)))

(defn- ways
  "To one node over each of the paths; to several over one each, in turn."
  [to paths]
  (if (= 1 (count to))
    (let [node (first to)]
      (mapv (fn [path] (Plan$WayPlan. node path)) paths))
    (mapv (fn [node path] (Plan$WayPlan. node path)) to (cycle paths))))

(defn- client-plan ^Plan$NodePlan [client ^Prng root index seed names paths]
  (let [index (long index)
        seed (long seed)
        prng (stream root "manner" index)
        policy (policy client prng seed)
        host (host client (stream root "client" index) seed)
        settings (settings client host (stream root "settings" index) seed policy)
        starts (pick (:starts client) prng seed)
        server (pick (:server client) prng seed)
        buffers (pick (:buffers client) prng seed)]
    (Plan$NodePlan/client (or (:name client) (Plan/usualName "client" (int index))) host settings starts (ways [(nth names server)] paths) (int buffers))))

(defn- server-plan ^Plan$NodePlan [server ^Prng root ^long index ^long seed]
  (let [limits (assoc server :memory (:memory-in-all server))]
    (Plan$NodePlan/server (:name server)
                          (host server (stream root "server" index) seed)
                          (.made NodeSettings/SERVER (draw-server limits (stream root "limits" index) seed))
                          (:disks server))))

(def ^:private usual-host
  "What a node of another kind is not told of its host."
  (into {} (map (fn [setting] [(setting/key-of setting) (choice/usual setting)])) (concat (.all PlanSettings/HOST) PlanSettings/OF_NODE)))

(defn- other-plan
  "All its luck has its own name: how many others there are matters to none."
  ^Plan$NodePlan [node ^Prng root seed names paths]
  (let [seed (long seed)
        prng (.split root (str "node " (:name node)))
        node (merge usual-host node)
        host (host node prng seed)
        own (long-array (map (fn [choice] (pick choice prng seed)) (:own node)))
        starts (pick (:starts node) prng seed)
        buffers (pick (:buffers node) prng seed)]
    (Plan$NodePlan. (:name node) (:kind node) host (.made ^Settings (:settings node) own) starts
                    (ways (map names (:to node)) paths) (or (:disks node) []) (int buffers))))

(defn- access ^Access [rules ^Prng prng ^long seed]
  (let [drawn (TreeMap.)]
    (doseq [[who what] rules]
      (.put drawn who (.value PlanSettings/PERMISSIONS (pick what prng seed))))
    (Access. drawn)))

(defn- export-plans
  "One after the other on the disk; `before` are on others."
  ^List [exports before ^Terms terms ^Prng root seed block-size]
  (let [before (long before)
        seed (long seed)
        drawn (ArrayList.)]
    (reduce (fn [^long start [^long index export]]
              (let [index (+ index before)
                    identity (stream root "identity" index)
                    identity (Unique. (.next identity) (.next identity))
                    prng (stream root "export" index)
                    numbers (draw-export (assoc export :block-size block-size) prng seed)
                    access (access (:access export) prng seed)
                    ^Plan$ExportPlan made (.made (PlanSettings/export (:name export) start identity terms access) numbers)]
                (.add drawn made)
                (+ start (.size (.device made)))))
            0
            (map-indexed vector exports))
    drawn))

(defn- spreads
  "The thing with each of what the world draws itself between the bounds that this run has for it."
  [thing all said prng]
  (setting/spread-over thing all (fn [k]
                                   (let [spread (get said k)
                                         index (choice/pick-index spread prng)]
                                     [(choice/low spread index) (choice/high spread index)]))))

(defn- disk-plans
  "The luck of the first one is the world's own."
  [disks ^Terms terms ^Prng root seed block-size ^Prng world]
  (loop [[disk & more] disks, index 0, before 0, drawn []]
    (if (nil? disk)
      drawn
      (let [prng (if (zero? index) world (stream root "disk" index))
            exports (export-plans (:exports disk) before terms root seed block-size)]
        (recur more (inc index) (+ before (count exports))
               (conj drawn (spreads (Plan$DiskPlan/of (:name disk) exports) PlanSettings/SPREADS_OF_DISK disk prng)))))))

(defn- path-plan ^Plan$PathPlan [path ^Prng prng ^long seed]
  (.made (PlanSettings/path (spreads (Plan$PathPlan/called (:name path)) PlanSettings/SPREADS_OF_PATH path prng))
         (draw-path path prng seed)))

(defn- present
  "Which clients there are in this run: the first, and of the others those that are drawn."
  [clients ^Prng root ^long seed]
  (keep-indexed (fn [^long index client]
                  (when (or (zero? index) (nil? (:percent client))
                            (let [prng (stream root "there" index)] (.chance prng (pick (:percent client) prng seed) 100)))
                    client))
                clients))

(defn- strikes! [^ArrayList faults line ^Prng prng seed heal]
  (let [seed (long seed)
        heal (long heal)
        {:keys [^FaultKind kind target parameters beside-when]} line
        [moment when-choice] (:when line)
        numbers (long-array (count parameters))]
    (dotimes [_ (if-let [times (:times line)] (pick times prng seed) 1)]
      (let [hit (fault/target-of (.aim kind) (:key target) (when target (nth (:names target) (pick (:choice target) prng seed))))]
        (dotimes [i (alength numbers)]
          (aset numbers i (pick (nth parameters i) prng seed)))
        (when (or (nil? (:percent line)) (.chance prng (pick (:percent line) prng seed) 100))
          (.add faults
                (Fault. (if moment
                          (fault/when-of moment (pick when-choice prng seed) beside-when)
                          (Fault$When$At. (.below prng (max 1 heal))))
                        (fault/make kind numbers)
                        hit)))))))

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

(defn- middle ^long [^long low ^long high] (quot (+ low high) 2))

(defn- harness-test
  "What a generator is told of the run that is planned."
  [{scenario-name :name} clients plans disks ^Terms server-terms ^Plan$PathPlan link ^Prng root seed heal]
  (let [^Plan$DiskPlan disk (first disks)
        exports (mapcat Plan$DiskPlan/.exports disks)
        device-of (fn [named] (some (fn [^Plan$ExportPlan export] (when (or (nil? named) (= named (.name export))) (.device export))) exports))
        hosts (mapv (fn [client ^Plan$NodePlan plan]
                      {:node (.name plan), :device (device-of (:export client)), :starts (.startAt plan)
                       :largest (if (instance? ClientSettings (.settings plan))
                                  (min (.largestTransfer (.terms ^ClientSettings (.settings plan))) (.largestTransfer server-terms))
                                  (.largestTransfer server-terms))})
                    clients plans)
        ^Device device (device-of (:export (first clients)))
        way (* 2 (middle (.delayNanosMin link) (.delayNanosMax link)))]
    {:name scenario-name, :seed seed, :root root, :heal heal, :clients hosts
     :block-size (.blockSize device), :size (.size device), :blocks (quot (.size device) (.blockSize device))
     :latency (+ way (middle (.latencyNanosMin disk) (.latencyNanosMax disk)))
     :flush (+ way (middle (.flushNanosMin disk) (.flushNanosMax disk)))}))

(defn- shaped-operations!
  "Of one client whose workload is a generator: as many operations, side by side and with pauses, as its habits say."
  [^ArrayList drawn generator workload index test ^Prng root]
  (let [seed (long (:seed test))
        suffix (if (zero? (long index)) "" (str " " (inc (long index))))
        prng (.split root (str "workload" suffix))
        n (pick (:operations workload) prng seed)
        side-by-side (max 1 (pick (:chains workload) prng seed))
        clients (count (:clients test))]
    (schedule/operations! drawn
                          (g/limit n (w/paused (fn [context] (pick (:pause workload) (:chance context) seed)) generator))
                          (assoc test
                                 :threads (mapv (fn [^long i] (+ (long index) (* i clients))) (range side-by-side))
                                 :last-reads (:last-reads workload))
                          root (str "operations" suffix))))

(defn- operations
  "Every operation, and the faults that stand among them."
  [{:keys [generator concurrency]} clients test ^Prng root seed]
  (let [drawn (ArrayList.)
        seed (long seed)
        strikes
        (if generator
          (schedule/operations! drawn generator
                                (assoc test
                                       :threads (conj (vec (range (pick concurrency (.split root "concurrency") seed))) :nemesis)
                                       :last-reads (:last-reads (:workload (first clients))))
                                root "operations")
          (dorun
           (map-indexed
            (fn [index {:keys [workload]}]
              (if-let [generator (w/generator-of workload)]
                (shaped-operations! drawn generator workload index test root)
                (workload/operations! drawn (assoc (nth (:clients test) index) :workload workload :client index :heal (:heal test))
                                      root seed)))
            clients)))]
    [(Collections/unmodifiableList drawn) strikes]))

(defn- generated-line
  "A line of :faults that a generator wrote. The first one that is wrong ends it: all others are of the same make."
  [ctx strike]
  (let [timed? (some (partial contains? strike) (map first fault/when-fields))
        line (scenario/fault-line ctx [:faults] (cond-> (dissoc strike :type :process :time)
                                                  (not timed?) (assoc :at (quantity/duration-text (:time strike)))))]
    (shape/finish ctx line)))

(defn- generated!
  "Adds the faults that a generator asked for: each of its own kind and luck, at its time unless it says another."
  [^ArrayList faults strikes ctx ^Prng root {:keys [seed heal]}]
  (let [lines (mapv (partial generated-line ctx) strikes)]
    (dorun (map-indexed (fn [i line] (strikes! faults line (.split root (str "generated fault " i)) seed heal)) lines))))

(defn- all-faults ^List [{:keys [file line-of faults enable nemesis names disks paths]} strikes test ^Prng root]
  (let [drawn (ArrayList. ^List (dst.scenarios.library.draw/faults faults enable root (:seed test) (:heal test)))
        asked (when nemesis (schedule/ask nemesis (assoc test :threads [:nemesis] :until (:heal test)) root "nemesis"))]
    (generated! drawn (concat strikes asked) (assoc (shape/context file (or line-of (fn [_] nil)))
                                                 :nodes names, :disk-names (mapv :name disks), :path-names (mapv :name paths)) root test)
    (Collections/unmodifiableList drawn)))

(defn drawer
  "A function from a seed to the scenario's plan; what does not depend on the seed is worked out once."
  [{:keys [clients nodes server servers device disks paths faults standing heal settle names] scenario-name :name :as scenario}]
  (let [all-clients (mapv (fn [client] (update client :workload workload/habits)) clients)
        askers (into [] (comp (filter :workload) (map (fn [node] (update node :workload workload/habits)))) nodes)
        path-names (mapv :name paths)
        lines (vec (map-indexed (fn [i line] (assoc line :stream (str "fault " (:name line) " " i))) faults))
        scenario (assoc scenario :faults lines)]
    (fn [seed]
      (let [seed (long seed)
            root (Prng. seed)
            prng (.split root "world")
            healed (pick heal prng seed)
            clients (present all-clients root seed)
            server-plans (into [] (map-indexed (fn [index server] (server-plan server root index seed))) servers)
            program (if-let [^Plan$NodePlan first-server (first server-plans)] (.program (.host first-server)) "present")
            server-terms (terms (or (first servers) server) program (.split root "terms") seed)
            client-plans (into [] (map-indexed (fn [index client] (client-plan client root index seed names path-names))) clients)
            other-plans (mapv (fn [node] (other-plan node root seed names path-names)) nodes)
            block-size (choice/among [(pick (:block-size device) prng seed)])
            disk-plans (disk-plans disks server-terms root seed block-size prng)
            path-plans (into [] (map-indexed (fn [index path] (path-plan path (stream root "path" index) seed))) paths)
            by-name (into {} (map (fn [^Plan$NodePlan plan] [(.name plan) plan])) other-plans)
            asked (into clients askers)
            asked-plans (into client-plans (map (comp by-name :name)) askers)
            test (harness-test scenario asked asked-plans disk-plans server-terms (first path-plans) root seed healed)
            [operations strikes] (operations scenario asked test root seed)]
        (Plan. scenario-name seed
               (-> client-plans (into other-plans) (into server-plans))
               disk-plans
               path-plans
               operations
               (all-faults scenario strikes test root)
               standing
               healed
               (pick settle prng seed))))))
