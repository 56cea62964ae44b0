(ns dst.scenarios.edn.fault
  "The kinds of faults: what each is called, what it does, and what can be said about it; and a fault of a plan as EDN and back."
  (:require [clojure.string :as string]
            [dst.scenarios.edn.quantity :as quantity]
            [dst.scenarios.edn.shape :as shape])
  (:import (dst.protocol Permission)
           (dst.sim Fault Fault$Direction Fault$Node Fault$When Fault$When$At Fault$When$AtDiskWrite Fault$When$AtMessage Fault$When$AtRecord
                    Standing)
           (java.lang.reflect Constructor Method RecordComponent)))

(set! *warn-on-reflection* true)

(defn- keyword-of [^Enum value]
  (keyword (string/replace (quantity/lower (.name value)) \_ \-)))

(defn words
  "The values of an enum by their keywords."
  [values]
  (into {} (map (fn [value] [(keyword-of value) value])) values))

(defn- enumerated
  "Drawn as an ordinal, so that every choice is one of numbers."
  [values]
  (let [values (vec values)]
    {:shape (shape/word (update-vals (words values) (fn [^Enum value] (.ordinal value))))
     :java (fn [ordinal] (nth values ordinal))
     :edn keyword-of}))

(def ^:private lasting
  {:shape (shape/duration-or :for-good), :java identity
   :edn (fn [^long nanos] (if (= nanos Fault/FOR_GOOD) :for-good (quantity/duration-text nanos)))})
(def ^:private restart
  {:shape (shape/duration-or :never), :java identity
   :edn (fn [^long nanos] (if (= nanos Fault/FOR_GOOD) :never (quantity/duration-text nanos)))})
(def ^:private duration {:shape shape/duration, :java identity, :edn quantity/duration-text})
(def ^:private times
  {:shape (shape/scalar "how many times, or :until-healed"
                        (fn [value] (if (= value :until-healed) Integer/MAX_VALUE (when (and (int? value) (pos? (long value))) value))))
   :java int
   :edn (fn [^long times] (if (= times Integer/MAX_VALUE) :until-healed times))})
(def ^:private size {:shape shape/size, :java identity, :edn quantity/size-text})
(def ^:private size-int (assoc size :java int))
(def ^:private bits {:shape (shape/whole 0 255), :java int, :edn identity})
(def ^:private ppm {:shape (shape/whole -100000 100000), :java int, :edn identity})
(def ^:private direction (enumerated (Fault$Direction/values)))
(def ^:private one-way (update direction :shape
                               (fn [shape] (fn [ctx path value]
                                             (if (= value :both)
                                               (shape/problem! ctx path "one of :to-client :to-server" value)
                                               (shape ctx path value))))))
(def ^:private node (enumerated (Fault$Node/values)))
(def ^:private permission (enumerated (Permission/values)))
(def ^:private path {:shape (shape/whole 0 15), :java int, :edn identity})
(def ^:private transactions {:shape (shape/whole 1 512), :java int, :edn identity})

;; Each row: what it is called, its record, what it does, and its parameters in the record's order with what they are if nothing is said.
(def ^:private rows
  [[:cut "Cut" "the connection is reset; both ends hear of it" []]
   [:black-hole "BlackHole" "nothing passes and nobody is told (half-open); connections of that time never recover"
    [[:direction direction [:one-of :to-server :to-client :both]] [:for lasting [:between "50 ms" "400 ms"]]]]
   [:stall "Stall" "what is sent stays on the way, then flows on in order"
    [[:direction direction [:one-of :to-server :to-client :both]] [:for duration [:between "10 ms" "200 ms"]]]]
   [:delay "Delay" "each piece takes longer, for a while"
    [[:extra duration [:between "1 ms" "50 ms"]] [:for lasting [:between "50 ms" "400 ms"]]]]
   [:slow "Slow" "no more bytes per second than this, for a while"
    [[:rate size [:between "64 KiB" "1 MiB"]] [:for lasting [:between "50 ms" "400 ms"]]]]
   [:split "Split" "only small pieces arrive, for a while"
    [[:largest size-int [:one-of 1 3 7 64 512]] [:for lasting [:between "5 ms" "40 ms"]]]]
   [:refuse "Refuse" "connects are refused, for a while" [[:for lasting [:between "50 ms" "400 ms"]]]]
   [:flip "Flip" "one bit of the next piece flips, past the TCP checksum" [[:direction one-way [:one-of :to-server :to-client]]]]
   [:cut-late "CutLate" "reset for the client alone; what it had sent reaches the server later, on the old connection"
    [[:late duration [:between "20 ms" "500 ms"]]]]
   [:rebind "Rebind" "every connection goes silent for good and nobody is told; new connects pass at once" []]
   [:cut-path "CutPath" "the connections on one path are reset; the others go on" [[:path path 0]]]
   [:hole-path "HolePath" "nothing passes on one path and nobody is told (half-open); its connections of that time never recover"
    [[:path path 0] [:direction direction [:one-of :to-server :to-client :both]] [:for lasting [:between "50 ms" "400 ms"]]]]
   [:delay-path "DelayPath" "each piece on one path takes longer, for a while"
    [[:path path 0] [:extra duration [:between "1 ms" "50 ms"]] [:for lasting [:between "50 ms" "400 ms"]]]]
   [:crash "Crash" "the process ends at once and starts again after a while, or never; its host lives on"
    [[:node node [:one-of :client :server]] [:restart restart [:between "5 ms" "200 ms"]]]]
   [:memory-exhausted "MemoryExhausted" "the next request for memory finds none: the process ends there and then, and starts again after a while, or never"
    [[:node node [:one-of :client :server]] [:restart restart [:between "5 ms" "200 ms"]]]]
   [:power-cut "PowerCut" "the server's host loses power: unflushed blocks survive or not, one by one"
    [[:restart restart [:between "5 ms" "200 ms"]]]]
   [:pause "Pause" "the process stands still; what arrives waits"
    [[:node node [:one-of :client :server]] [:for duration [:between "20 ms" "500 ms"]]]]
   [:clock-jump "ClockJump" "the host's clock jumps forward"
    [[:node node [:one-of :client :server]] [:by duration [:between "10 ms" "2 s"]]]]
   [:clock-drift "ClockDrift" "the host's clock runs fast or slow from now on"
    [[:node node [:one-of :client :server]] [:ppm ppm [:between -50000 50000]]]]
   [:stop-clock "StopClock" "the host's clock and its timers stand still, for a while; the process goes on with what arrives"
    [[:node node [:one-of :client :server]] [:for lasting [:between "50 ms" "400 ms"]]]]
   [:disk-slow "DiskSlow" "every disk operation takes longer, for a while"
    [[:extra duration [:between "1 ms" "50 ms"]] [:for lasting [:between "50 ms" "400 ms"]]]]
   [:disk-stall "DiskStall" "the next disk write takes that long" [[:for duration [:between "100 ms" "800 ms"]]]]
   [:read-error "ReadError" "the next reads of the disk fail" [[:times times [:between 1 3]]]]
   [:write-error "WriteError" "the next writes of the disk fail" [[:times times [:between 1 3]]]]
   [:flush-error "FlushError" "the next flushes of the disk fail" [[:times times [:between 1 3]]]]
   [:short-transfer "ShortTransfer" "the next transfers of more than one block move only a part" [[:times times [:between 1 5]]]]
   [:disk-limit "DiskLimit" "no transfer of the disk moves more than this (whole blocks, at least one), for a while"
    [[:largest size-int [:one-of 512 "1 KiB" "4 KiB"]] [:for lasting [:between "50 ms" "400 ms"]]]]
   [:disk-full "DiskFull" "writes fail for want of space, for a while" [[:for lasting [:between "20 ms" "200 ms"]]]]
   [:lying-flush "LyingFlush" "flushes and durable writes are answered well and do nothing: the protocol cannot survive this"
    [[:for lasting [:between "100 ms" "500 ms"]]]]
   [:misdirect "Misdirect" "the next write lands one block too far: the protocol cannot survive this" []]
   [:lost-write "LostWrite" "the next write is answered well and dropped: the protocol cannot survive this" []]
   [:bit-rot "BitRot" "the block there rots on the disk: the protocol cannot survive this" [[:offset size 0]]]
   [:older-disk "OlderDisk" "the server's next start finds the disk as it was at an earlier flush: the protocol cannot survive this" []]
   [:older-state "OlderState" "the server's next start finds holder and boot counter as they were earlier, beside the present data: the protocol cannot survive this" []]
   [:torn-neighbour "TornNeighbour" "the next power cut tears a write and a neighbouring block that had no part in it: the protocol cannot survive this" []]
   [:resize "Resize" "the export has another size from the server's next start on" [[:size size "32 KiB"]]]
   [:permit "Permit" "the export has another permission from the server's next start on" [[:permission permission [:one-of :read :both]]]]
   [:share "Share" "the export is read-only for all, and shared, from the server's next start on" []]
   [:block-size "BlockSize" "the disk has blocks of another size from the server's next start on; what it holds stays" [[:size size-int [:one-of 1024 4096]]]]
   [:limits "Limits" "the export is offered at other limits from the server's next start on"
    [[:transactions transactions [:between 1 16]] [:memory size-int "64 KiB"] [:largest-transfer size-int [:one-of "4 KiB" "64 KiB"]]]]
   [:checksums "Checksums" "the server offers another set of checksums until healed (0: none that a client knows)" [[:offered bits 0]]]
   [:ciphers "Ciphers" "the server offers another set of ciphers until healed (0: none that a client knows)" [[:offered bits 0]]]
   [:replace-disk "ReplaceDisk" "another, empty disk with another identity is there from the server's next start on" []]
   [:access "Access" "what one client may do is changed at once, while it is connected; back after a while, or never"
    [[:client node :client] [:permission permission [:one-of :none :read :write]] [:for lasting [:between "50 ms" "400 ms"]]]]
   [:restart "Restart" "a server is told to go away, with a deadline; once it has gone it starts again after a while, or never"
    [[:node node :server] [:deadline duration [:between "5 ms" "500 ms"]] [:restart restart [:between "5 ms" "200 ms"]]]]
   [:remove-export "RemoveExport" "an operator removes the export, with a deadline" [[:deadline duration [:between "50 ms" "500 ms"]]]]
   [:detach "Detach" "an operator detaches a client, with a deadline" [[:client node :client] [:deadline duration [:between "50 ms" "500 ms"]]]]])

(def standing
  "What of a plan's make may itself be what goes wrong, by its name."
  (into (array-map) (map (fn [^Standing standing] [(keyword (.kind standing)) standing])) (Standing/values)))

(def kinds
  "Every kind by its name."
  (into (array-map)
        (map (fn [[kind record doc parameters]]
               (let [type (Class/forName (str "dst.sim.Fault$Strike$" record))
                     components (.getRecordComponents type)]
                 (when-not (= (alength components) (count parameters))
                   (throw (IllegalStateException. (str record " has other parameters than the table of faults says"))))
                 [kind {:doc doc
                        :type type
                        :parameters parameters
                        :make (.getDeclaredConstructor type (into-array Class (map (fn [^RecordComponent c] (.getType c)) components)))
                        :read (mapv (fn [^RecordComponent c] (.getAccessor c)) components)}])))
        rows))

(def ^:private kind-of (into {} (map (fn [[kind {:keys [type]}]] [type kind])) kinds))

(defn kind-name
  "What a strike's kind is called in scenarios and reports."
  [strike]
  (name (kind-of (class strike))))

(defn make
  "The strike of a kind with these numbers as its parameters."
  [kind ^longs numbers]
  (let [{:keys [parameters make]} kind
        arguments (object-array (alength numbers))]
    (dotimes [i (alength numbers)]
      (aset arguments i ((:java (nth (nth parameters i) 1)) (aget numbers i))))
    (.newInstance ^Constructor make arguments)))

(defn ->edn [^Fault fault]
  (let [strike (.strike fault)
        when (.when fault)
        kind (kind-of (class strike))
        {:keys [parameters read]} (kinds kind)]
    (into (condp instance? when
            Fault$When$At (array-map :at (quantity/duration-text (.nanos ^Fault$When$At when)))
            Fault$When$AtMessage (array-map :at-message (.nth ^Fault$When$AtMessage when)
                                            :direction-of-message (keyword-of (.direction ^Fault$When$AtMessage when)))
            Fault$When$AtDiskWrite (array-map :at-disk-write (.nth ^Fault$When$AtDiskWrite when))
            Fault$When$AtRecord (array-map :at-record (.nth ^Fault$When$AtRecord when)))
          (cons [:fault kind]
                (map (fn [[k {:keys [edn]}] ^Method accessor]
                       [k (edn (let [value (.invoke accessor strike (object-array 0))]
                                 (if (instance? Number value) (long value) value)))])
                     parameters
                     read)))))

(def when-fields
  "When a fault strikes: exactly one of these."
  [[:at shape/duration] [:at-message (shape/whole 1 1000000)] [:at-disk-write (shape/whole 1 1000000)]
   [:at-record (shape/whole 1 1000000)]])

(defn kind-shape
  "A shape of a map whose :fault names a kind: the rest is checked by what `fields` answers for that kind."
  [fields]
  (fn [ctx path value]
    (if-let [kind (and (map? value) (get kinds (:fault value)))]
      ((fields kind) ctx path value)
      (if (and (map? value) (keyword? (:fault value)))
        (shape/problem! ctx (conj path :fault) (str "there is no fault " (:fault value) (shape/did-you-mean (:fault value) (keys kinds))))
        (shape/problem! ctx path "a fault such as {:fault :cut}" value)))))

(defn one-when
  "Notes a problem unless at most (or, if it is required, exactly) one of the times is said."
  [ctx path value required]
  (let [said (filter (partial contains? value) (map first when-fields))]
    (when (or (< 1 (count said)) (and required (empty? said)))
      (shape/problem! ctx path "exactly one of :at :at-message :at-disk-write :at-record" value))))

(defn when-of ^Fault$When [key ^long number direction]
  (case key
    :at (Fault$When$At. number)
    :at-message (Fault$When$AtMessage. direction number)
    :at-disk-write (Fault$When$AtDiskWrite. number)
    :at-record (Fault$When$AtRecord. number)))

(def message-direction
  "Which messages are counted; as an enum."
  (let [{:keys [shape java]} direction]
    (fn [ctx path value] (some-> (shape ctx path value) java))))

(def planned
  "The shape of a fault in a plan."
  (kind-shape
   (fn [{:keys [parameters] :as kind}]
     (let [shape (shape/closed (-> [[:fault (fn [_ _ value] value)]]
                                   (into when-fields)
                                   (conj [:direction-of-message message-direction])
                                   (into (map (fn [[k {:keys [shape]}]] [k shape])) parameters))
                               #{:at :at-message :at-disk-write :at-record :direction-of-message})]
       (fn [ctx path value]
         (one-when ctx path value true)
         (let [before (.size ^java.util.ArrayList (:problems ctx))
               parsed (shape ctx path value)]
           (when (= before (.size ^java.util.ArrayList (:problems ctx)))
             (let [k (some (fn [[k]] (when (contains? parsed k) k)) when-fields)]
               (Fault. (when-of k (get parsed k) (:direction-of-message parsed Fault$Direction/BOTH))
                       (make kind (long-array (map (comp parsed first) parameters))))))))))))
