;; Compiles every namespace below the folder given as argument; a reflection or boxed-math warning fails the build.
(require '[clojure.java.io :as io] '[clojure.string :as string])

;; What an earlier build left is deleted first, of whatever namespace: its times say nothing about which source it came from.
(defn forget! [output]
  (doseq [init (doall (file-seq (io/file output)))
          :let [[_ prefix] (re-matches #"(.+)__init\.class" (.getName init))]
          :when prefix
          file (.listFiles (.getParentFile init))
          :let [file-name (.getName file)]
          :when (or (= file-name (.getName init)) (string/starts-with? file-name (str prefix "$")))]
    (io/delete-file file)))

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
  (binding [*compile-path* (System/getProperty "clojure.compile.path")
            *err* said]
    (forget! *compile-path*)
    (run! compile namespaces))
  (when-let [warnings (seq (filter #(string/includes? % "warning,") (string/split-lines (str said))))]
    (run! println warnings)
    (System/exit 1)))
