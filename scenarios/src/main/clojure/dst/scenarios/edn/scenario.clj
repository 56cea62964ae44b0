(ns dst.scenarios.edn.scenario
  "A scenario as it stands in a file of the library: its shape, its defaults, and its reading."
  (:require [clojure.java.io :as io]
            [clojure.string :as string]
            [dst.scenarios.edn.choice :as choice :refer [choice spread]]
            [dst.scenarios.edn.fault :as fault]
            [dst.scenarios.edn.setting :as setting]
            [dst.scenarios.edn.shape :as shape :refer [closed]]
            [dst.scenarios.edn.workload :as workload])
  (:import (dst.protocol Kind Manner Permission Side)
           (dst.protocol.fault FaultKind)
           (dst.protocol.setting NodeSettings)
           (dst.sim PlanSettings)
           (java.util ArrayList)))

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

(defn- enumerated
  "A choice of an enum's keywords; drawn as an ordinal."
  [values]
  (let [known (fault/words values)]
    (choice (fn [ctx path value] (some-> ((shape/word known) ctx path value) (Enum/.ordinal))))))

(def ^:private permissions (object-array (Permission/values)))
(def ^:private permission (enumerated (Permission/values)))

(def ^:private truth (shape/scalar "true or false" (fn [value] (when (boolean? value) value))))

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
   [:last-reads truth]])

(defn- parts-of
  "A shape of what only differs from something else: nothing has to be said."
  [fields]
  (closed fields (set (map first fields))))

(def ^:private client-fields
  (-> host
      (into (choices NodeSettings/OF_CLIENT))
      (into (choices (.all NodeSettings/MANNER)))
      (into (choices PlanSettings/OF_CLIENT))
      (into [[:server (choice (numbered ["server" "server-2"]))]
             [:export shape/text]])
      (into terms)))

(def ^:private server-fields
  (-> host
      (into terms)
      (into (map (fn [[k shape]] [(if (= k :memory) :memory-in-all k) shape])) (choices (.all NodeSettings/SERVER)))))

(def ^:private access
  "Who may do what: nodes, or \"*\" for everybody else."
  (fn [ctx path value]
    (if (and (map? value) (every? string? (keys value)))
      (into (sorted-map) (map (fn [[who what]] [who (permission ctx (conj path who) what)])) value)
      (shape/problem! ctx path "a map such as {\"*\" :both, \"client-2\" :read}" value))))

(def ^:private device-fields
  [[:size (choice shape/size)]
   [:permission permission]
   [:shared truth]
   [:access access]])

(def ^:private link-fields
  (into [[:delay (spread shape/duration)]] (choices PlanSettings/OF_LINK)))

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
                             (into (remove (comp #{:times} first)) named))
                         (into #{:times :percent} (map first) (concat fault/when-fields fault/beside-when named)))
           defaults (mapv (juxt setting/key-of choice/usual) settings)]
       (fn [ctx path value]
         (fault/one-when ctx path value false)
         (when-let [parsed (shape ctx path value)]
           {:kind kind
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
  "A shape of a list with at least one and at most so many parts."
  [most shape]
  (fn [ctx path value]
    (if (and (sequential? value) (<= 1 (count value) (long most)))
      ((shape/list-of shape) ctx path value)
      (shape/problem! ctx path (str "a list in square brackets, of 1 to " most " maps") value))))

(def ^:private shape
  (closed [[:doc shape/text]
           [:client (closed client-fields #{})]
           [:clients (few 3 (parts-of (into client-fields [[:percent (choice shape/percent)] [:workload (parts-of workload-fields)]])))]
           [:server (closed server-fields #{})]
           [:servers (few 2 (parts-of server-fields))]
           [:device (closed (conj device-fields [:block-size (choice shape/page-size)]) #{})]
           [:exports (few 16 (parts-of (conj device-fields [:name shape/text])))]
           [:disk (closed [[:latency (spread shape/duration)] [:flush (spread shape/duration)]] #{})]
           [:link (closed link-fields #{})]
           [:paths (few Manner/LINKS_MAX (parts-of link-fields))]
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
    (if (sequential? (:clients value)) (update value :clients (partial mapv of)) value)))

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

(defn- each-over
  "The parts of a list, each over what holds for all of them."
  [common parts]
  (mapv (fn [part] (merge common part)) parts))

(defn- complete
  "Every client, server, export and path with all that it is made of."
  [{:keys [client clients server servers device exports link paths workload] :as parsed}]
  (assoc parsed
         :clients (mapv (fn [part] (assoc (merge client part) :workload (merge workload (:workload part)))) clients)
         :servers (each-over server servers)
         :exports (mapv (fn [export] (merge {:name "disk"} export)) (each-over (dissoc device :block-size) exports))
         :paths (each-over link paths)))

(defn- where
  "The path to a part of a list, or to what holds for all if the list only repeats it."
  [singular plural parts index k]
  (if (contains? (nth parts index) k) [plural index k] [singular k]))

(defn- fits
  "What no single key can say: whether the parts go together."
  [ctx said {:keys [clients servers device exports]}]
  (let [block (choice/most (:block-size device))
        names (mapv :name exports)]
    (when-not (apply distinct? names)
      (shape/problem! ctx [:exports] "two of them have the same :name"))
    (doseq [[index {:keys [size shared permission]}] (map-indexed vector exports)
            :let [place (partial where :device :exports (:exports said) index)]]
      (when-not (zero? (rem (choice/least size) block))
        (shape/problem! ctx (place :size) (str "expected a whole number of blocks of " block " bytes")))
      (when (and shared (.writes ^Permission (aget ^objects permissions (choice/most permission))))
        (shape/problem! ctx (place :permission) "expected :read or :none, since a shared export is read-only")))
    (doseq [[index {:keys [export server workload] :as client}] (map-indexed vector clients)
            :let [size (some (fn [that] (when (= export (:name that)) (choice/least (:size that)))) exports)
                  of-workload (fn [k] (if (contains? (:workload (nth (:clients said) index)) k) [:clients index :workload k] [:workload k]))]]
      (if (nil? size)
        (shape/problem! ctx (where :client :clients (:clients said) index :export)
                        (str "there is no export " (pr-str export) "; there is " (string/join " and " (map pr-str names))))
        (do
          (when (< (long size) (* block (choice/most (:blocks workload))))
            (shape/problem! ctx (of-workload :blocks) (str "an operation may be larger than the device of " size " bytes")))
          (when (< (long size) (* block (choice/most (:hot workload))))
            (shape/problem! ctx (of-workload :hot)
                            (str "the hot range of " (choice/most (:hot workload)) " blocks is larger than the device of " size " bytes")))))
      (when (<= (count servers) (choice/most server))
        (shape/problem! ctx (where :client :clients (:clients said) index :server) "there is no second one in :servers")))
    (doseq [[singular plural hosts] [[:client :clients clients] [:server :servers servers]]
            [index host] (map-indexed vector hosts)
            :let [place (partial where singular plural (get said plural) index)
                  largest (apply max (map (comp choice/most :blocks :workload) clients))]]
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
        parsed (shape ctx [] value)
        _ (when (map? said) (idle! ctx said))
        right? (ArrayList/.isEmpty (:problems ctx))
        whole (when right? (complete parsed))]
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
