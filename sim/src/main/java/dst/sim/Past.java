package dst.sim;

import java.util.ArrayList;

/** What the media held before each of their changes, and where the flushes were: the way back to what a backup would hold. */
final class Past {
    private final ArrayList<Change> changes = new ArrayList<>();

    /** How many changes there had been at the beginning and at each flush that ended well; rising. */
    private final ArrayList<Integer> flushes = new ArrayList<>();

    Past() {
        flushes.add(0);
    }

    private record Change(long number, byte[] before) {}

    /** Takes back one change of a block. */
    interface Undo {
        void restore(long number, byte[] content);
    }

    /** A block of the media gets another content; the old one is owned from here on. */
    void replaced(long number, byte[] before) {
        changes.add(new Change(number, before));
    }

    void flushed() {
        if (flushes.getLast() < changes.size()) {
            flushes.add(changes.size());
        }
    }

    /** These blocks are no longer there: nothing brings them back. */
    void discard(long from, long to) {
        for (int i = 0; i < changes.size(); i++) {
            if (changes.get(i).number() >= from && changes.get(i).number() < to) {
                // In its place, so that the flushes stay where they are.
                changes.set(i, GONE);
            }
        }
    }

    /** Takes back what changed since a drawn flush that is not the newest state; false if there was no change at all. */
    boolean goBack(long luck, Undo undo) {
        if (flushes.getLast() == changes.size()) {
            flushes.removeLast();
        }
        if (flushes.isEmpty()) {
            flushes.add(0);
            return false;
        }
        int flush = (int) Draw.between(luck, 0, flushes.size() - 1L);
        int kept = flushes.get(flush);
        for (int i = changes.size() - 1; i >= kept; i--) {
            Change change = changes.get(i);
            if (change.number() >= 0) {
                undo.restore(change.number(), change.before());
            }
        }
        changes.subList(kept, changes.size()).clear();
        flushes.subList(flush + 1, flushes.size()).clear();
        return true;
    }

    private static final Change GONE = new Change(-1, new byte[0]);
}
