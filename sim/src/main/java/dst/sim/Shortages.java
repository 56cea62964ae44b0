package dst.sim;

import dst.protocol.fault.FaultKind;
import java.util.ArrayDeque;

/** How often a request of one host's processes for memory will find none, and after how long such a process starts again. */
final class Shortages {
    private final Scene scene;
    private final String host;
    private final ArrayDeque<Planned> planned = new ArrayDeque<>();

    Shortages(Scene scene, String host) {
        this.scene = scene;
        this.host = host;
    }

    private record Planned(FaultKind kind, long restartNanos) {}

    void plan(FaultKind kind, long restartNanos) {
        planned.add(new Planned(kind, restartNanos));
    }

    boolean isEmpty() {
        return planned.isEmpty();
    }

    /** A request has found none; when the process starts again. */
    long strike() {
        Planned struck = planned.remove();
        long restart = scene.until(struck.restartNanos());
        scene.struck(struck.kind(), host, restart);
        scene.counts.count(Counts.Item.CRASHES);
        return restart;
    }

    /** There is memory again: a shortage that nobody met has missed. */
    void end() {
        planned.forEach(unused -> scene.missed(unused.kind()));
        planned.clear();
    }
}
