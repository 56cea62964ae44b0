(ns dst.scenarios.library.reading
  "What Java asks of the Clojure part: texts go in, Java values come out."
  (:require [clojure.string :as string]
            [dst.harness.history :as history]
            [dst.scenarios.edn.bug :as bug]
            [dst.scenarios.edn.plan :as plan]
            [dst.scenarios.edn.quantity :as quantity]
            [dst.scenarios.edn.scenario :as scenario]
            [dst.scenarios.edn.shape :as shape]
            [dst.scenarios.library.beginning :as beginning]
            [dst.scenarios.library.draw :as draw]
            [dst.scenarios.library.program :as program])
  (:import (dst.reports Expectation)
           (dst.scenarios.library RecordedNode Remembered Scenario)
           (dst.sim Standing)
           (java.util List Optional TreeSet)
           (java.util.function LongFunction)))

(set! *warn-on-reflection* true)

(defn- expectation ^Optional [expect]
  (if (= expect :holds) (Optional/empty) (Optional/of (Expectation. (:broken expect) (:by expect)))))

(defn- scenario-of ^Scenario [{scenario-name :name :as parsed} called draw faults ^Optional checker]
  (Scenario. scenario-name
             called
             (scenario/summary parsed)
             (string/trim (string/replace (:doc parsed) #"[ \t]*\n[ \t]*" " "))
             (expectation (:expect parsed))
             (TreeSet. ^java.util.Collection (into (set faults) (map Standing/.kind) (:standing parsed)))
             (reify LongFunction (apply [_ seed] (draw seed)))
             checker))

(defn read-scenario
  "The scenario in a text: EDN, or a program if the file is named so."
  ^Scenario [scenario-name called ^String file defaults text]
  (if (string/ends-with? file ".clj")
    (let [{:keys [parsed draw faults checker]} (program/read-scenario scenario-name file defaults text)]
      (scenario-of parsed called draw faults (Optional/ofNullable checker)))
    (let [parsed (scenario/parse scenario-name file defaults text)]
      (scenario-of parsed called (draw/drawer parsed) (map (comp name :name) (:faults parsed)) (Optional/empty)))))

(defn new-scenario
  "The text of a file to begin with."
  ^String [scenario-name clj]
  (beginning/text scenario-name clj))

(defn history-text
  "A run's history for people or programs; of one block if an offset is given."
  ^String [file text block-size block format]
  (history/shown file text block-size block format))

(defn read-bugs ^List [file text] (bug/parse file text))

(defn read-versions ^List [file text] (bug/parse-versions file text))

(defn read-plan [file text] (plan/parse file text))

(def ^:private word (shape/scalar "a text in double quotes" (fn [value] (when (string? value) value))))

(defn read-recording
  "What a real node's recording.edn says about its machine: its kind and settings; the rest is for people."
  ^RecordedNode [file text]
  (let [ctx (shape/context file)
        value (shape/read-edn file text)
        node (:node value)
        parsed (shape/finish ctx ((shape/closed [[:node (shape/word {:client :client, :server :server})]
                                                 [:code word]
                                                 [:settings (if (= node :client) plan/settings plan/server-settings)]]
                                                #{})
                                  ctx [] (if (map? value) (select-keys value [:node :code :settings]) value)))]
    (if (= node :client)
      (RecordedNode/client "client" (:settings parsed) (:code parsed))
      (RecordedNode/server "server" (:settings parsed) (:code parsed)))))

(defn plan-text ^String [drawn] (plan/text drawn))

(def ^:private verdict
  "What matters of a verdict.edn to somebody who runs it again; the rest is for people."
  [[:digest word] [:plan word] [:code word] [:build word] [:planted word] [:expect scenario/expect]])

(defn read-verdict
  ^Remembered [file text]
  (let [ctx (shape/context file)
        value (shape/read-edn file text)
        parsed (shape/finish ctx ((shape/closed verdict #{:build :planted :expect})
                                  ctx [] (if (map? value) (select-keys value (map first verdict)) value)))]
    (Remembered. (:digest parsed) (:plan parsed) (:code parsed) (:build parsed "")
                 (Optional/ofNullable (:planted parsed))
                 (expectation (:expect parsed :holds)))))

(defn nearest ^List [wrong names] (mapv str (quantity/nearest wrong names)))
