(ns dst.scenarios.edn.fault
  "The faults of a plan as EDN and back. What there is, what it is called and what can be said of it stands in FaultKind and WhenKind."
  (:require [clojure.string :as string]
            [dst.scenarios.edn.quantity :as quantity]
            [dst.scenarios.edn.setting :as setting]
            [dst.scenarios.edn.shape :as shape])
  (:import (dst.protocol.fault Fault Fault$Strike Fault$When FaultKind Target Target$Aim WhenKind)
           (dst.protocol.setting Setting)
           (dst.sim Standing)
           (java.util ArrayList)))

(set! *warn-on-reflection* true)

(defn- keyword-of [^Enum value]
  (keyword (string/replace (quantity/lower (.name value)) \_ \-)))

(defn words
  "The values of an enum by their keywords."
  [values]
  (into {} (map (fn [value] [(keyword-of value) value])) values))

(def standing
  "What of a plan's make may itself be what goes wrong, by its name."
  (into (array-map) (map (fn [^Standing standing] [(keyword (.kind standing)) standing])) (Standing/values)))

(def kinds
  "Every kind by its name."
  (into (array-map) (map (fn [^FaultKind kind] [(keyword (.key kind)) kind])) (FaultKind/values)))

(def whens
  "Every way to say when a fault strikes, by its name."
  (into (array-map) (map (fn [^WhenKind kind] [(keyword (.key kind)) kind])) (WhenKind/values)))

(def beside-when
  "What is said beside a way to say when: its shape by its key."
  (into (array-map)
        (mapcat (fn [^WhenKind kind] (setting/fields (rest (.settings kind)))))
        (WhenKind/values)))

(defn kind-name
  "What a strike's kind is called in scenarios and reports."
  [strike]
  (.key (FaultKind/of strike)))

(defn make
  "The strike of a kind with these numbers as its parameters."
  ^Fault$Strike [^FaultKind kind ^longs numbers]
  (.strike kind numbers))

(defn when-of
  "That moment; `said` has what else was said of it."
  ^Fault$When [^WhenKind kind number said]
  (.when kind (long-array (cons number (map (fn [^Setting setting] (get said (setting/key-of setting) (first (.usualNumbers setting))))
                                            (rest (.settings kind)))))))

(defn ->edn [^Fault fault]
  (let [kind (FaultKind/of (.strike fault))
        moment (WhenKind/of (.when fault))]
    (setting/in-order
     (concat (setting/entries (.settings moment) (WhenKind/numbers (.when fault)))
             [[:fault (keyword (.key kind))]]
             (when-not (= Target/ALL (.target fault))
               [[(keyword (.key (.aim kind) (.target fault))) (keyword (.name (.target fault)))]])
             (setting/entries (.settings kind) (FaultKind/numbers (.strike fault)))))))

(defn kind-shape
  "A shape of a map whose :fault names a kind: the rest is checked by what `fields` answers for that kind."
  [fields]
  (fn [ctx path value]
    (if-let [kind (and (map? value) (get kinds (:fault value)))]
      ((fields kind) ctx path value)
      (if (and (map? value) (keyword? (:fault value)))
        (shape/problem! ctx (conj path :fault) (str "there is no fault " (:fault value) (shape/did-you-mean (:fault value) (keys kinds))))
        (shape/problem! ctx path "a fault such as {:fault :cut}" value)))))

(def when-fields
  "When a fault strikes: exactly one of these."
  (into [] (mapcat (fn [[_ ^WhenKind kind]] (setting/fields (take 1 (.settings kind))))) whens))

(defn one-when
  "Notes a problem unless at most (or, if it is required, exactly) one of the times is said."
  [ctx path value required]
  (let [said (filter (partial contains? value) (keys whens))]
    (when (or (< 1 (count said)) (and required (empty? said)))
      (shape/problem! ctx path (str "exactly one of " (string/join " " (keys whens))) value))))

(defn aimed
  "The keys by which it is said what such a fault hits."
  [^FaultKind kind]
  (mapv keyword (.keys (.aim kind))))

(defn one-target
  "Notes a problem unless at most one of them is said; or one, if it is required."
  [ctx path ^FaultKind kind value required]
  (let [keys (aimed kind)
        said (filter (partial contains? value) keys)]
    (cond (< 1 (count said)) (shape/problem! ctx path (str "one of " (string/join " and " keys)) value)
          (and required (empty? said) (seq (.usual (.aim kind)))) (shape/problem! ctx (conj path (first keys)) "is missing"))))

(defn target-of
  "What is said to be hit: all, if nothing is."
  ^Target [^Target$Aim aim k target-name]
  (if k (.target aim (name k) target-name) Target/ALL))

(def ^:private target-name
  (shape/scalar "a name such as :server" (fn [value] (when (or (keyword? value) (string? value)) (name value)))))

(def planned
  "The shape of a fault in a plan."
  (kind-shape
   (fn [^FaultKind kind]
     (let [parameters (setting/fields (.settings kind))
           shape (shape/closed (-> [[:fault (fn [_ _ value] value)]]
                                   (into when-fields)
                                   (into beside-when)
                                   (into (map (fn [k] [k target-name])) (aimed kind))
                                   (into parameters))
                               (-> (set (keys whens)) (into (keys beside-when)) (into (aimed kind))))]
       (fn [ctx path value]
         (one-when ctx path value true)
         (one-target ctx path kind value true)
         (let [before (.size ^ArrayList (:problems ctx))
               parsed (shape ctx path value)]
           (when (= before (.size ^ArrayList (:problems ctx)))
             (let [[k moment] (some (fn [[k :as entry]] (when (contains? parsed k) entry)) whens)]
               (Fault. (when-of moment (get parsed k) parsed)
                       (make kind (long-array (map (comp parsed first) parameters)))
                       (let [k (first (filter (partial contains? parsed) (aimed kind)))]
                         (target-of (.aim kind) k (get parsed k))))))))))))
