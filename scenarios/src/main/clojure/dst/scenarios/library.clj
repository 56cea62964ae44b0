(ns dst.scenarios.library
  "What Java asks of the Clojure part: texts go in, Java values come out."
  (:require [clojure.string :as string]
            [dst.scenarios.bug :as bug]
            [dst.scenarios.draw :as draw]
            [dst.scenarios.plan :as plan]
            [dst.scenarios.quantity :as quantity]
            [dst.scenarios.scenario :as scenario])
  (:import (dst.reports Expectation)
           (dst.scenarios Scenario)
           (java.util List Optional TreeSet)
           (java.util.function LongFunction)))

(set! *warn-on-reflection* true)

(defn read-scenario
  "The scenario in a text."
  ^Scenario [scenario-name file defaults text]
  (let [parsed (scenario/parse scenario-name file defaults text)
        draw (draw/drawer parsed)
        expect (:expect parsed)]
    (Scenario. scenario-name
               (scenario/summary parsed)
               (string/trim (string/replace (:doc parsed) #"[ \t]*\n[ \t]*" " "))
               (if (= expect :holds) (Optional/empty) (Optional/of (Expectation. (:broken expect) (:by expect))))
               (TreeSet. ^java.util.Collection (map (comp name :name) (:faults parsed)))
               (reify LongFunction (apply [_ seed] (draw seed))))))

(defn read-bugs ^List [file text] (bug/parse file text))

(defn read-plan [file text] (plan/parse file text))

(defn plan-text ^String [drawn] (plan/text drawn))

(defn nearest ^List [wrong names] (mapv str (quantity/nearest wrong names)))
