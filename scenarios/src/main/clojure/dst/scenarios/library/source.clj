(ns dst.scenarios.library.source
  "A scenario as a program: a file whose last value is a map. It is read and evaluated in a namespace of its own, so that two files, or
  one file read twice, know nothing of each other. What is wrong is told with file, line and what was expected."
  (:require [clojure.string :as string]
            [dst.harness.checker]
            [dst.harness.generator]
            [dst.harness.nemesis]
            [dst.harness.workload]
            [dst.scenarios.edn.quantity :as quantity]
            [dst.scenarios.edn.shape :as shape])
  (:import (clojure.lang Compiler$CompilerException LineNumberingPushbackReader Namespace)
           (dst.scenarios.cli WrongInput)
           (java.io File StringReader)
           (java.util.concurrent.atomic AtomicLong)))

(set! *warn-on-reflection* true)

(def ^:private unseeded
  "What gives another value each time would make another run of the same seed."
  '[rand rand-int rand-nth shuffle random-sample random-uuid])

(def ^:private aliases
  '{g dst.harness.generator, n dst.harness.nemesis, w dst.harness.workload, c dst.harness.checker})

(def ^:private prefix "dst.mine.")

(defonce ^:private ^AtomicLong numbers (AtomicLong.))

(defn- wrong [file line words]
  (WrongInput. (str file ": " (when line (str "line " line ": ")) words)))

(defn- root-cause ^Throwable [^Throwable thrown]
  (if-let [cause (.getCause thrown)] (recur cause) thrown))

(defn- line-in
  "The line of the file at which it was thrown: the innermost of its own code."
  [^Throwable thrown]
  (some (fn [^StackTraceElement frame]
          (when (and (string/starts-with? (.getClassName frame) prefix) (pos? (.getLineNumber frame)))
            (.getLineNumber frame)))
        (.getStackTrace thrown)))

(defn- plain
  "Without what only a programmer of the JVM understands."
  [^Throwable thrown]
  (let [words (or (ex-message thrown) (.getSimpleName (class thrown)))]
    (-> words
        (string/replace #"dst\.mine\.[\w.-]*?\d+[/$]" "")
        (string/replace #"class (?:java\.lang|clojure\.lang)\.(\w+)" "$1")
        (string/replace #" \([\w. ]+ (?:is|are) in (?:unnamed )?module .*\)$" ""))))

(defn- with-hint
  "What the compiler says, and what was probably meant."
  [words ^Namespace home]
  (let [[_ symbol-name] (re-find #"Unable to resolve symbol: (\S+) in this context" words)
        [_ var-name] (re-find #"No such var: (\S+)" words)
        [alias-name var-part] (when var-name (string/split var-name #"/" 2))]
    (cond
      (and symbol-name (some #{(symbol symbol-name)} unseeded))
      (str symbol-name " draws without the seed, so that no run could be seen again; draw in a function of test and context:"
           " (fn [test context] ... (g/below context 10) ...), also g/between g/pick g/shuffled g/chance?")

      symbol-name
      (str "there is no " symbol-name
           (if-let [near (seq (quantity/nearest symbol-name (keys (ns-map home))))] (str "; did you mean " (string/join " or " near) "?") ""))

      var-name
      (let [there (some-> (or (get (ns-aliases home) (symbol alias-name)) (find-ns (symbol alias-name))) ns-publics keys)]
        (str "there is no " var-name (if there (shape/did-you-mean var-part there) "")))

      (string/starts-with? words "EOF while reading")
      "the file ends too early: is a closing bracket or quote missing?"

      :else words)))

(defn line-of
  "In which line of the text the last keyword, or the last words, of a path stand first."
  [text path]
  (when-let [k (last (filter (some-fn keyword? string?) path))]
    (let [token (re-pattern (str "(?<![\\w:.*+!?/-])" (java.util.regex.Pattern/quote (str k)) "(?![\\w.*+!?/-])"))]
      (some (fn [[number line]] (when (re-find token line) number))
            (map-indexed (fn [i line] [(inc (long i)) line]) (string/split-lines text))))))

(defn- failure
  "The exception as what a person wrote wrong: where, and what."
  [file text ^Namespace home ^Throwable thrown]
  (let [cause (root-cause thrown)
        data (some (fn [^Throwable each] (let [data (ex-data each)] (when (:clojure.error/line data) data)))
                   (take-while some? (iterate (fn [^Throwable each] (.getCause each)) thrown)))]
    (if (instance? WrongInput cause)
      (wrong file
             (or (line-in thrown) (:clojure.error/line data)
                 ;; It has no stack: the first keyword that it complains about tells where it is.
                 (some (fn [word] (line-of text [word])) (re-seq #":[a-z][\w-]*" (ex-message cause))))
             (ex-message cause))
      (wrong file
             (or (line-in cause) (:clojure.error/line data)
                 (when-let [token (:token (ex-data cause))] (line-of text [token])))
             (with-hint (plain cause) home)))))

(defn- home
  "A namespace for one reading of one file."
  ^Namespace []
  (let [home (create-ns (symbol (str prefix "n" (.incrementAndGet numbers))))]
    (binding [*ns* home]
      (refer 'clojure.core :exclude unseeded)
      (doseq [[short-name there] aliases]
        (alias short-name there)))
    home))

(defn- renamed
  "A file's own (ns ...) is what it requires, under the name that this reading has."
  [form ^Namespace home]
  (if (and (seq? form) (= 'ns (first form)))
    (do (doseq [short-name (keys aliases)] (ns-unalias home short-name))
        (with-meta (list* 'ns (ns-name home) (drop 2 form)) (meta form)))
    form))

(defn- unreadable
  "What the reader could not read: for a bracket that is missing, where the one was opened."
  [file home ^Throwable thrown line]
  (let [words (plain (root-cause thrown))
        [_ opened] (re-find #"^EOF while reading, starting at line (\d+)" words)]
    (if opened
      (wrong file opened "the bracket that opens here is not closed")
      (wrong file line (with-hint words home)))))

(defn- evaluated [file text ^Namespace home]
  (let [reader (LineNumberingPushbackReader. (StringReader. text))]
    (binding [*ns* home, *file* (str file), *source-path* (.getName (File. (str file))), *warn-on-reflection* false, *unchecked-math* false]
      (loop [last-value nil]
        (let [form (try
                     (read {:eof ::end, :read-cond :allow} reader)
                     (catch RuntimeException e
                       (throw (unreadable file home e (min (.getLineNumber reader) (count (string/split-lines text)))))))]
          (if (= form ::end)
            last-value
            (let [value (eval (renamed form home))]
              (when (and (seq? form) (= 'ns (first form)))
                (doseq [name unseeded] (ns-unmap home name)))
              (recur (if (and (var? value) (bound? value)) (deref value) value)))))))))

(defn read-clj
  "The value of a file, and a function that makes of a later exception what the person wrote wrong."
  [file text]
  (let [home (home)
        failed (fn [thrown] (failure file text home thrown))]
    {:value (try
              (evaluated file text home)
              (catch WrongInput e (throw (if (string/starts-with? (ex-message e) (str file ": ")) e (failed e))))
              (catch Exception e (throw (failed e)))
              (catch StackOverflowError e (throw (failed e)))
              (catch ExceptionInInitializerError e (throw (failed e))))
     :failed failed}))
