;; Two clients on two exports: a file system's journal beside streams and a hot block, and faults that come in swarms.

{:doc "A file system's journal on one export, streams and a fought-over block on another, one after the other and side by side, with a swarm of faults.
       What one client does must be nothing to the other."

 :client  {:keepalive "30 ms"}
 :clients [{} {:export "archive"}]
 :exports [{} {:name "archive", :size "32 KiB"}]
 :server  {:keepalive "30 ms"}
 :concurrency [:between 4 6]

 :workload (g/any
            (g/on-clients #{0} (g/limit 60 (w/journal)))
            (g/on-clients #{1} [(g/limit 30 (w/streams))
                                (g/limit 30 (g/stagger "2 ms" (w/shape :hot-block)))]))

 :faults (n/swarm 2 [(n/every "120 ms" (n/fault :power-cut :restart "5 ms"))
                     (n/every "90 ms" (n/one-of [(n/fault :cut) (n/fault :black-hole :for "40 ms")]))
                     (n/every "100 ms" (n/fault :crash :node :server :restart "5 ms"))
                     (n/every "150 ms" (n/fault :delay))])

 :checker {:something-was-read (fn [_ history]
                                 {:valid? (boolean (some (fn [{:keys [f type]}] (= [:read :ok] [f type])) history))
                                  :message "no read of the whole run came to an end well"})}}
