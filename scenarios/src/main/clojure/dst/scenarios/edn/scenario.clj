(ns dst.scenarios.edn.scenario
  "A scenario as it stands in a file of the library: its shape, its defaults, and its reading."
  (:require [clojure.java.io :as io]
            [clojure.string :as string]
            [dst.scenarios.edn.choice :as choice :refer [choice spread]]
            [dst.scenarios.edn.fault :as fault]
            [dst.scenarios.edn.setting :as setting]
            [dst.scenarios.edn.shape :as shape :refer [closed]]
            [dst.scenarios.edn.workload :as workload]
            [dst.scenarios.edn.world :as world])
  (:import (dst.protocol ClientPolicy Kind Permission Side)
           (dst.protocol.fault FaultKind)
           (dst.protocol.setting NodeSettings)
           (dst.scenarios.kinds Kinds)
           (dst.sim NodeKind PlanSettings)
           (java.util ArrayList List)))

(set! *warn-on-reflection* true)

(defn- choices
  "The fields of what can be set, each a choice."
  [settings]
  (mapv (fn [[k shape]] [k (choice shape)]) (setting/fields settings)))

(def ^:private terms
  "What of the terms is no matter of the program."
  (vec (remove (comp #{:checksums :ciphers :features} first) (choices (.all NodeSettings/TERMS)))))

(defn- numbered
  "A shape of keywords that stand for their place in a list of names."
  [names]
  (shape/word (into {} (map-indexed (fn [i text] [(keyword text) i])) names)))

(def ^:private host (choices (.all PlanSettings/HOST)))

(defn- node
  "A node by its name; drawn as its place among all names."
  [ctx path value]
  ((numbered (:nodes ctx)) ctx path value))

(def ^:private mix
  "How often each kind of operation is drawn."
  (let [shape (closed (mapv (fn [kind] [kind shape/many]) (sort (keys (fault/words (Kind/values)))))
                      (set (keys (fault/words (Kind/values)))))]
    (fn [ctx path value]
      (when-let [parsed (shape ctx path value)]
        (if (some pos? (filter some? (vals parsed)))
          (update-keys parsed (fault/words (Kind/values)))
          (shape/problem! ctx path "at least one kind of operation with a number above 0" value))))))

(def ^:private workload-fields
  [[:shape (shape/word (zipmap (keys workload/shapes) (keys workload/shapes)))]
   [:operations (choice (shape/whole 1 100000))]
   [:chains (choice (shape/whole 0 1000))]
   [:pause (choice shape/duration)]
   [:open (choice shape/percent)]
   [:over (choice shape/duration)]
   [:mix mix]
   [:fua (choice shape/percent)]
   [:bad (choice shape/percent)]
   [:blocks (choice (shape/whole 1 100000))]
   [:hot (choice (shape/whole 1 1000000))]
   [:hot-share (choice shape/percent)]
   [:last-reads shape/truth]])

(defn- parts-of
  "A shape of what only differs from something else: nothing has to be said."
  [fields]
  (closed fields (set (map first fields))))

(def ^:private client-fields
  (-> host
      (into (choices NodeSettings/OF_CLIENT))
      (into (choices (.all NodeSettings/POLICY)))
      (into (choices PlanSettings/OF_NODE))
      (into [[:server (choice node)]
             [:export shape/text]])
      (into terms)))

(def ^:private server-fields
  (-> host
      (into terms)
      (into (map (fn [[k shape]] [(if (= k :memory) :memory-in-all k) shape])) (choices (.all NodeSettings/SERVER)))))

(def ^:private each
  "What only one of several is told: its name, or how many of them there are."
  [[:name shape/text]
   [:count (shape/whole 1 1000)]])

(def ^:private device-fields
  (conj (choices PlanSettings/OF_EXPORT) [:access (shape/access (choice (shape/measured PlanSettings/PERMISSIONS)))]))

(def ^:private export-fields
  "Blocks are of one size everywhere."
  (conj (vec (remove (comp #{:block-size} first) device-fields)) [:name shape/text]))

(def ^:private disk-fields
  (setting/spread-fields PlanSettings/SPREADS_OF_DISK (spread shape/duration)))

(def ^:private link-fields
  (into (setting/spread-fields PlanSettings/SPREADS_OF_PATH (spread shape/duration)) (choices PlanSettings/OF_PATH)))

(defn- target-names
  "What there is that such a key can name."
  [ctx k]
  (case k
    :disk (:disk-names ctx)
    :path (:path-names ctx)
    (:nodes ctx)))

(defn- target
  "What a line hits: by which key it is said, the names that there are and the choice among them; nil if it is all."
  [ctx ^FaultKind kind parsed]
  (let [k (first (filter (partial contains? parsed) (fault/aimed kind)))
        key-of-usual (first (fault/aimed kind))
        names (target-names ctx (or k key-of-usual))
        usual (keep (fn [usual] (let [place (.indexOf ^List names usual)] (when-not (neg? place) place))) (.usual (.aim kind)))]
    (cond k {:key k, :names names, :choice (get parsed k)}
          (seq usual) {:key key-of-usual, :names names, :choice (choice/among usual)})))

(def fault-line
  "One line of :faults: what is not said is as the kind of fault has it."
  (fault/kind-shape
   (fn [^FaultKind kind]
     (let [settings (.settings kind)
           named (choices settings)
           shape (closed (-> [[:fault (fn [_ _ value] value)]
                              [:times (choice (shape/whole 0 1000))]
                              [:percent (choice shape/percent)]]
                             (into (map (fn [[k shape]] [k (choice shape)])) fault/when-fields)
                             (into fault/beside-when)
                             (into (map (fn [k] [k (choice (fn [ctx path value] ((numbered (target-names ctx k)) ctx path value)))]))
                                   (fault/aimed kind))
                             (into (remove (comp #{:times} first)) named))
                         (-> #{:times :percent}
                             (into (map first) (concat fault/when-fields fault/beside-when named))
                             (into (fault/aimed kind))))
           defaults (mapv (juxt setting/key-of choice/usual) settings)]
       (fn [ctx path value]
         (fault/one-when ctx path value false)
         (fault/one-target ctx path kind value false)
         (when-let [parsed (shape ctx path value)]
           {:kind kind
            :target (target ctx kind parsed)
            :name (:fault value)
            :times (:times parsed)
            :percent (:percent parsed)
            :when (some (fn [[k moment]] (when (contains? parsed k) [moment (get parsed k)])) fault/whens)
            :beside-when (select-keys parsed (keys fault/beside-when))
            :parameters (mapv (fn [[k default]] (get parsed k default)) defaults)}))))))

(defn expect
  "A shape of :holds, or of which rule is to be broken by which side."
  [ctx path value]
  (if (= value :holds)
    :holds
    ((closed [[:broken shape/rule]
              [:by (shape/word (fault/words (Side/values)))]]
             #{})
     ctx path value)))

(defn- few
  "A shape of a list with so many parts."
  ([most shape] (few 1 most shape))
  ([least most shape]
   (fn [ctx path value]
     (if (and (sequential? value) (<= (long least) (count value) (long most)))
       ((shape/list-of shape) ctx path value)
       (shape/problem! ctx path (str "a list in square brackets, of " least " to " most " maps") value)))))

(defn- other-node
  "A node of another kind: what it is told is said beside the rest, as its kind describes it."
  [ctx path value]
  (let [^NodeKind kind (when (and (map? value) (keyword? (:kind value))) (.orElse (Kinds/find (name (:kind value))) nil))]
    (cond
      kind
      (let [settings (.all (.settings kind))
            own (choices settings)
            fields (-> host
                       (into each)
                       (into [[:kind (fn [_ _ value] (name value))]
                              [:to (shape/list-of node)]
                              [:disks (shape/list-of shape/text)]
                              [:workload (parts-of workload-fields)]])
                       (into (choices PlanSettings/OF_NODE))
                       (into own))
            parsed ((closed fields (disj (set (map first fields)) :kind)) ctx path value)]
        (when parsed
          (assoc parsed :settings (.settings kind)
                 :own (mapv (fn [setting] (get parsed (setting/key-of setting) (choice/usual setting))) settings))))

      (and (map? value) (keyword? (:kind value)))
      (shape/problem! ctx (conj path :kind) (shape/no-kind (:kind value) (map keyword (Kinds/names))))

      :else (shape/problem! ctx path "a node such as {:kind :relay, :to [:server]}" value))))

(def ^:private shape
  (closed [[:doc shape/text]
           [:client (closed client-fields #{:server})]
           [:clients (few 0 200 (parts-of (-> client-fields (into each) (into [[:percent (choice shape/percent)] [:workload (parts-of workload-fields)]]))))]
           [:server (closed server-fields #{})]
           [:servers (few 0 200 (parts-of (-> server-fields (into each) (conj [:disks (shape/list-of shape/text)]))))]
           [:nodes (few 0 200 other-node)]
           [:device (closed device-fields #{})]
           [:exports (few 16 (parts-of export-fields))]
           [:disk (closed disk-fields #{})]
           [:disks (few 16 (parts-of (into disk-fields [[:name shape/text]
                                                        [:exports (few 16 (parts-of export-fields))]])))]
           [:link (closed link-fields #{})]
           [:paths (few ClientPolicy/LINKS_MAX (parts-of (conj link-fields [:name shape/text])))]
           [:workload (closed workload-fields #{:shape})]
           [:faults (shape/list-of fault-line)]
           [:standing (shape/list-of (shape/word fault/standing))]
           [:enable (fn [ctx path value] (if (= value :all) :all ((choice (shape/whole 0 1000)) ctx path value)))]
           [:heal (choice shape/duration)]
           [:settle (choice shape/duration)]
           [:expect expect]]
          #{}))

(defn- shaped
  "A workload that names a shape, with that shape's habits under what it says itself."
  [said]
  (let [said (if (keyword? said) {:shape said} said)]
    (if (map? said) (merge (get workload/shapes (:shape said)) said) said)))

(defn- with-shapes [value]
  (let [of (fn [part] (if (and (map? part) (contains? part :workload)) (update part :workload shaped) part))
        value (of value)]
    (reduce (fn [value k] (if (sequential? (get value k)) (update value k (partial mapv of)) value)) value [:clients :nodes])))

(defn- over-defaults
  "The scenario over what holds by default; a map of the scenario changes single keys, but for :mix, :access, which are one thing."
  [defaults value]
  (if (map? value)
    (merge-with (fn [default said] (if (and (map? default) (map? said)) (merge default said) said)) defaults (with-shapes value))
    value))

(def ^:private default-workload
  (delay (:workload (shape/read-edn "defaults.edn" (slurp (io/resource "library/defaults.edn"))))))

(defn habits
  "What a workload with these options does, as scenarios have it; throws WrongInput with all that is wrong."
  [called options]
  (let [ctx (shape/context called)]
    (if (map? options)
      (shape/finish ctx ((closed workload-fields #{:shape}) ctx [] (merge @default-workload (shaped options))))
      (shape/finish ctx (shape/problem! ctx [] "a map such as {:mix {:read 1 :write 2}}" options)))))

(defn- where
  "The path to a part of a list, or to what holds for all if the list only repeats it."
  [singular plural parts index k]
  (if (contains? (nth parts index nil) k) [plural index k] [singular k]))

(defn- fits
  "What no single key can say: whether the parts go together."
  [ctx said {:keys [clients nodes servers device disks exports paths]}]
  (let [block (choice/most (:block-size device))
        names (distinct (map :name exports))]
    (doseq [[index {:keys [exports]}] (map-indexed vector disks)]
      (when-not (apply distinct? (map :name exports))
        (shape/problem! ctx (if (:exports (nth (:disks said) index)) [:disks index :exports] [:exports]) "two of them have the same :name")))
    (doseq [[place all] [[:disks disks] [:paths paths] [:nodes (concat clients nodes servers)]]]
      (when-not (apply distinct? ::none (keep :name all))
        (shape/problem! ctx [place] "two of them have the same :name")))
    (when-not (or (seq clients) (some :workload nodes))
      (shape/problem! ctx [:clients] "nobody is asked to do anything: expected a client, or a node with a :workload"))
    (doseq [[index {disks-of :disks}] (map-indexed vector servers)
            missing (remove (set (map :name disks)) disks-of)]
      (shape/problem! ctx [:servers index :disks] (str "there is no disk " (pr-str missing) "; there is " (string/join " and " (map :name disks)))))
    (doseq [[index {:keys [size shared permission]}] (map-indexed vector exports)
            :let [place (partial where :device :exports (:exports said) index)]]
      (when-not (zero? (rem (choice/least size) block))
        (shape/problem! ctx (place :size) (str "expected a whole number of blocks of " block " bytes")))
      (when (and (pos? (choice/most shared)) (.writes ^Permission (.value PlanSettings/PERMISSIONS (choice/most permission))))
        (shape/problem! ctx (place :permission) "expected :read or :none, since a shared export is read-only")))
    (doseq [[index {:keys [export workload]}] (map-indexed vector clients)
            :let [size (some (fn [that] (when (= export (:name that)) (choice/least (:size that)))) exports)
                  of-workload (fn [k] (if (contains? (:workload (nth (:clients said) index nil)) k) [:clients index :workload k] [:workload k]))]]
      (if (nil? size)
        (shape/problem! ctx (where :client :clients (:clients said) index :export)
                        (str "there is no export " (pr-str export) "; there is " (string/join " and " (map pr-str names))))
        (do
          (when (< (long size) (* block (choice/most (:blocks workload))))
            (shape/problem! ctx (of-workload :blocks) (str "an operation may be larger than the device of " size " bytes")))
          (when (< (long size) (* block (choice/most (:hot workload))))
            (shape/problem! ctx (of-workload :hot)
                            (str "the hot range of " (choice/most (:hot workload)) " blocks is larger than the device of " size " bytes"))))))
    (doseq [[singular plural hosts] [[:client :clients clients] [:server :servers servers]]
            [index host] (map-indexed vector hosts)
            :let [place (partial where singular plural (get said plural) index)
                  largest (apply max 1 (map (comp choice/most :blocks :workload) clients))]]
      (when (< (choice/least (:memory host)) (choice/most (:largest-transfer host)))
        (shape/problem! ctx (place :memory) "is smaller than :largest-transfer"))
      (when (< (choice/least (:largest-transfer host)) (* block (long largest)))
        (shape/problem! ctx (place :largest-transfer) "is smaller than the largest operation of :workload :blocks"))
      (when (< (choice/least (:keepalive host)) 1000000)
        (shape/problem! ctx (place :keepalive) "expected at least \"1 ms\"")))))

(defn- idle!
  "Notes what a file says of a workload whose shape does not heed it."
  [ctx {:keys [workload clients]}]
  (doseq [[path said] (cons [[:workload] workload]
                            (when (sequential? clients)
                              (map-indexed (fn [i client] [[:clients i :workload] (:workload client)]) clients)))
          :when (map? said)
          k (get workload/idle (:shape said))
          :when (contains? said k)]
    (shape/problem! ctx (conj path k) (str "counts for nothing in a workload " (:shape said)))))

(defn parse-value
  "The scenario that a map says, over the defaults; throws WrongInput with all that is wrong."
  [ctx scenario-name defaults-text said]
  (let [value (over-defaults (shape/read-edn "defaults.edn" defaults-text) said)
        ;; Where there is no client, nobody needs a server to be there.
        value (if (and (map? value) (= [] (:clients value)) (map? (:client value))) (update value :client dissoc :server) value)
        ctx (world/in-world ctx value)
        parsed (some-> (shape ctx [] value) (assoc :names (:nodes ctx)))
        _ (when (map? said) (idle! ctx said))
        right? (ArrayList/.isEmpty (:problems ctx))
        whole (when right? (world/complete parsed))]
    (when right?
      (fits ctx value whole))
    (assoc (shape/finish ctx whole) :name scenario-name :combinations @(:each ctx))))

(defn parse
  "The scenario in a text of EDN."
  [scenario-name file defaults-text text]
  (parse-value (shape/context file) scenario-name defaults-text (shape/read-edn file text)))

(defn summary
  "The first sentence of what a scenario says about itself."
  [scenario]
  (let [doc (string/trim (string/replace (:doc scenario) #"\s+" " "))]
    (or (second (re-find #"^(.*?[.!?])(?:\s|$)" doc)) doc)))
