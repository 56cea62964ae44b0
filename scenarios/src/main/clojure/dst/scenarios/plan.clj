(ns dst.scenarios.plan
  "A plan as EDN and back: everything in it, in an order and in units that a person can read and edit."
  (:require [clojure.string :as string]
            [dst.scenarios.fault :as fault]
            [dst.scenarios.quantity :as quantity]
            [dst.scenarios.shape :as shape :refer [closed list-of]])
  (:import (dst.protocol ClientSettings Device Kind Machine Permission Terms Unique Words)
           (dst.sim Plan Plan$DiskPlan Plan$ExportPlan Plan$HostPlan Plan$LinkPlan Plan$OperationPlan)))

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
  (array-map :page-size (.pageSize host) :clock-ppm (.clockPpm host)))

(def ^:private host
  (made (closed [[:page-size shape/page-size] [:clock-ppm shape/integer]] #{})
        (fn [{:keys [page-size clock-ppm]}] (Plan$HostPlan. (int page-size) (int clock-ppm)))))

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

(defn- settings->edn [^ClientSettings settings]
  (array-map :export (.export settings)
             :terms (terms->edn (.terms settings))
             :identity (unique-text (.identity settings))
             :patience (if (= (.patienceNanos settings) Machine/NEVER) :for-ever (quantity/duration-text (.patienceNanos settings)))
             :resend (quantity/duration-text (.resendNanos settings))
             :reconnect (quantity/duration-text (.reconnectNanos settings))
             :retained (quantity/size-text (.retainedBytesMax settings))
             :failed-flushes (.failedFlushesMax settings)))

(def ^:private settings
  (made (closed [[:export shape/text] [:terms terms] [:identity unique] [:patience (shape/duration-or :for-ever)]
                 [:resend shape/duration] [:reconnect shape/duration] [:retained shape/size] [:failed-flushes small]]
                #{})
        (fn [{:keys [export terms identity patience resend reconnect retained failed-flushes]}]
          (ClientSettings. export terms identity patience resend reconnect retained (int failed-flushes)))))

(defn- export->edn [^Plan$ExportPlan export]
  (let [device (.device export)]
    (array-map :identity (unique-text (.identity device))
               :size (quantity/size-text (.size device))
               :block-size (.blockSize device)
               :permission (permission-words (.permission device))
               :terms (terms->edn (.terms export)))))

(def ^:private export
  (made (closed [[:identity unique] [:size shape/size] [:block-size small] [:permission (shape/word permissions)] [:terms terms]] #{})
        (fn [{:keys [identity size block-size permission terms]}]
          (Plan$ExportPlan. (Device. identity size (int block-size) permission) terms))))

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
             :split (.splitMax link)))

(def ^:private link
  (made (closed [[:delay between] [:bandwidth shape/rate] [:split small]] #{})
        (fn [{[low high] :delay bandwidth :bandwidth split :split}] (Plan$LinkPlan. low high bandwidth (int split)))))

(defn- operation->edn [^Plan$OperationPlan operation]
  (cond-> (array-map :tag (.tag operation) :do (kind-words (.kind operation)) :at (quantity/duration-text (.at operation)))
    (not= Plan$OperationPlan/NOTHING (.after operation)) (assoc :after (.after operation))
    (not= Kind/FLUSH (.kind operation)) (assoc :offset (.offset operation) :length (.length operation))
    (.durable operation) (assoc :durable true)))

(def ^:private operation
  (made (closed [[:tag (at-least 1 "a number above 0")] [:do (shape/word kinds)] [:at shape/duration] [:after number]
                 [:offset number] [:length small] [:durable (shape/scalar "true or false" (fn [v] (when (boolean? v) v)))]]
                #{:after :offset :length :durable})
        (fn [{:keys [tag do at after offset length durable]}]
          (Plan$OperationPlan. tag at (or after Plan$OperationPlan/NOTHING) do (or offset 0) (int (or length 0)) (boolean durable)))))

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
  (made (closed [[:scenario shape/text] [:seed seed] [:client host] [:server host] [:settings settings] [:export export]
                 [:disk disk] [:link link] [:heal shape/duration] [:settle shape/duration] [:faults (list-of fault/planned)]
                 [:operations (fn [ctx path value] (consistent ctx ((list-of operation) ctx path value)))]]
                #{})
        (fn [{:keys [scenario seed client server settings export disk link operations faults heal settle]}]
          (Plan. scenario seed client server settings export disk link operations faults heal settle))))

(defn ->edn [^Plan plan]
  (array-map :scenario (.scenario plan)
             :seed (.seed plan)
             :client (host->edn (.client plan))
             :server (host->edn (.server plan))
             :settings (settings->edn (.settings plan))
             :export (export->edn (.export plan))
             :disk (disk->edn (.disk plan))
             :link (link->edn (.link plan))
             :heal (quantity/duration-text (.healAt plan))
             :settle (quantity/duration-text (.settleWithin plan))
             :faults (mapv fault/->edn (.faults plan))
             :operations (mapv operation->edn (.operations plan))))

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
