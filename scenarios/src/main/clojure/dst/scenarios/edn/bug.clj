(ns dst.scenarios.edn.bug
  "Edits of the machines as they stand in files: the list of planted bugs, and other versions of the program."
  (:require [dst.scenarios.edn.fault :as fault]
            [dst.scenarios.edn.shape :as shape])
  (:import (dst.protocol Side)
           (dst.scenarios.planting Bug Edit Edit$Change$Answer Edit$Change$Constant Edit$Change$Insert Edit$Change$OverrideCall Edit$Change$OverrideCallWhen
                                   Edit$Change$ReplaceCall Edit$Change$ReplaceRead
                                   Edit$Change$Return Edit$Change$ReturnWhen Version)
           (java.util List)))

(set! *warn-on-reflection* true)

(def ^:private changes
  {:return [1 (fn [[value]] (Edit$Change$Return. value))]
   :answer [1 (fn [[value]] (Edit$Change$Answer. value))]
   :replace-call [2 (fn [[call value]] (Edit$Change$ReplaceCall. call value))]
   :override-call [2 (fn [[call value]] (Edit$Change$OverrideCall. call value))]
   :override-call-when [3 (fn [[call when value]] (Edit$Change$OverrideCallWhen. call when value))]
   :replace-read [2 (fn [[field value]] (Edit$Change$ReplaceRead. field value))]
   :constant [2 (fn [[from to]] (Edit$Change$Constant. (parse-long from) (parse-long to)))]
   :insert-after [3 (fn [[call when action]] (Edit$Change$Insert. call when action))]
   :return-when [2 (fn [[when value]] (Edit$Change$ReturnWhen. when value))]})

(defn- edit [ctx path value]
  (let [[type method change & words] (when (sequential? value) value)
        [n make] (get changes change)]
    (cond
      (not (and (string? type) (string? method) (keyword? change)))
      (shape/problem! ctx path "an edit such as [\"server.Store\" \"start\" :return \"\"]" value)

      (nil? n)
      (shape/problem! ctx path (str "there is no change " change (shape/did-you-mean change (keys changes))))

      (not (and (= n (count words)) (every? string? words)))
      (shape/problem! ctx path (str change " with " n " text" (when (< 1 (long n)) "s") " after it") value)

      :else (Edit. type method (make words)))))

(def ^:private id
  (shape/scalar "a name such as :flush-lies" (fn [value] (when (keyword? value) (name value)))))

(def ^:private bug
  (shape/closed [[:id id]
                 [:side (shape/word (select-keys (fault/words (Side/values)) [:client :server :disk]))]
                 [:rule (shape/list-of shape/rule)]
                 [:imitates shape/text]
                 [:scenario shape/text]
                 [:edits (shape/list-of edit)]
                 [:faults (shape/list-of fault/planned)]]
                #{:edits :faults}))

(def ^:private version
  (shape/closed [[:id id] [:doc shape/text] [:edits (shape/list-of edit)]] #{}))

(defn parse-versions
  "The other programs of the protocol in a text; throws WrongInput with all that is wrong."
  ^List [file text]
  (let [ctx (shape/context file)
        parsed ((shape/list-of version) ctx [] (shape/read-edn file text))]
    (mapv (fn [{:keys [id doc edits]}] (Version. id doc edits)) (shape/finish ctx parsed))))

(defn parse
  "The bugs in a text, in its order; throws WrongInput with all that is wrong."
  ^List [file text]
  (let [ctx (shape/context file)
        parsed ((shape/list-of bug) ctx [] (shape/read-edn file text))]
    (mapv (fn [{:keys [id side rule imitates scenario edits faults]}]
            (Bug. id side rule imitates scenario (or edits []) (or faults [])))
          (shape/finish ctx parsed))))
