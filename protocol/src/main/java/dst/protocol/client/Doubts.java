package dst.protocol.client;

import dst.protocol.StateDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * The blocks of WRITEs and ZEROs that became Unknown: what they hold is not known to stay, so nobody reads them before a FLUSH,
 * or a write of theirs, that was submitted after Unknown was told, is Done (T7).
 */
final class Doubts {
    /** R7: beyond so many one covers them all, and some reads wait without need. */
    private static final int MOST = 2 * Waiting.DOUBTS_MAX;

    private List<Doubt> doubts = new ArrayList<>();

    /** Told at this point in the order of submissions. */
    private record Doubt(long offset, long end, long told) {}

    void add(long offset, long end, long told) {
        // The later one says as much and more of what it covers.
        doubts.removeIf(known -> offset <= known.offset && known.end <= end);
        doubts.add(new Doubt(offset, end, told));
        bound();
    }

    private void bound() {
        if (doubts.size() <= MOST) {
            return;
        }
        Doubt all = doubts.getFirst();
        for (Doubt one : doubts) {
            all = new Doubt(Math.min(all.offset, one.offset), Math.max(all.end, one.end), Math.max(all.told, one.told));
        }
        doubts = new ArrayList<>(List.of(all));
    }

    boolean concern(Transaction read) {
        for (Doubt doubt : doubts) {
            if (doubt.offset < read.end() && read.offset < doubt.end) {
                return true;
            }
        }
        return false;
    }

    int size() {
        return doubts.size();
    }

    void flushed(long submitted) {
        doubts.removeIf(doubt -> doubt.told < submitted);
    }

    void written(long offset, long end, long submitted) {
        if (doubts.isEmpty()) {
            return;
        }
        List<Doubt> left = new ArrayList<>();
        for (Doubt doubt : doubts) {
            if (doubt.told > submitted || doubt.end <= offset || end <= doubt.offset) {
                left.add(doubt);
                continue;
            }
            if (doubt.offset < offset) {
                left.add(new Doubt(doubt.offset, offset, doubt.told));
            }
            if (end < doubt.end) {
                left.add(new Doubt(end, doubt.end, doubt.told));
            }
        }
        doubts = left;
        bound();
    }

    void digest(StateDigest digest) {
        digest.add(doubts.size());
        for (Doubt doubt : doubts) {
            digest.add(doubt.offset).add(doubt.end).add(doubt.told);
        }
    }
}
