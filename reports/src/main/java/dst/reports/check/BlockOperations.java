package dst.reports.check;

import static dst.reports.check.Operations.NEVER;
import static dst.reports.check.Operations.NOTHING;

import dst.protocol.Kind;
import dst.reports.check.Operations.Fate;

/**
 * The operations of the block that is being judged, by their position in it: when they were under way, and for reads the position of
 * the operation whose content they returned.
 */
final class BlockOperations {
    private final Operations operations;
    private final Eras eras;
    private final Unknowns unknowns;
    private final int blockSize;
    private final Proof proof;
    private final int[] positions;
    /** Where each era begins. */
    final int[] segments;

    private long offset;
    private long mediaNanos;
    int count;
    int[] places = new int[64];
    int[] starts = new int[64];
    int[] ends = new int[64];
    int[] values = new int[64];
    /** At hand, since every pass asks for them. */
    private byte[] states = new byte[64];

    BlockOperations(Operations operations, Eras eras, Unknowns unknowns, int blockSize, Proof proof) {
        this.operations = operations;
        this.eras = eras;
        this.unknowns = unknowns;
        this.blockSize = blockSize;
        this.proof = proof;
        this.positions = new int[operations.size()];
        this.segments = new int[eras.count() + 1];
    }

    void load(long blockOffset, long mediaNanosThere, int[] all, int from, int to) {
        offset = blockOffset;
        mediaNanos = mediaNanosThere;
        count = to - from;
        if (count > places.length) {
            int capacity = Math.max(count, 2 * places.length);
            places = new int[capacity];
            starts = new int[capacity];
            ends = new int[capacity];
            values = new int[capacity];
            states = new byte[capacity];
        }
        int era = 0;
        segments[0] = 0;
        for (int i = 0; i < count; i++) {
            int place = all[from + i];
            places[i] = place;
            positions[place] = i;
            starts[i] = operations.start(place);
            states[i] = operations.state(place);
            boolean open = unknowns == Unknowns.OPEN_FOR_EVER && Operations.fateOf(states[i]) == Fate.UNKNOWN;
            ends[i] = open ? NEVER : operations.end(place);
            while (era < operations.era(place)) {
                segments[++era] = i;
            }
        }
        for (int i = 0; i < count; i++) {
            // A read may return what a write wrote that was submitted after it.
            values[i] = kind(i) == Kind.READ ? valueRead(places[i]) : NOTHING;
        }
        while (era < eras.count()) {
            segments[++era] = count;
        }
    }

    private int valueRead(int place) {
        int block = (int) ((offset - operations.offset(place)) / blockSize);
        int found = operations.seen(place, block);
        return value(found, place, operations.era(place));
    }

    int value(int found, int reader, int era) {
        if (known(found)) {
            return isOfNoHolder(found, reader, era) ? NOTHING : positions[found];
        }
        return refusedOr(found, reader);
    }

    /** H5: only who was granted the export, and not replaced, can have written it, and only after everybody before. */
    private boolean isOfNoHolder(int found, int reader, int readerEra) {
        int era = operations.era(found);
        if (eras.era(era).wasGranted() && operations.start(found) < eras.fence(era) && era <= readerEra) {
            return false;
        }
        proof.writtenByNoHolder(offset, found, reader, mediaNanos);
        return true;
    }

    private boolean known(int found) {
        return found >= 0 && operations.fate(found) != Fate.REFUSED;
    }

    private int refusedOr(int found, int reader) {
        if (found >= 0) {
            proof.refusedWasSeen(offset, found, reader, mediaNanos);
            return NOTHING;
        }
        return found;
    }

    /** Whether it survives until the next era begins, whatever was lost. */
    boolean safe(int i) {
        if (!done(i) || !kind(i).leavesContent()) {
            return false;
        }
        int place = places[i];
        int era = operations.era(place);
        return operations.durable(place)
                || eras.era(era).flushCovers(ends[i])
                || eras.keepsUnflushed(era, starts[i], offset, blockSize);
    }

    Kind kind(int i) {
        return Operations.kindOf(states[i]);
    }

    boolean done(int i) {
        return Operations.isDone(states[i]);
    }

    /** The place of a value: what stands for zeros stays as it is. */
    int place(int value) {
        return value < 0 ? value : places[value];
    }
}
