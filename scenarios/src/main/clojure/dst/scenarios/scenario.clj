(ns dst.scenarios.scenario
  "A scenario as it stands in a file of the library: its shape, its defaults, and its reading."
  (:require [clojure.string :as string]
            [dst.scenarios.choice :as choice :refer [choice spread]]
            [dst.scenarios.fault :as fault]
            [dst.scenarios.shape :as shape :refer [closed]])
  (:import (dst.protocol Kind Permission Side)
           (java.util ArrayList)))

(set! *warn-on-reflection* true)

(def ^:private terms
  [[:keepalive (choice shape/duration)]
   [:largest-transfer (choice shape/size)]
   [:transactions (choice (shape/whole 1 512))]
   [:memory (choice shape/size)]])

(def ^:private host
  [[:page-size (choice shape/page-size)]
   [:clock-ppm (choice (shape/whole -100000 100000))]])

(def ^:private client
  (closed (-> host
              (into [[:patience (choice (shape/duration-or :for-ever))]
                     [:resend (choice shape/duration)]
                     [:reconnect (choice shape/duration)]
                     [:retained (choice shape/size)]
                     [:failed-flushes (choice (shape/whole 1 1000))]])
              (into terms))
          #{}))

(def ^:private block-size
  (shape/scalar "a block size: a power of two from 512 to \"64 KiB\"" (fn [value] (shape/page-size {:problems (ArrayList.)} [] value))))

(def ^:private permission
  (let [permissions (fault/words (Permission/values))]
    (fn [ctx path value]
      (some-> ((shape/word permissions) ctx path value) (Enum/.ordinal)))))

(def ^:private mix
  "How often each kind of operation is drawn."
  (let [shape (closed (mapv (fn [kind] [kind shape/many]) (sort (keys (fault/words (Kind/values)))))
                      (set (keys (fault/words (Kind/values)))))]
    (fn [ctx path value]
      (when-let [parsed (shape ctx path value)]
        (if (some pos? (filter some? (vals parsed)))
          (update-keys parsed (fault/words (Kind/values)))
          (shape/problem! ctx path "at least one kind of operation with a number above 0" value))))))

(def ^:private workload
  (closed [[:operations (choice (shape/whole 1 100000))]
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
           [:last-reads (shape/scalar "true or false" (fn [value] (when (boolean? value) value)))]]
          #{}))

(def ^:private fault-line
  "One line of :faults: what is not said is as the table of faults has it."
  (fault/kind-shape
   (fn [{:keys [parameters] :as kind}]
     (let [named (map (fn [[k {:keys [shape]}]] [k (choice shape)]) parameters)
           shape (closed (-> [[:fault (fn [_ _ value] value)]
                              [:times (choice (shape/whole 0 1000))]
                              [:percent (choice shape/percent)]]
                             (into (map (fn [[k shape]] [k (choice shape)])) fault/when-fields)
                             (conj [:direction-of-message fault/message-direction])
                             (into (remove (comp #{:times} first)) named))
                         (into #{:times :percent :direction-of-message} (map first) (concat fault/when-fields named)))
           defaults (mapv (fn [[k {:keys [shape]} value]] [k ((choice shape) (shape/context "the table of faults") [k] value)])
                          parameters)]
       (fn [ctx path value]
         (fault/one-when ctx path value false)
         (when-let [parsed (shape ctx path value)]
           {:kind kind
            :name (:fault value)
            :times (:times parsed)
            :percent (:percent parsed)
            :when (some (fn [[k]] (when (contains? parsed k) [k (get parsed k)])) fault/when-fields)
            :direction (:direction-of-message parsed)
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

(def ^:private shape
  (closed [[:doc shape/text]
           [:client client]
           [:server (closed (into host terms) #{})]
           [:device (closed [[:size (choice shape/size)] [:block-size (choice block-size)] [:permission (choice permission)]] #{})]
           [:disk (closed [[:latency (spread shape/duration)] [:flush (spread shape/duration)]] #{})]
           [:link (closed [[:delay (spread shape/duration)] [:bandwidth (choice shape/rate)] [:split (choice (shape/whole 1 65536))]] #{})]
           [:workload workload]
           [:faults (shape/list-of fault-line)]
           [:enable (fn [ctx path value] (if (= value :all) :all ((choice (shape/whole 0 1000)) ctx path value)))]
           [:heal (choice shape/duration)]
           [:settle (choice shape/duration)]
           [:expect expect]]
          #{}))

(defn- over-defaults
  "The scenario over what holds by default; a map of the scenario changes single keys, but for :mix, which is one thing."
  [defaults value]
  (if (map? value)
    (merge-with (fn [default said] (if (and (map? default) (map? said)) (merge default said) said)) defaults value)
    value))

(defn- fits
  "What no single key can say: whether the parts go together."
  [ctx {:keys [client server device workload]}]
  (let [block (choice/most (:block-size device))
        size (choice/least (:size device))
        hot (choice/most (:hot workload))]
    (when-not (zero? (rem size block))
      (shape/problem! ctx [:device :size] (str "expected a whole number of blocks of " block " bytes")))
    (when (< size (* block (choice/most (:blocks workload))))
      (shape/problem! ctx [:workload :blocks] (str "an operation may be larger than the device of " size " bytes")))
    (when (< size (* block hot))
      (shape/problem! ctx [:workload :hot] (str "the hot range of " hot " blocks is larger than the device of " size " bytes")))
    (doseq [[k host] [[:client client] [:server server]]]
      (when (< (choice/least (:memory host)) (choice/most (:largest-transfer host)))
        (shape/problem! ctx [k :memory] "is smaller than :largest-transfer"))
      (when (< (choice/least (:largest-transfer host)) (* block (choice/most (:blocks workload))))
        (shape/problem! ctx [k :largest-transfer] "is smaller than the largest operation of :workload :blocks"))
      (when (< (choice/least (:keepalive host)) 1000000)
        (shape/problem! ctx [k :keepalive] "expected at least \"1 ms\"")))))

(defn parse
  "The scenario in a text, over the defaults; throws WrongInput with all that is wrong."
  [scenario-name file defaults-text text]
  (let [ctx (shape/context file)
        said (shape/read-edn file text)
        value (over-defaults (shape/read-edn "defaults.edn" defaults-text) said)
        before (ArrayList. ^ArrayList (:problems ctx))
        parsed (shape ctx [] value)]
    (when (= before (:problems ctx))
      (fits ctx parsed))
    (assoc (shape/finish ctx parsed) :name scenario-name :combinations @(:each ctx))))

(defn summary
  "The first sentence of what a scenario says about itself."
  [scenario]
  (let [doc (string/trim (string/replace (:doc scenario) #"\s+" " "))]
    (or (second (re-find #"^(.*?[.!?])(?:\s|$)" doc)) doc)))
