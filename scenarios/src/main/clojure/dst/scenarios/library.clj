(ns dst.scenarios.library
  "What Java asks of the Clojure part: texts go in, Java values come out."
  (:require [clojure.string :as string]
            [dst.harness.beginning :as beginning]
            [dst.harness.history :as history]
            [dst.harness.program :as program]
            [dst.scenarios.bug :as bug]
            [dst.scenarios.draw :as draw]
            [dst.scenarios.plan :as plan]
            [dst.scenarios.quantity :as quantity]
            [dst.scenarios.scenario :as scenario]
            [dst.scenarios.shape :as shape])
  (:import (dst.reports Expectation)
           (dst.scenarios Remembered Scenario)
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

(defn read-recording [file text] (plan/parse-recording file text))

(defn plan-text ^String [drawn] (plan/text drawn))

(def ^:private verdict
  "What matters of a verdict.edn to somebody who runs it again; the rest is for people."
  (let [word (shape/scalar "a text in double quotes" (fn [value] (when (string? value) value)))]
    [[:digest word] [:plan word] [:code word] [:build word] [:planted word] [:expect scenario/expect]]))

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
