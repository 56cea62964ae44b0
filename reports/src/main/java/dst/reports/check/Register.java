package dst.reports.check;

import static dst.reports.check.Operations.NEVER;
import static dst.reports.check.Operations.NOTHING;
import static dst.reports.check.Operations.ZERO;
import static dst.reports.check.Zones.NONE;

import dst.protocol.Kind;
import dst.reports.check.Operations.Fate;
import java.util.Arrays;

/**
 * Judges one block after the other: within an era it must behave as a register (G4, G1), except after a TRIM (D6), and what an era
 * begins with must be something that the eras before can have left (G2). What the media hold at the end is judged as the first
 * read of one more era.
 *
 * <p>Operations of the block go by their position in it. Zeros have no single writer: as long as nothing but the beginning can have
 * left them they are judged as a value, afterwards leniently: no sound history is accused.
 */
final class Register implements Blocks.Judge {
    /** A read of zeros that several operations may have left. */
    private static final int SOME_ZERO = -3;

    private final Operations operations;
    private final Eras eras;
    private final Unknowns unknowns;
    private final int blockSize;
    private final Proof proof;
    private final int[] positions;
    private final Zones zones = new Zones();
    private final Overwrites writes = new Overwrites();
    private final Overwrites contents = new Overwrites();
    private final Erasures trims = new Erasures();
    private final Erasures zeros = new Erasures();

    private long offset;
    private int count;
    private int[] places = new int[64];
    private int[] starts = new int[64];
    private int[] ends = new int[64];
    private int[] values = new int[64];
    private final int[] segments;
    /** For each era, what it was seen to begin with, who saw it, and what it was seen to leave. */
    private final int[] begins;

    private final int[] witnesses;
    private final int[] leaves;
    private final int[] heirs;
    private int mediaFound;
    private long mediaNanos;

    // What eras up to the one looked at may have left.
    private boolean trimmed;
    private boolean zeroLeft;
    private boolean zeroAmbiguous;
    /** The last durable write that came over zeros. */
    private int covers;

    Register(Operations operations, Eras eras, Unknowns unknowns, int blockSize, Proof proof) {
        this.operations = operations;
        this.eras = eras;
        this.unknowns = unknowns;
        this.blockSize = blockSize;
        this.proof = proof;
        this.positions = new int[operations.size()];
        this.segments = new int[eras.count() + 1];
        this.begins = new int[eras.count() + 1];
        this.witnesses = new int[eras.count() + 1];
        this.leaves = new int[eras.count() + 1];
        this.heirs = new int[eras.count() + 1];
    }

    @Override
    public void mediaHeld(int found, long nanos) {
        mediaFound = found;
        mediaNanos = nanos;
    }

    @Override
    public void judge(long blockOffset, int[] all, int from, int to) {
        load(blockOffset, all, from, to);
        trimmed = false;
        zeroLeft = true;
        zeroAmbiguous = false;
        covers = NONE;
        Arrays.fill(begins, NOTHING);
        Arrays.fill(leaves, NOTHING);
        for (int era = 0; era < eras.count(); era++) {
            lookForBeginning(era);
            passOn(era);
        }
        media();
        for (int era = 0; era <= eras.count(); era++) {
            if (begins[era] != NOTHING) {
                trace(era);
            }
        }
        for (int era = 0; era < eras.count(); era++) {
            judgeEra(era);
        }
    }

    private void load(long blockOffset, int[] all, int from, int to) {
        offset = blockOffset;
        count = to - from;
        if (count > places.length) {
            int capacity = Math.max(count, 2 * places.length);
            places = new int[capacity];
            starts = new int[capacity];
            ends = new int[capacity];
            values = new int[capacity];
        }
        int era = 0;
        segments[0] = 0;
        for (int i = 0; i < count; i++) {
            int place = all[from + i];
            places[i] = place;
            positions[place] = i;
            starts[i] = operations.start(place);
            boolean open = unknowns == Unknowns.OPEN_FOR_EVER && operations.fate(place) == Fate.UNKNOWN;
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
        zones.clear(0, count + 1);
    }

    private int valueRead(int place) {
        int block = (int) ((offset - operations.offset(place)) / blockSize);
        int found = operations.seen(place, block);
        return value(found, place, operations.era(place));
    }

    private int value(int found, int reader, int era) {
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

    /** Sorts out which reads of an era prove something, and what they say about its beginning. */
    private void lookForBeginning(int era) {
        int from = segments[era];
        int to = segments[era + 1];
        boolean erased = false;
        for (int i = from; i < to; i++) {
            erased |= kind(i) == Kind.TRIM || kind(i) == Kind.ZERO;
        }
        zeroAmbiguous |= erased;
        boolean plain = !zeroAmbiguous && !trimmed;
        if (!plain) {
            loadOverwrites(from, to);
        }
        for (int i = from; i < to; i++) {
            if (values[i] == NOTHING) {
                continue;
            }
            if (!plain) {
                int write = writes.lastBefore(starts[i]);
                // D6: until the next write a read may return zeros or any earlier content, and another one each time.
                if ((trimmed && write == NONE) || trims.reach(ends[i], write == NONE ? NONE : starts[write])) {
                    values[i] = NOTHING;
                    continue;
                }
            }
            if (values[i] == ZERO && zeroAmbiguous) {
                values[i] = SOME_ZERO;
            } else if (values[i] < from) {
                begin(era, values[i], i);
            }
        }
        for (int i = from; i < to; i++) {
            if (values[i] == SOME_ZERO) {
                judgeZero(era, i);
            }
        }
    }

    private void loadOverwrites(int from, int to) {
        writes.clear();
        contents.clear();
        trims.clear();
        zeros.clear();
        for (int i = from; i < to; i++) {
            Kind kind = kind(i);
            if (kind.leavesContent() && operations.done(places[i])) {
                writes.add(i, starts[i], ends[i]);
                if (kind == Kind.WRITE) {
                    contents.add(i, starts[i], ends[i]);
                }
            }
            if (kind == Kind.TRIM) {
                trims.add(starts[i], ends[i]);
            }
            if (kind == Kind.TRIM || kind == Kind.ZERO) {
                zeros.add(starts[i], ends[i]);
            }
        }
        writes.sort();
        contents.sort();
    }

    /** A read returned what was there before its era; all such reads have to agree. */
    private void begin(int era, int value, int reader) {
        if (begins[era] == NOTHING) {
            begins[era] = value;
            witnesses[era] = reader;
        } else if (begins[era] != value) {
            proof.twoBeginnings(offset, place(begins[era]), witness(era), place(value), places[reader]);
        }
    }

    private void judgeZero(int era, int reader) {
        int write = contents.lastBefore(starts[reader]);
        if (zeros.reach(ends[reader], write == NONE ? NONE : starts[write])) {
            return;
        }
        boolean fromBefore = zeroLeft && begins[era] == NOTHING && write == NONE;
        if (!fromBefore) {
            int over = write != NONE ? write : begins[era] != NOTHING ? begins[era] : covers;
            proof.zeroFromNowhere(offset, place(reader), place(over));
        }
    }

    /** What may be left of zeros and trims for the next era. */
    private void passOn(int era) {
        int safeWrite = NONE;
        int safeContent = NONE;
        boolean erased = false;
        for (int i = segments[era]; i < segments[era + 1]; i++) {
            if (safe(i)) {
                safeWrite = starts[i];
                if (kind(i) == Kind.WRITE) {
                    safeContent = starts[i];
                    covers = i;
                }
            }
            erased |= kind(i) == Kind.TRIM || kind(i) == Kind.ZERO;
        }
        if (erased) {
            loadOverwrites(segments[era], segments[era + 1]);
        }
        trimmed = (trimmed && safeWrite == NONE) || (erased && trims.outlast(safeWrite));
        zeroLeft = (zeroLeft && safeContent == NONE) || (erased && zeros.outlast(safeContent));
    }

    private void media() {
        int last = eras.count();
        int value = value(mediaFound, Proof.MEDIA, last);
        if (value == NOTHING || trimmed || eras.endOnOtherDevice()) {
            return;
        }
        if (value == ZERO && zeroAmbiguous) {
            if (!zeroLeft) {
                proof.cameBack(offset, ZERO, places[covers], Proof.MEDIA, mediaNanos);
            }
            return;
        }
        begins[last] = value;
        witnesses[last] = NONE;
    }

    /** Follows what an era began with back to where it came from: nothing durable may have come over it on the way. */
    private void trace(int era) {
        int value = begins[era];
        int origin = value < 0 ? NONE : operations.era(places[value]);
        for (int between = era - 1; between > origin; between--) {
            if (begins[between] != NOTHING && begins[between] != value) {
                proof.changedByItself(
                        offset, place(begins[between]), witness(between), place(value), witness(era), mediaNanos);
                return;
            }
            for (int i = segments[between]; i < segments[between + 1]; i++) {
                if (safe(i)) {
                    proof.cameBack(offset, place(value), place(i), witness(era), mediaNanos);
                    return;
                }
            }
        }
        if (origin != NONE) {
            leaves[origin] = value;
            heirs[origin] = era;
        }
    }

    private void judgeEra(int era) {
        int from = segments[era];
        int to = segments[era + 1];
        if (from == to) {
            return;
        }
        cluster(era, from, to);
        zones.sort(from, to, count);
        int[] pair = zones.conflict(from, to);
        if (pair != null) {
            // What was there before every operation can only have been shown too late.
            boolean swap = pair[1] == count;
            proof.outOfOrder(offset, cluster(era, pair[swap ? 1 : 0]), cluster(era, pair[swap ? 0 : 1]));
        } else if (leaves[era] != NOTHING) {
            judgeLeft(era, from, to);
        }
    }

    /** Puts what surely happened in an era into clusters; what may never have happened and was not seen is left out. */
    private void cluster(int era, int from, int to) {
        zones.clear(count, count + 1);
        if (begins[era] != NOTHING) {
            zones.add(count, NONE, 0, 0);
        }
        for (int i = from; i < to; i++) {
            if ((kind(i).leavesContent() && operations.done(places[i])) || values[i] == SOME_ZERO) {
                zones.add(i, i, starts[i], ends[i]);
            } else if (values[i] != NOTHING) {
                int cluster = values[i] < from ? count : values[i];
                if (cluster != count && !operations.done(places[cluster])) {
                    zones.add(cluster, cluster, starts[cluster], ends[cluster]);
                }
                zones.add(cluster, i, starts[i], ends[i]);
            }
        }
        int left = leaves[era];
        if (left != NOTHING && !zones.has(left)) {
            zones.add(left, left, starts[left], ends[left]);
        }
    }

    /** G2: what an era was seen to leave must not have to come before something durable. */
    private void judgeLeft(int era, int from, int to) {
        int left = leaves[era];
        int before = zones.mustPrecede(left);
        for (int i = from; i < to; i++) {
            if (i != left && safe(i) && zones.latestStart(i) > before) {
                proof.cameBack(offset, places[left], places[i], witness(heirs[era]), mediaNanos);
                return;
            }
        }
    }

    /** Whether it survives until the next era begins, whatever was lost. */
    private boolean safe(int i) {
        int place = places[i];
        if (!operations.done(place) || !kind(i).leavesContent()) {
            return false;
        }
        int era = operations.era(place);
        return operations.durable(place)
                || eras.era(era).flushCovers(ends[i])
                || eras.keepsUnflushed(era, starts[i], offset, blockSize);
    }

    private Kind kind(int i) {
        return operations.kind(places[i]);
    }

    /** The place of a value: what stands for zeros stays as it is. */
    private int place(int value) {
        return value < 0 ? value : places[value];
    }

    private int witness(int era) {
        return era == eras.count() ? Proof.MEDIA : places[witnesses[era]];
    }

    private Proof.Cluster cluster(int era, int number) {
        int value = number == count ? begins[era] : kind(number) == Kind.READ ? ZERO : number;
        return new Proof.Cluster(place(value), place(zones.firstToEnd(number)), place(zones.lastToStart(number)));
    }
}
