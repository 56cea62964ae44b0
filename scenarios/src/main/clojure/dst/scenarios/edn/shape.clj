(ns dst.scenarios.edn.shape
  "Checks what a person wrote and turns it into what the code wants, in one pass. A shape is a function of a context, the
  path of keys that led to the value, and the value; it returns the parsed value, or notes a problem that names file, key
  and what was expected, and goes on, so that one reading tells all mistakes."
  (:require [clojure.edn :as edn]
            [clojure.string :as string]
            [dst.scenarios.edn.quantity :as quantity])
  (:import (clojure.lang EdnReader$ReaderException LineNumberingPushbackReader)
           (dst.protocol Rule Rules)
           (dst.protocol.setting Measure Written Written$Number Written$Text Written$Truth Written$Word)
           (dst.scenarios.cli WrongInput)
           (java.io StringReader)
           (java.util ArrayList OptionalLong)))

(set! *warn-on-reflection* true)

(defn context
  "Of one file; `line-of` answers in which line of it the last key of a path stands, or nil."
  ([file] (context file (fn [_] nil)))
  ([file line-of] {:file file, :line-of line-of, :problems (ArrayList.), :each (volatile! 1)}))

(defn- place [path]
  (if (seq path)
    (string/join " " (map (fn [step] (if (int? step) (str "number " (inc (long step))) (str step))) path))
    "the whole file"))

(defn- shown [value]
  (let [text (pr-str value)]
    (if (< 60 (count text)) (str (subs text 0 57) "...") text)))

(defn problem!
  "Notes that the value there is not what was expected."
  ([ctx path expected value]
   (problem! ctx path (str "expected " expected ", got " (shown value))))
  ([ctx path text]
   (let [line (when-let [line-of (:line-of ctx)] (line-of path))]
     (.add ^ArrayList (:problems ctx) (str (:file ctx) ": " (when line (str "line " line ": ")) (place path) ": " text))
     nil)))

(def ^:private told-max 8)

(defn finish
  "The value, or what was wrong, of which the first few are told."
  [ctx value]
  (let [^ArrayList problems (:problems ctx)
        more (- (.size problems) (long told-max))]
    (when-not (.isEmpty problems)
      (throw (WrongInput. (string/join "\n" (cond-> (vec (take told-max problems))
                                              (pos? more) (conj (str (:file ctx) ": and " more " more problems")))))))
    value))

(defn read-edn
  "The one EDN value of a text; a syntax error names file and line."
  [file ^String text]
  (let [reader (LineNumberingPushbackReader. (StringReader. text))
        wrong (fn [line ^String why] (throw (WrongInput. (str file ": line " line ": " why))))]
    (try
      (let [value (edn/read {:eof ::nothing
                              :default (fn [tag _] (throw (IllegalArgumentException. (str "the tag #" tag " has no meaning here"))))}
                            reader)]
        (when (= value ::nothing)
          (wrong 1 "there is nothing in it: expected a map { ... }"))
        (let [more (edn/read {:eof ::nothing} reader)]
          (when-not (= more ::nothing)
            (wrong (.getLineNumber reader) (str "something follows the end: " (shown more) "; is a bracket too many before it?"))))
        value)
      (catch EdnReader$ReaderException e
        (let [why (or (some-> (.getCause e) ex-message) (ex-message e))]
          (wrong (.getLineNumber reader)
                 (if (string/includes? why "EOF") "the file ends too early: is a closing bracket or quote missing?" why)))))))

(defn did-you-mean [wrong names]
  (if-let [near (seq (quantity/nearest wrong names))]
    (str "; did you mean " (string/join " or " near) "?")
    (str "; known: " (string/join " " (sort names)))))

(defn no-kind
  "What is said of a kind of node that nobody has brought."
  [wrong names]
  (str "there is no kind of node " wrong
       (if (seq (quantity/nearest wrong names))
         (did-you-mean wrong names)
         ": its Java source has to lie beside this file, or DST_CLASSPATH to say where its classes are")))

(defn scalar
  "A shape of values that `parse` does not answer with nil."
  [expected parse]
  (fn [ctx path value]
    (let [parsed (parse value)]
      (if (nil? parsed) (problem! ctx path expected value) parsed))))

(defn- written ^Written [value]
  (cond (int? value) (Written$Number. (long value))
        (string? value) (Written$Text. value)
        (keyword? value) (Written$Word. (name value))
        (boolean? value) (Written$Truth. value)))

(defn edn
  "What stands in a file for that."
  [^Written written]
  (condp instance? written
    Written$Number (.value ^Written$Number written)
    Written$Text (.value ^Written$Text written)
    Written$Word (keyword (.value ^Written$Word written))
    Written$Truth (.value ^Written$Truth written)))

(defn measured
  "A shape of what a measure lets stand there; parsed to a number."
  [^Measure measure]
  (let [names (mapv keyword (.names measure))]
    (fn [ctx path value]
      (let [written (written value)
            ^OptionalLong number (when written (.read measure written))]
        (if (and number (.isPresent number))
          (.getAsLong number)
          (problem! ctx path (str (.wrong measure (or written (Written$Text. "")) (shown value) ":")
                                  (if (and (keyword? value) (seq (quantity/nearest value names))) (did-you-mean value names) ""))))))))

(def text (scalar "a text in double quotes" (fn [value] (when (and (string? value) (not (string/blank? value))) value))))
(def integer (scalar "a whole number" (fn [value] (when (int? value) (long value)))))
(defn whole [low high] (measured (Measure/number low high)))
(defn number-or
  "A whole number, or a word that stands for none at all: 0."
  [word low high]
  (measured (.or (Measure/number low high) (name word) 0)))
(def rule
  (scalar "a rule of docs/PROTOCOL.md such as D1 or G1"
          (fn [value] (when (symbol? value) (let [rule (Rule/named (name value))] (when (instance? Rules rule) rule))))))
(def percent (whole 0 100))
(def many (whole 0 1000000))
(def duration (measured Measure/TIME))
(defn duration-or
  "A time, or a word that stands for no end."
  [word]
  (measured (.or Measure/TIME (name word) Long/MAX_VALUE)))
(def size (measured (Measure/size 0)))
(def rate
  "Bytes per second; 0 is as many as there are."
  (measured (.or (Measure/size 1) "unlimited" 0)))
(def size-or-unlimited (measured (.or (Measure/smallSize 1) "unlimited" (int 0))))

(def truth (scalar "true or false" (fn [value] (when (boolean? value) value))))

(defn access
  "Who may do what: a sorted map from a node, or \"*\" for everybody else, to a permission, as `permission` has it."
  [permission]
  (fn [ctx path value]
    (if (and (map? value) (every? string? (keys value)))
      (into (sorted-map) (map (fn [[who what]] [who (permission ctx (conj path who) what)])) value)
      (problem! ctx path "a map such as {\"*\" :both, \"client-2\" :read}" value))))

(defn word
  "One of the keywords; parsed to what the map says."
  [meanings]
  (fn [ctx path value]
    (if (contains? meanings value)
      (get meanings value)
      (problem! ctx path (str "expected one of " (string/join " " (sort (keys meanings))) ", got " (shown value)
                              (if (and (keyword? value) (seq (quantity/nearest value (keys meanings)))) (did-you-mean value (keys meanings)) ""))))))

(defn list-of [shape]
  (fn [ctx path value]
    (if (sequential? value)
      (vec (map-indexed (fn [index item] (shape ctx (conj path index) item)) value))
      (problem! ctx path "a list in square brackets" value))))

(defn closed
  "A map with these keys and no others. `fields` is a vector of [key shape]; those in `optional` may be missing."
  [fields optional]
  (let [known (map first fields)]
    (fn [ctx path value]
      (if-not (map? value)
        (problem! ctx path (str "a map with " (string/join " " known)) value)
        (do
          (doseq [k (keys value) :when (not-any? #{k} known)]
            (problem! ctx (conj path k) (if (keyword? k)
                                          (str "there is no such key" (did-you-mean k known))
                                          (str "a key is a keyword such as " (first known)))))
          (reduce (fn [parsed [k shape]]
                    (cond (contains? value k) (assoc parsed k (shape ctx (conj path k) (get value k)))
                          (contains? optional k) parsed
                          :else (do (problem! ctx (conj path k) "is missing") parsed)))
                  {}
                  fields))))))
