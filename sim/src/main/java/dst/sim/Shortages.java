package dst.sim;

import dst.protocol.fault.FaultKind;
import java.util.ArrayDeque;

/** How often a request of one host's processes for memory will find none, and after how long such a process starts again. */
final class Shortages {
    private final Scene scene;
    private final String host;
    private final ArrayDeque<Long> restartsNanos = new ArrayDeque<>();

    Shortages(Scene scene, String host) {
        this.scene = scene;
        this.host = host;
    }

    void plan(long restartNanos) {
        restartsNanos.add(restartNanos);
    }

    boolean isEmpty() {
        return restartsNanos.isEmpty();
    }

    /** A request has found none; when the process starts again. */
    long strike() {
        long restart = scene.until(restartsNanos.remove());
        scene.struck(FaultKind.MEMORY_EXHAUSTED, host, restart);
        scene.counts.count(Counts.Item.CRASHES);
        return restart;
    }

    /** There is memory again: a shortage that nobody met has missed. */
    void end() {
        restartsNanos.forEach(_ -> scene.missed(FaultKind.MEMORY_EXHAUSTED));
        restartsNanos.clear();
    }
}
