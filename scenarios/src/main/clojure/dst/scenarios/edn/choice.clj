(ns dst.scenarios.edn.choice
  "What a scenario leaves to the seed: a value, `[:one-of a b c]`, `[:between low high]`, or `[:each a b c]`, which goes through
  its values as the seed counts, together with every other :each of the file through all combinations."
  (:require [dst.scenarios.edn.shape :as shape])
  (:import (dst.protocol Prng)
           (dst.protocol.setting Setting Usual$How)))

(set! *warn-on-reflection* true)

(definterface Choice
  (^long pick [^dst.protocol.Prng prng ^long seed])
  (^long least [])
  (^long most []))

(deftype OneOf [^longs values]
  Choice
  (pick [_ prng _] (aget values (int (.below ^Prng prng (alength values)))))
  (least [_] (reduce min (seq values)))
  (most [_] (reduce max (seq values))))

(deftype Fixed [^long value]
  Choice
  (pick [_ _ _] value)
  (least [_] value)
  (most [_] value))

(deftype Between [^long low ^long high]
  Choice
  (pick [_ prng _] (.between ^Prng prng low high))
  (least [_] low)
  (most [_] high))

(deftype Each [^longs values ^long divisor]
  Choice
  (pick [_ _ seed] (aget values (int (Long/remainderUnsigned (Long/divideUnsigned seed divisor) (alength values)))))
  (least [_] (reduce min (seq values)))
  (most [_] (reduce max (seq values))))

(defn- numbers [ctx path shape values]
  (if (empty? values)
    (shape/problem! ctx path "there is nothing to choose from")
    (let [parsed (mapv (fn [value] (shape ctx path value)) values)]
      (when (every? some? parsed) (long-array parsed)))))

(defn choice
  "A shape for one value of the given shape, or a choice of such values."
  [shape]
  (fn [ctx path value]
    (if-not (vector? value)
      (when-let [parsed (shape ctx path value)] (Fixed. (long parsed)))
      (let [[how & values] value
            ^longs parsed (case how
                            (:one-of :each :between) (numbers ctx path shape values)
                            (shape/problem! ctx path "a value, [:one-of ...], [:between low high] or [:each ...]" value))]
        (when parsed
          (case how
            :one-of (OneOf. parsed)
            :each (let [divisor (long @(:each ctx))]
                    (vswap! (:each ctx) (fn [^long so-far] (* so-far (alength parsed))))
                    (Each. parsed divisor))
            :between (if (and (= 2 (alength parsed)) (<= (aget parsed 0) (aget parsed 1)))
                       (Between. (aget parsed 0) (aget parsed 1))
                       (shape/problem! ctx path "[:between low high], low first" value))))))))

(defn among
  "A choice of one of these numbers."
  [numbers]
  (if (next numbers) (OneOf. (long-array numbers)) (Fixed. (long (first numbers)))))

(defn usual
  "What a setting is if nobody says."
  [^Setting setting]
  (let [^longs numbers (.usualNumbers setting)]
    (condp identical? (.how (.usual setting))
      Usual$How/FIXED (Fixed. (aget numbers 0))
      Usual$How/ONE_OF (OneOf. numbers)
      Usual$How/BETWEEN (Between. (aget numbers 0) (aget numbers 1)))))

(deftype Spread [^longs lows ^longs highs])

(defn spread
  "A shape for what the world itself draws again and again: a value, `[:between low high]`, or `[:one-of ...]` of such, of which
  each run has one."
  [shape]
  (letfn [(pair [ctx path value]
            (if (and (vector? value) (= :between (first value)))
              (when-let [^longs parsed (numbers ctx path shape (rest value))]
                (if (and (= 2 (alength parsed)) (<= (aget parsed 0) (aget parsed 1)))
                  [(aget parsed 0) (aget parsed 1)]
                  (shape/problem! ctx path "[:between low high], low first" value)))
              (when-let [parsed (shape ctx path value)] [parsed parsed])))]
    (fn [ctx path value]
      (let [pairs (mapv (fn [one] (pair ctx path one))
                        (if (and (vector? value) (= :one-of (first value))) (rest value) [value]))]
        (cond (empty? pairs) (shape/problem! ctx path "there is nothing to choose from")
              (every? some? pairs) (Spread. (long-array (map first pairs)) (long-array (map second pairs))))))))

(defn pick ^long [choice ^Prng prng ^long seed]
  (.pick ^Choice choice prng seed))

(defn most ^long [choice] (.most ^Choice choice))

(defn least ^long [choice] (.least ^Choice choice))

(defn pick-index ^long [^Spread spread ^Prng prng]
  (let [n (alength ^longs (.-lows spread))]
    (if (= 1 n) 0 (.below prng n))))

(defn low ^long [^Spread spread ^long index] (aget ^longs (.-lows spread) (int index)))

(defn high ^long [^Spread spread ^long index] (aget ^longs (.-highs spread) (int index)))
