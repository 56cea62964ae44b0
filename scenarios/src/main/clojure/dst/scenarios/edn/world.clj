(ns dst.scenarios.edn.world
  "What there is in a scenario's world: nodes, disks, exports and paths, each with a name and all that it is made of."
  (:import (dst.sim Plan)))

(set! *warn-on-reflection* true)

(defn- names-of
  "What these parts of a kind are called: each by its :name, or as the n-th of them."
  [kind parts]
  (if (sequential? parts)
    (loop [left parts, names []]
      (if-let [[part & more] (seq left)]
        (let [times (if (and (map? part) (int? (:count part))) (:count part) 1)]
          (recur more (into names (map (fn [_] (if (and (map? part) (string? (:name part)) (= 1 times))
                                                 (:name part)
                                                 ::usual)))
                            (range times))))
        (vec (map-indexed (fn [i named] (if (= named ::usual) (Plan/usualName kind (int i)) named)) names))))
    []))

(defn- node-names
  "All nodes that there may be."
  [{:keys [clients servers nodes]}]
  (let [by-kind (when (sequential? nodes) (group-by (fn [node] (when (map? node) (:kind node))) nodes))]
    (into [] cat (concat [(names-of "client" clients)]
                         (map (fn [[kind parts]] (when (keyword? kind) (names-of (name kind) parts))) by-kind)
                         [(names-of "server" servers)]))))

(defn in-world
  "A context that knows the names of what there is in a scenario's world."
  [ctx value]
  (if (map? value)
    (assoc ctx :nodes (node-names value) :disk-names (names-of "disk" (:disks value)) :path-names (names-of "path" (:paths value)))
    (assoc ctx :nodes [] :disk-names [] :path-names [])))

(defn- each-over
  "The parts of a list, each over what holds for all of them."
  [common parts]
  (mapv (fn [part] (merge common part)) parts))

(defn- counted
  "A part that is there several times, so many times."
  [parts]
  (into [] (mapcat (fn [part] (repeat (:count part 1) (cond-> (dissoc part :count) (< 1 (long (:count part 1))) (dissoc :name))))) parts))

(defn- named
  "Each with a name: its own, or the usual one of its place."
  [kind parts]
  (vec (map-indexed (fn [i part] (merge {:name (Plan/usualName kind (int i))} part)) parts)))

(defn- exports-over [device exports]
  (mapv (fn [export] (merge {:name "disk"} export)) (each-over (dissoc device :block-size) exports)))

(defn- nth-or-last [parts ^long i] (nth parts (min i (dec (count parts)))))

(defn complete
  "Every node, disk, export and path with all that it is made of. Servers have a disk each, if there are so many: else the last ones share
  one."
  [{:keys [client clients server servers nodes device exports disk disks link paths workload names] :as parsed}]
  (let [exports (exports-over device exports)
        disks (mapv (fn [part] (update part :exports (fn [own] (if own (exports-over device own) exports))))
                    (named "disk" (each-over disk disks)))]
    (assoc parsed
           :names names
           :clients (mapv (fn [part] (assoc (merge client part) :workload (merge workload (:workload part)))) (counted clients))
           :nodes (into [] (mapcat (fn [[kind parts]] (named kind parts)))
                        (group-by :kind (map (fn [part] (cond-> part (:workload part) (update :workload (partial merge workload)))) (counted nodes))))
           :servers (vec (map-indexed (fn [i part] (merge {:disks [(:name (nth-or-last disks i))]} part))
                                      (named "server" (counted (each-over server servers)))))
           :disks disks
           :exports (into [] (mapcat :exports) disks)
           :paths (named "path" (each-over link paths)))))
