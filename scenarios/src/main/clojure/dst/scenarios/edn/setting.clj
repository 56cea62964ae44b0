(ns dst.scenarios.edn.setting
  "What can be set, as its description in Java says: its keys and shapes, and a thing's settings as EDN and back."
  (:require [dst.scenarios.edn.shape :as shape])
  (:import (dst.protocol.setting Setting Settings Spread)))

(set! *warn-on-reflection* true)

(defn key-of [^Setting setting] (keyword (.name setting)))

(defn fields
  "The key of each, and the shape of what may stand there."
  [settings]
  (mapv (fn [^Setting setting] [(key-of setting) (shape/measured (.measure setting))]) settings))

(defn entries
  "These settings with these numbers as EDN, in their order."
  [settings ^longs numbers]
  (map (fn [^Setting setting number] [(key-of setting) (shape/edn (.write (.measure setting) number))]) settings numbers))

(defn ->edn [^Settings settings thing]
  (entries (.all settings) (.numbers settings thing)))

(defn in-order
  "A map of these entries that keeps their order, however many there are."
  [entries]
  (apply array-map (mapcat identity entries)))

(defn made
  "The thing of which this was parsed."
  [^Settings settings parsed]
  (.made settings (long-array (map (fn [setting] (get parsed (key-of setting))) (.all settings)))))

(defn spread-fields
  "The key of each of what the world draws itself, with this shape."
  [spreads shape]
  (mapv (fn [^Spread spread] [(keyword (.name spread)) shape]) spreads))

(defn spread-entries
  "These of a thing, each as `write` has its two bounds."
  [spreads thing write]
  (map (fn [^Spread spread] [(keyword (.name spread)) (write (.leastOf spread thing) (.mostOf spread thing))]) spreads))

(defn spread-over
  "The thing with each of these between the bounds that `bounds` answers for its key."
  [thing spreads bounds]
  (reduce (fn [thing ^Spread spread]
            (let [[least most] (bounds (keyword (.name spread)))]
              (.between spread thing (long least) (long most))))
          thing
          spreads))
