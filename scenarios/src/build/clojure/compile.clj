;; Compiles every namespace below the folder given as argument; a reflection or boxed-math warning fails the build.
(require '[clojure.java.io :as io] '[clojure.string :as string])

(let [folder (io/file (first *command-line-args*))
      root (.toPath folder)
      namespaces (->> (file-seq folder)
                      (filter #(string/ends-with? (.getName %) ".clj"))
                      (map #(-> (str (.relativize root (.toPath %)))
                                (string/replace #"\.clj$" "")
                                (string/replace java.io.File/separator ".")
                                (string/replace "_" "-")
                                symbol))
                      sort)
      said (java.io.StringWriter.)]
  (.addURL ^clojure.lang.DynamicClassLoader (clojure.lang.RT/baseLoader) (io/as-url folder))
  (with-bindings {#'*compile-path* (System/getProperty "clojure.compile.path")
                  #'*err* said
                  ;; The sources are in no jar and on no class path: they are found here.
                  clojure.lang.Compiler/LOADER (doto (clojure.lang.DynamicClassLoader. (clojure.lang.RT/baseLoader))
                                                 (.addURL (.toURL (.toURI folder))))}
    (doseq [n namespaces]
      (compile n)))
  (when-let [warnings (seq (filter #(string/includes? % "warning,") (string/split-lines (str said))))]
    (run! println warnings)
    (System/exit 1)))
