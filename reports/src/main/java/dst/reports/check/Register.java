package dst.reports.check;

import static dst.reports.check.Operations.NOTHING;
import static dst.reports.check.Operations.ZERO;
import static dst.reports.check.Zones.NONE;

import dst.protocol.Kind;
import java.util.Arrays;
import java.util.stream.IntStream;

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
    private final Proof proof;
    private final BlockOperations block;
    private final Zones zones = new Zones();
    private final Overwrites writes = new Overwrites();
    private final Overwrites contents = new Overwrites();
    private final Erasures trims = new Erasures();
    private final Erasures zeros = new Erasures();

    private long offset;
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
        this.proof = proof;
        this.block = new BlockOperations(operations, eras, unknowns, blockSize, proof);
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
        offset = blockOffset;
        block.load(blockOffset, mediaNanos, all, from, to);
        zones.clear(0, block.count + 1);
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

    /**
     * Of the block judged last: zeros, and each write that nothing durable came after for sure. Whether it may be left is known only when
     * that is judged.
     */
    int[] leavable() {
        int covered = NONE;
        for (int i = 0; i < block.count; i++) {
            covered = block.safe(i) ? Math.max(covered, block.starts[i]) : covered;
        }
        int last = covered;
        IntStream writes = IntStream.range(0, block.count)
                .filter(i -> block.kind(i) == Kind.WRITE && (trimmed || block.ends[i] > last))
                .map(i -> block.places[i]);
        return IntStream.concat(IntStream.of(ZERO), writes).toArray();
    }

    /** Sorts out which reads of an era prove something, and what they say about its beginning. */
    private void lookForBeginning(int era) {
        int from = block.segments[era];
        int to = block.segments[era + 1];
        boolean erased = false;
        for (int i = from; i < to; i++) {
            erased |= block.kind(i) == Kind.TRIM || block.kind(i) == Kind.ZERO;
        }
        zeroAmbiguous |= erased;
        boolean plain = !zeroAmbiguous && !trimmed;
        if (!plain) {
            loadOverwrites(from, to);
        }
        for (int i = from; i < to; i++) {
            if (block.values[i] == NOTHING) {
                continue;
            }
            if (!plain) {
                int write = writes.lastBefore(block.starts[i]);
                // D6: until the next write a read may return zeros or any earlier content, and another one each time.
                if ((trimmed && write == NONE)
                        || trims.reach(block.ends[i], write == NONE ? NONE : block.starts[write])) {
                    block.values[i] = NOTHING;
                    continue;
                }
            }
            if (block.values[i] == ZERO && zeroAmbiguous) {
                block.values[i] = SOME_ZERO;
            } else if (block.values[i] < from) {
                begin(era, block.values[i], i);
            }
        }
        for (int i = from; i < to; i++) {
            if (block.values[i] == SOME_ZERO) {
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
            Kind kind = block.kind(i);
            if (kind.leavesContent() && block.done(i)) {
                writes.add(i, block.starts[i], block.ends[i]);
                if (kind == Kind.WRITE) {
                    contents.add(i, block.starts[i], block.ends[i]);
                }
            }
            if (kind == Kind.TRIM) {
                trims.add(block.starts[i], block.ends[i]);
            }
            if (kind == Kind.TRIM || kind == Kind.ZERO) {
                zeros.add(block.starts[i], block.ends[i]);
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
            proof.twoBeginnings(
                    offset, block.place(begins[era]), witness(era), block.place(value), block.places[reader]);
            block.values[reader] = NOTHING;
        }
    }

    private void judgeZero(int era, int reader) {
        int write = contents.lastBefore(block.starts[reader]);
        if (zeros.reach(block.ends[reader], write == NONE ? NONE : block.starts[write])) {
            return;
        }
        boolean fromBefore = zeroLeft && begins[era] == NOTHING && write == NONE;
        if (!fromBefore) {
            boolean seenBefore = write == NONE && begins[era] != NOTHING;
            int over = write != NONE ? write : seenBefore ? begins[era] : covers;
            proof.zeroFromNowhere(
                    offset, block.place(reader), block.place(over), seenBefore ? witness(era) : Proof.NOBODY);
        }
    }

    /** What may be left of zeros and trims for the next era. */
    private void passOn(int era) {
        int safeWrite = NONE;
        int safeContent = NONE;
        boolean erased = false;
        for (int i = block.segments[era]; i < block.segments[era + 1]; i++) {
            if (block.safe(i)) {
                safeWrite = block.starts[i];
                if (block.kind(i) == Kind.WRITE) {
                    safeContent = block.starts[i];
                    covers = i;
                }
            }
            erased |= block.kind(i) == Kind.TRIM || block.kind(i) == Kind.ZERO;
        }
        if (erased) {
            loadOverwrites(block.segments[era], block.segments[era + 1]);
        }
        trimmed = (trimmed && safeWrite == NONE) || (erased && trims.outlast(safeWrite));
        zeroLeft = (zeroLeft && safeContent == NONE) || (erased && zeros.outlast(safeContent));
    }

    private void media() {
        int last = eras.count();
        int value = block.value(mediaFound, Proof.MEDIA, last);
        if (value == NOTHING || trimmed || eras.endOnOtherDevice()) {
            return;
        }
        if (value == ZERO && zeroAmbiguous) {
            if (!zeroLeft) {
                int safe = block.places[covers];
                proof.cameBack(new Proof.Lost(offset, ZERO, safe, Proof.MEDIA), mediaNanos, safe);
            }
            return;
        }
        begins[last] = value;
        witnesses[last] = NONE;
    }

    /** Follows what an era began with back to where it came from: nothing durable may have come over it on the way. */
    private void trace(int era) {
        int value = begins[era];
        int origin = value < 0 ? NONE : operations.era(block.places[value]);
        for (int between = era - 1; between > origin; between--) {
            if (begins[between] != NOTHING && begins[between] != value) {
                proof.changedByItself(
                        offset,
                        block.place(begins[between]),
                        witness(between),
                        block.place(value),
                        witness(era),
                        mediaNanos);
                return;
            }
            for (int i = block.segments[between]; i < block.segments[between + 1]; i++) {
                if (block.safe(i)) {
                    int older = block.place(value);
                    Proof.Lost lost = new Proof.Lost(offset, older, block.place(i), witness(era));
                    proof.cameBack(lost, mediaNanos, older, block.place(i));
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
        int from = block.segments[era];
        int to = block.segments[era + 1];
        if (from == to) {
            return;
        }
        cluster(era, from, to);
        zones.sort(from, to, block.count);
        int[] pair = zones.conflict(from, to);
        if (pair != null) {
            // What was there before every operation can only have been shown too late.
            boolean swap = pair[1] == block.count;
            int shown = pair[swap ? 1 : 0];
            int other = pair[swap ? 0 : 1];
            proof.outOfOrder(offset, cluster(era, shown), cluster(era, other), seenBy(era, other));
        } else if (leaves[era] != NOTHING) {
            judgeLeft(era, from, to);
        }
    }

    /** Puts what surely happened in an era into clusters; what may never have happened and was not seen is left out. */
    private void cluster(int era, int from, int to) {
        zones.clear(block.count, block.count + 1);
        if (begins[era] != NOTHING) {
            zones.add(block.count, NONE, 0, 0);
        }
        for (int i = from; i < to; i++) {
            if ((block.kind(i).leavesContent() && block.done(i)) || block.values[i] == SOME_ZERO) {
                zones.add(i, i, block.starts[i], block.ends[i]);
            } else if (block.values[i] != NOTHING) {
                int cluster = block.values[i] < from ? block.count : block.values[i];
                if (cluster != block.count && !block.done(cluster)) {
                    zones.add(cluster, cluster, block.starts[cluster], block.ends[cluster]);
                }
                zones.add(cluster, i, block.starts[i], block.ends[i]);
            }
        }
        int left = leaves[era];
        if (left != NOTHING && !zones.has(left)) {
            zones.add(left, left, block.starts[left], block.ends[left]);
        }
    }

    /** G2: what an era was seen to leave must not have to come before something durable. */
    private void judgeLeft(int era, int from, int to) {
        int left = leaves[era];
        int around = zones.around(left);
        int before = zones.mustPrecede(left);
        for (int i = from; i < to; i++) {
            if (i != left && block.safe(i) && zones.latestStart(i) > before) {
                Proof.Lost lost = new Proof.Lost(offset, block.places[left], block.places[i], witness(heirs[era]));
                int first = block.places[zones.firstToEnd(left)];
                int last = block.places[zones.lastToStart(i)];
                if (around == NONE || zones.latestStart(i) > zones.earliestEnd(left)) {
                    proof.cameBack(lost, mediaNanos, first, last);
                } else {
                    Proof.Cluster between = cluster(era, around);
                    proof.cameBack(lost, mediaNanos, first, between.firstToEnd(), between.lastToStart(), last);
                }
                return;
            }
        }
    }

    private int witness(int era) {
        return era == eras.count() ? Proof.MEDIA : block.places[witnesses[era]];
    }

    /** Who saw that a content was there at all, if nobody was told so and none of those that bound its zone returned it. */
    private int seenBy(int era, int cluster) {
        boolean certain = cluster == block.count || block.done(cluster) || zones.hasReader(cluster);
        if (certain) {
            return Proof.NOBODY;
        }
        for (int i = block.segments[era]; i < block.segments[era + 1]; i++) {
            if (block.values[i] == cluster) {
                return block.places[i];
            }
        }
        return witness(heirs[era]);
    }

    private Proof.Cluster cluster(int era, int number) {
        int value = number == block.count ? begins[era] : block.kind(number) == Kind.READ ? ZERO : number;
        return new Proof.Cluster(
                block.place(value), block.place(zones.firstToEnd(number)), block.place(zones.lastToStart(number)));
    }
}
