(ns dst.scenarios.edn.plan
  "A plan as EDN and back: everything in it, in an order and in units that a person can read and edit."
  (:require [clojure.string :as string]
            [dst.scenarios.edn.fault :as fault]
            [dst.scenarios.edn.quantity :as quantity]
            [dst.scenarios.edn.setting :as setting]
            [dst.scenarios.edn.shape :as shape :refer [closed list-of]])
  (:import (dst.protocol Access ClientSettings Kind ServerSettings Terms Unique Words)
           (dst.protocol.setting NodeSettings)
           (dst.scenarios.kinds Kinds)
           (dst.sim NodeKind Plan Plan$DiskPlan Plan$ExportPlan Plan$HostPlan Plan$NodePlan Plan$OperationPlan Plan$PathPlan Plan$WayPlan
                    PlanSettings Standing)
           (java.util Map TreeMap)))

(set! *warn-on-reflection* true)

(def ^:private kinds (fault/words (Kind/values)))
(def ^:private kind-words (into {} (map (fn [[word kind]] [kind word])) kinds))

(defn- unique-text [^Unique unique]
  (if (= unique Unique/NONE) :none (str (Words/hex (.high unique)) (Words/hex (.low unique)))))

(def ^:private unique
  (shape/scalar "32 hexadecimal digits in quotes, or :none"
                (fn [value]
                  (cond (= value :none) Unique/NONE
                        (and (string? value) (re-matches #"[0-9a-f]{32}" value))
                        (Unique. (Long/parseUnsignedLong (subs value 0 16) 16) (Long/parseUnsignedLong (subs value 16) 16))))))

(def ^:private seed
  (shape/scalar "a whole number" (fn [value] (when (int? value) value))))

(defn- at-least [^long low expected]
  (shape/scalar expected (fn [value] (when (and (int? value) (<= low (long value))) value))))

(def ^:private number (at-least 0 "a whole number from 0"))
(def ^:private small (shape/whole 0 Integer/MAX_VALUE))

(defn- made
  "A shape that makes something of what another shape found; what the making refuses is a problem of that place."
  [shape make]
  (fn [ctx path value]
    (let [problems (fn [] (.size ^java.util.ArrayList (:problems ctx)))
          before (problems)
          parsed (shape ctx path value)]
      (when (= before (problems))
        (try
          (make parsed)
          (catch IllegalArgumentException refused
            (shape/problem! ctx path (ex-message refused))))))))

;; Each part: from the record to EDN, and the shape that leads back.

(defn- host->edn [^Plan$HostPlan host]
  (setting/in-order (setting/->edn PlanSettings/HOST host)))

(def ^:private host
  (made (closed (setting/fields (.all PlanSettings/HOST)) #{}) (partial setting/made PlanSettings/HOST)))

(defn- terms->edn [^Terms terms]
  (setting/in-order (setting/->edn NodeSettings/TERMS terms)))

(def ^:private terms
  (made (closed (setting/fields (.all NodeSettings/TERMS)) #{}) (partial setting/made NodeSettings/TERMS)))

(def ^:private manner
  (made (closed (setting/fields (.all NodeSettings/POLICY)) #{}) (partial setting/made NodeSettings/POLICY)))

(defn- settings->edn [^ClientSettings settings]
  (setting/in-order
   (concat [[:export (.export settings)]
            [:terms (terms->edn (.terms settings))]
            [:identity (unique-text (.identity settings))]]
           (setting/->edn (NodeSettings/client settings) settings)
           [[:manner (setting/in-order (setting/->edn NodeSettings/POLICY (.policy settings)))]])))

(def settings
  "What a client is told."
  (made (closed (into [[:export shape/text] [:terms terms] [:identity unique] [:manner manner]] (setting/fields NodeSettings/OF_CLIENT)) #{})
        (fn [{:keys [export terms identity manner] :as parsed}]
          (setting/made (NodeSettings/client export terms identity manner) parsed))))

(def server-settings
  "What a server is told."
  (made (closed (setting/fields (.all NodeSettings/SERVER)) #{}) (partial setting/made NodeSettings/SERVER)))

;; Each kind of node has settings of its own.

(defn- settings-of->edn [kind settings]
  (condp instance? settings
    ClientSettings (settings->edn settings)
    ServerSettings (setting/in-order (setting/->edn NodeSettings/SERVER settings))
    (let [described (.settings (Kinds/of kind settings))]
      (setting/in-order (setting/->edn described settings)))))

(defn settings-of
  "A shape of what a node of that kind is told; nothing if there is no such kind."
  [kind]
  (case kind
    :client settings
    :server server-settings
    (when-let [^NodeKind known (and (keyword? kind) (.orElse (Kinds/find (name kind)) nil))]
      (let [described (.settings ^NodeKind known)]
        (made (closed (setting/fields (.all described)) #{}) (partial setting/made described))))))

(def ^:private way
  (made (closed [[:to shape/text] [:path shape/text]] #{})
        (fn [{:keys [to path]}] (Plan$WayPlan. to path))))

(defn- node->edn [^Plan$NodePlan node]
  (let [[starts buffers] (setting/->edn (PlanSettings/node node) node)]
    (setting/in-order
     (concat
      [[:name (.name node)]
       [:kind (keyword (.kind node))]
       [:host (host->edn (.host node))]
       [:settings (settings-of->edn (.kind node) (.settings node))]
       starts]
      (when (seq (.ways node))
        [[:ways (mapv (fn [^Plan$WayPlan way] (array-map :to (.to way) :path (.path way))) (.ways node))]])
      (when (seq (.disks node)) [[:disks (vec (.disks node))]])
      [buffers]))))

(defn- node-of [kind settings]
  (made (closed (into [[:name shape/text] [:kind (fn [_ _ value] value)] [:host host] [:settings settings] [:ways (list-of way)]
                       [:disks (list-of shape/text)]]
                      (setting/fields PlanSettings/OF_NODE))
                #{:ways :disks})
        (fn [{:keys [name host settings ways disks] :as parsed}]
          (let [^Plan$NodePlan node (Plan$NodePlan. name (clojure.core/name kind) host settings 0 (or ways []) (or disks []) 0)]
            (setting/made (PlanSettings/node node) parsed)))))

(def ^:private node
  "The kind says what its settings are."
  (fn [ctx path value]
    (let [kind (when (map? value) (:kind value))
          settings (settings-of kind)]
      (cond settings ((node-of kind settings) ctx path value)
            (keyword? kind) (shape/problem! ctx (conj path :kind)
                                            (shape/no-kind kind (map keyword (Kinds/names))))
            :else (shape/problem! ctx path "a node such as {:name \"client\" :kind :client}" value)))))

(def ^:private access
  (made (shape/access (shape/measured PlanSettings/PERMISSIONS))
        (fn [rules]
          (Access. (TreeMap. ^Map (update-vals rules (fn [number] (.value PlanSettings/PERMISSIONS number))))))))

(defn- access->edn [^Access access]
  (update-vals (into (sorted-map) (.rules access))
               (fn [permission] (shape/edn (.write PlanSettings/PERMISSIONS (.number PlanSettings/PERMISSIONS permission))))))

(defn- export->edn [^Plan$ExportPlan export]
  (setting/in-order
   (concat [[:name (.name export)]
            [:start (quantity/size-text (.start export))]
            [:identity (unique-text (.identity (.device export)))]]
           (setting/->edn (PlanSettings/export export) export)
           [[:access (access->edn (.access export))]
            [:terms (terms->edn (.terms export))]])))

(def ^:private export
  (made (closed (into [[:name shape/text] [:start shape/size] [:identity unique] [:access access] [:terms terms]]
                      (setting/fields PlanSettings/OF_EXPORT))
                #{})
        (fn [{:keys [name start identity terms access] :as parsed}]
          (setting/made (PlanSettings/export name start identity terms access) parsed))))

(defn- between->edn [^long low ^long high]
  [(quantity/duration-text low) (quantity/duration-text high)])

(def ^:private between
  (made (list-of shape/duration)
        (fn [[low high & more]]
          (if (and low high (nil? more) (<= (long low) (long high)))
            [low high]
            (throw (IllegalArgumentException. "expected two durations, the smaller one first"))))))

(defn- disk->edn [^Plan$DiskPlan disk]
  (setting/in-order (concat [[:name (.name disk)]]
                            (setting/spread-entries PlanSettings/SPREADS_OF_DISK disk between->edn)
                            [[:exports (mapv export->edn (.exports disk))]])))

(def ^:private disk
  (made (closed (-> [[:name shape/text]] (into (setting/spread-fields PlanSettings/SPREADS_OF_DISK between)) (conj [:exports (list-of export)])) #{})
        (fn [{:keys [name exports] :as parsed}]
          (setting/spread-over (Plan$DiskPlan/of name exports) PlanSettings/SPREADS_OF_DISK parsed))))

(defn- path->edn [^Plan$PathPlan path]
  (setting/in-order (concat [[:name (.name path)]]
                            (setting/spread-entries PlanSettings/SPREADS_OF_PATH path between->edn)
                            (setting/->edn (PlanSettings/path path) path))))

(def ^:private path
  (made (closed (-> [[:name shape/text]] (into (setting/spread-fields PlanSettings/SPREADS_OF_PATH between)) (into (setting/fields PlanSettings/OF_PATH))) #{})
        (fn [{:keys [name] :as parsed}]
          (setting/made (PlanSettings/path (setting/spread-over (Plan$PathPlan/called name) PlanSettings/SPREADS_OF_PATH parsed)) parsed))))

(defn- operation->edn [^Plan$OperationPlan operation]
  (cond-> (array-map :tag (.tag operation) :do (kind-words (.kind operation)) :at (quantity/duration-text (.at operation)))
    (not= "client" (.node operation)) (assoc :node (.node operation))
    (not= Plan$OperationPlan/NOTHING (.after operation)) (assoc :after (.after operation))
    (not= Kind/FLUSH (.kind operation)) (assoc :offset (.offset operation) :length (.length operation))
    (.durable operation) (assoc :durable true)))

(def ^:private operation
  (made (closed [[:tag (at-least 1 "a number above 0")] [:node shape/text] [:do (shape/word kinds)] [:at shape/duration] [:after number]
                 [:offset number] [:length small] [:durable shape/truth]]
                #{:node :after :offset :length :durable})
        (fn [{:keys [tag node do at after offset length durable]}]
          (Plan$OperationPlan. tag (or node "client") at (or after Plan$OperationPlan/NOTHING) do (or offset 0) (int (or length 0)) (boolean durable)))))

(defn- consistent
  "Tags are unique, and an operation waits for one that stands before it."
  [ctx operations]
  (when (every? some? operations)
   (reduce (fn [seen [index ^Plan$OperationPlan operation]]
            (when (contains? seen (.tag operation))
              (shape/problem! ctx [:operations index :tag] (str "there is another operation " (.tag operation))))
            (when-not (or (zero? (.after operation)) (contains? seen (.after operation)))
              (shape/problem! ctx [:operations index :after] (str "there is no operation " (.after operation) " before this one")))
            (conj seen (.tag operation)))
          #{}
          (map-indexed vector operations)))
  operations)

(def ^:private plan
  (made (closed [[:scenario shape/text] [:seed seed] [:nodes (list-of node)] [:disks (list-of disk)] [:paths (list-of path)] [:heal shape/duration] [:settle shape/duration] [:faults (list-of fault/planned)]
                 [:standing (list-of (shape/word fault/standing))]
                 [:operations (fn [ctx path value] (consistent ctx ((list-of operation) ctx path value)))]]
                #{:standing})
        (fn [{:keys [scenario seed nodes disks paths operations faults standing heal settle]}]
          (Plan. scenario seed nodes disks paths operations faults (or standing []) heal settle))))

(defn ->edn [^Plan plan]
  (let [standing (mapv (comp keyword Standing/.kind) (.standing plan))]
    (apply array-map
           (concat [:scenario (.scenario plan)
                    :seed (.seed plan)
                    :nodes (mapv node->edn (.nodes plan))
                    :disks (mapv disk->edn (.disks plan))
                    :paths (mapv path->edn (.paths plan))
                    :heal (quantity/duration-text (.healAt plan))
                    :settle (quantity/duration-text (.settleWithin plan))]
                   (when (seq standing) [:standing standing])
                   [:faults (mapv fault/->edn (.faults plan))
                    :operations (mapv operation->edn (.operations plan))]))))

(defn- line
  "A map on one line, its keys in their order."
  [value]
  (let [part (fn part [v]
               (cond (map? v) (line v)
                     (and (vector? v) (seq v) (every? map? v)) (str "[" (string/join " " (map part v)) "]")
                     :else (pr-str v)))]
    (str "{" (string/join " " (map (fn [[k v]] (str (pr-str k) " " (part v))) value)) "}")))

(defn text
  "The plan as a file: one line for each part, operation and fault."
  ^String [plan]
  (let [edn (->edn plan)
        widest (apply max (map (comp count str) (keys edn)))
        entry (fn [[k v]]
                (str k (string/join (repeat (- (inc (long widest)) (count (str k))) " "))
                     (cond (map? v) (line v)
                           (and (vector? v) (every? map? v)) (str "[" (string/join "\n  " (map line v)) "]")
                           :else (pr-str v))))]
    (str ";; Everything that one run consists of. Edit it and run it again: dst replay FOLDER\n"
         "{" (string/join "\n " (map (fn [[k v]]
                                       (if (and (vector? v) (every? map? v) (seq v))
                                         (str k "\n [" (string/join "\n  " (map line v)) "]")
                                         (entry [k v])))
                                     edn))
         "}\n")))

(defn parse
  "The plan in a text; throws WrongInput with all that is wrong."
  ^Plan [file text]
  (let [ctx (shape/context file)
        value (shape/read-edn file text)]
    (shape/finish ctx (if (and (map? value) (:clients value) (not (:nodes value)))
                        (shape/problem! ctx [] "a plan of an earlier version, which had no nodes with names: run its scenario with its seed again")
                        (plan ctx [] value)))))
