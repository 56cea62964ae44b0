(ns dst.scenarios.edn.plan
  "A plan as EDN and back: everything in it, in an order and in units that a person can read and edit."
  (:require [clojure.string :as string]
            [dst.scenarios.edn.fault :as fault]
            [dst.scenarios.edn.quantity :as quantity]
            [dst.scenarios.edn.scenario :as scenario]
            [dst.scenarios.edn.shape :as shape :refer [closed list-of]])
  (:import (dst.protocol Access ClientSettings Device Holding Kind Machine Manner Overlap Permission ServerSettings Terms Unique Words)
           (dst.sim Plan Plan$ClientPlan Plan$DiskPlan Plan$ExportPlan Plan$HostPlan Plan$LinkPlan Plan$OperationPlan Plan$ServerPlan
                    Standing)
           (java.util TreeMap)))

(set! *warn-on-reflection* true)

(def ^:private kinds (fault/words (Kind/values)))
(def ^:private kind-words (into {} (map (fn [[word kind]] [kind word])) kinds))
(def ^:private permissions (fault/words (Permission/values)))
(def ^:private permission-words (into {} (map (fn [[word permission]] [permission word])) permissions))

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
  (array-map :page-size (.pageSize host) :clock-ppm (.clockPpm host) :program (.program host)))

(def ^:private program
  (shape/scalar (str "one of " (string/join " " (map pr-str scenario/programs))) (set scenario/programs)))

(def ^:private host
  (made (closed [[:page-size shape/page-size] [:clock-ppm shape/integer] [:program program]] #{})
        (fn [{:keys [page-size clock-ppm program]}] (Plan$HostPlan. (int page-size) (int clock-ppm) program))))

(defn- terms->edn [^Terms terms]
  (array-map :checksums (.checksums terms) :ciphers (.ciphers terms) :features (.features terms)
             :keepalive (quantity/duration-text (* 1000000 (.keepaliveMillis terms)))
             :largest-transfer (quantity/size-text (.largestTransfer terms))
             :transactions (.transactionsMax terms)
             :memory (quantity/size-text (.bytesMax terms))))

(def ^:private terms
  (made (closed [[:checksums small] [:ciphers small] [:features small] [:keepalive shape/duration]
                 [:largest-transfer shape/size] [:transactions small] [:memory shape/size]]
                #{})
        (fn [{:keys [checksums ciphers features keepalive largest-transfer transactions memory]}]
          (Terms. (int checksums) (int ciphers) (int features) (int (quot (long keepalive) 1000000)) (int largest-transfer)
                  (int transactions) (int memory)))))

(def ^:private truth (shape/scalar "true or false" (fn [v] (when (boolean? v) v))))

(def ^:private overlaps (fault/words (Overlap/values)))
(def ^:private overlap-words (into {} (map (fn [[word overlap]] [overlap word])) overlaps))
(def ^:private holdings (fault/words (Holding/values)))
(def ^:private holding-words (into {} (map (fn [[word holding]] [holding word])) holdings))

(defn- manner->edn [^Manner manner]
  (array-map :links (.links manner)
             :overlap (overlap-words (.overlap manner))
             :copied (quantity/size-text (.copiedBytesMax manner))
             :holding (holding-words (.holding manner))
             :attempts (if (= (.attemptsMax manner) Integer/MAX_VALUE) :unlimited (.attemptsMax manner))))

(def ^:private attempts
  (shape/scalar "a number of attempts, or :unlimited"
                (fn [value] (cond (= value :unlimited) Integer/MAX_VALUE
                                  (and (int? value) (<= 1 (long value) Integer/MAX_VALUE)) value))))

(def ^:private manner
  (made (closed [[:links small] [:overlap (shape/word overlaps)] [:copied shape/size] [:holding (shape/word holdings)] [:attempts attempts]] #{})
        (fn [{:keys [links overlap copied holding attempts]}]
          (Manner. (int links) overlap (long copied) holding (int attempts)))))

(defn- settings->edn [^ClientSettings settings]
  (array-map :export (.export settings)
             :terms (terms->edn (.terms settings))
             :identity (unique-text (.identity settings))
             :patience (if (= (.patienceNanos settings) Machine/NEVER) :for-ever (quantity/duration-text (.patienceNanos settings)))
             :resend (quantity/duration-text (.resendNanos settings))
             :reconnect (quantity/duration-text (.reconnectNanos settings))
             :retained (quantity/size-text (.retainedBytesMax settings))
             :failed-flushes (.failedFlushesMax settings)
             :manner (manner->edn (.manner settings))))

(def settings
  "What a client is told."
  (made (closed [[:export shape/text] [:terms terms] [:identity unique] [:patience (shape/duration-or :for-ever)]
                 [:resend shape/duration] [:reconnect shape/duration] [:retained shape/size] [:failed-flushes small] [:manner manner]]
                #{})
        (fn [{:keys [export terms identity patience resend reconnect retained failed-flushes manner]}]
          (ClientSettings. export terms identity patience resend reconnect retained (int failed-flushes) manner))))

(defn- client->edn [^Plan$ClientPlan client]
  (array-map :host (host->edn (.host client))
             :settings (settings->edn (.settings client))
             :starts (quantity/duration-text (.startAt client))
             :server (.server client)
             :buffers (.buffers client)))

(def ^:private client
  (made (closed [[:host host] [:settings settings] [:starts shape/duration] [:server small] [:buffers small]] #{})
        (fn [{:keys [host settings starts server buffers]}]
          (Plan$ClientPlan. host settings (long starts) (int server) (int buffers)))))

(defn- server->edn [^Plan$ServerPlan server]
  (let [settings (.settings server)]
    (array-map :host (host->edn (.host server))
               :links (.linksMax settings)
               :handshakes (.handshakesMax settings)
               :attachments (.attachmentsMax settings)
               :memory (quantity/size-text (.bytesMax settings)))))

(def server-settings
  "What a server is told."
  (made (closed [[:links small] [:handshakes small] [:attachments small] [:memory shape/size]] #{})
        (fn [{:keys [links handshakes attachments memory]}]
          (ServerSettings. (int links) (int handshakes) (int attachments) (long memory)))))

(def ^:private server
  (made (closed [[:host host] [:links small] [:handshakes small] [:attachments small] [:memory shape/size]] #{})
        (fn [{:keys [host links handshakes attachments memory]}]
          (Plan$ServerPlan. host (ServerSettings. (int links) (int handshakes) (int attachments) (long memory))))))

(def ^:private access
  "Who may do what: a map from a node, or \"*\", to a permission."
  (fn [ctx path value]
    (if (and (map? value) (every? string? (keys value)))
      (let [permission (shape/word permissions)
            rules (TreeMap.)]
        (doseq [[principal word] value]
          (when-let [parsed (permission ctx (conj path principal) word)]
            (.put rules principal parsed)))
        (Access. rules))
      (shape/problem! ctx path "a map such as {\"*\" :both}" value))))

(defn- access->edn [^Access access]
  (into (array-map) (map (fn [[principal permission]] [principal (permission-words permission)])) (.rules access)))

(defn- export->edn [^Plan$ExportPlan export]
  (let [device (.device export)]
    (array-map :name (.name export)
               :start (quantity/size-text (.start export))
               :identity (unique-text (.identity device))
               :size (quantity/size-text (.size device))
               :block-size (.blockSize device)
               :permission (permission-words (.permission device))
               :shared (.shared export)
               :access (access->edn (.access export))
               :terms (terms->edn (.terms export)))))

(def ^:private export
  (made (closed [[:name shape/text] [:start shape/size] [:identity unique] [:size shape/size] [:block-size small]
                 [:permission (shape/word permissions)] [:shared truth] [:access access] [:terms terms]]
                #{})
        (fn [{:keys [name start identity size block-size permission shared access terms]}]
          (Plan$ExportPlan. name (long start) (Device. identity size (int block-size) permission) terms shared access))))

(defn- between->edn [^long low ^long high]
  [(quantity/duration-text low) (quantity/duration-text high)])

(def ^:private between
  (made (list-of shape/duration)
        (fn [[low high & more]]
          (if (and low high (nil? more) (<= (long low) (long high)))
            [low high]
            (throw (IllegalArgumentException. "expected two durations, the smaller one first"))))))

(defn- disk->edn [^Plan$DiskPlan disk]
  (array-map :latency (between->edn (.latencyNanosMin disk) (.latencyNanosMax disk))
             :flush (between->edn (.flushNanosMin disk) (.flushNanosMax disk))))

(def ^:private disk
  (made (closed [[:latency between] [:flush between]] #{})
        (fn [{[low high] :latency [flush-low flush-high] :flush}] (Plan$DiskPlan. low high flush-low flush-high))))

(defn- link->edn [^Plan$LinkPlan link]
  (array-map :delay (between->edn (.delayNanosMin link) (.delayNanosMax link))
             :bandwidth (if (zero? (.bytesPerSecond link)) :unlimited (quantity/size-text (.bytesPerSecond link)))
             :split (.splitMax link)
             :buffer (if (zero? (.bufferBytes link)) :unlimited (quantity/size-text (.bufferBytes link)))))

(def ^:private link
  (made (closed [[:delay between] [:bandwidth shape/rate] [:split small] [:buffer shape/rate]] #{})
        (fn [{[low high] :delay bandwidth :bandwidth split :split buffer :buffer}]
          (Plan$LinkPlan. low high bandwidth (int split) (int buffer)))))

(defn- operation->edn [^Plan$OperationPlan operation]
  (cond-> (array-map :tag (.tag operation) :do (kind-words (.kind operation)) :at (quantity/duration-text (.at operation)))
    (pos? (.client operation)) (assoc :client (.client operation))
    (not= Plan$OperationPlan/NOTHING (.after operation)) (assoc :after (.after operation))
    (not= Kind/FLUSH (.kind operation)) (assoc :offset (.offset operation) :length (.length operation))
    (.durable operation) (assoc :durable true)))

(def ^:private operation
  (made (closed [[:tag (at-least 1 "a number above 0")] [:client small] [:do (shape/word kinds)] [:at shape/duration] [:after number]
                 [:offset number] [:length small] [:durable truth]]
                #{:client :after :offset :length :durable})
        (fn [{:keys [tag client do at after offset length durable]}]
          (Plan$OperationPlan. tag (int (or client 0)) at (or after Plan$OperationPlan/NOTHING) do (or offset 0) (int (or length 0)) (boolean durable)))))

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
  (made (closed [[:scenario shape/text] [:seed seed] [:clients (list-of client)] [:servers (list-of server)] [:exports (list-of export)]
                 [:disk disk] [:paths (list-of link)] [:heal shape/duration] [:settle shape/duration] [:faults (list-of fault/planned)]
                 [:standing (list-of (shape/word fault/standing))]
                 [:operations (fn [ctx path value] (consistent ctx ((list-of operation) ctx path value)))]]
                #{:standing})
        (fn [{:keys [scenario seed clients servers exports disk paths operations faults standing heal settle]}]
          (Plan. scenario seed clients servers exports disk paths operations faults (or standing []) heal settle))))

(defn ->edn [^Plan plan]
  (let [standing (mapv (comp keyword Standing/.kind) (.standing plan))]
    (apply array-map
           (concat [:scenario (.scenario plan)
                    :seed (.seed plan)
                    :clients (mapv client->edn (.clients plan))
                    :servers (mapv server->edn (.servers plan))
                    :exports (mapv export->edn (.exports plan))
                    :disk (disk->edn (.disk plan))
                    :paths (mapv link->edn (.paths plan))
                    :heal (quantity/duration-text (.healAt plan))
                    :settle (quantity/duration-text (.settleWithin plan))]
                   (when (seq standing) [:standing standing])
                   [:faults (mapv fault/->edn (.faults plan))
                    :operations (mapv operation->edn (.operations plan))]))))

(defn- line
  "A map on one line, its keys in their order."
  [value]
  (str "{" (string/join " " (map (fn [[k v]] (str (pr-str k) " " (if (map? v) (line v) (pr-str v)))) value)) "}"))

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
  (let [ctx (shape/context file)]
    (shape/finish ctx (plan ctx [] (shape/read-edn file text)))))
