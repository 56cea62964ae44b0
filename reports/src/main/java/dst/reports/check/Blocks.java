package dst.reports.check;

import dst.protocol.Kind;
import dst.reports.check.Operations.Fate;
import java.util.Arrays;

/**
 * The history sorted by block: for each block that somebody looked at, what may have changed it and what was read from it, era by
 * era in the order of submission. Other blocks prove nothing.
 */
final class Blocks {
    private static final int NONE = -1;

    private final Operations operations;
    private final int blockSize;
    private final long[] offsets;
    private final int[] first;
    private final int[] places;
    private final int[] mediaIndex;
    private final Media media;
    private final long readBlocks;

    /** Judges one block: its operations are {@code places[from]} to {@code places[to - 1]}. */
    interface Judge {
        void judge(long offset, int[] places, int from, int to);

        /** Says beforehand what the media held in the end in the next block. */
        void mediaHeld(int found, long nanos);
    }

    private Blocks(Operations operations, Media media, int blockSize) {
        this.operations = operations;
        this.media = media;
        this.blockSize = blockSize;
        Offsets looked = new Offsets();
        long count = 0;
        for (int place = 0; place < operations.size(); place++) {
            if (operations.hasSeen(place)) {
                for (long at = operations.offset(place); at < operations.endOffset(place); at += blockSize) {
                    looked.add(at);
                    count++;
                }
            }
        }
        readBlocks = count;
        for (int i = 0; i < media.count(); i++) {
            looked.add(media.offset(i));
        }
        offsets = looked.sorted();
        mediaIndex = new int[offsets.length];
        Arrays.fill(mediaIndex, NONE);
        for (int i = 0; i < media.count(); i++) {
            mediaIndex[Arrays.binarySearch(offsets, media.offset(i))] = i;
        }
        first = new int[offsets.length + 1];
        places = sortByBlock();
    }

    static Blocks of(Operations operations, Media media, int blockSize) {
        return new Blocks(operations, media, blockSize);
    }

    void forEach(Judge judge) {
        for (int block = 0; block < offsets.length; block++) {
            int held = mediaIndex[block];
            judge(
                    block,
                    held == NONE ? Operations.NOTHING : media.found(held),
                    held == NONE ? 0 : media.nanos(held),
                    judge);
        }
    }

    /** Has one block judged, with that found on the media in the end. */
    void judge(int block, int held, long nanos, Judge judge) {
        judge.mediaHeld(held, nanos);
        judge.judge(offsets[block], places, first[block], first[block + 1]);
    }

    long[] offsets() {
        return offsets;
    }

    int count() {
        return offsets.length;
    }

    long readBlocks() {
        return readBlocks;
    }

    private int[] sortByBlock() {
        for (int place = 0; place < operations.size(); place++) {
            if (counts(place)) {
                for (int block = firstBlock(place); touches(place, block); block++) {
                    first[block + 1]++;
                }
            }
        }
        for (int block = 0; block < offsets.length; block++) {
            first[block + 1] = Math.addExact(first[block + 1], first[block]);
        }
        int[] next = Arrays.copyOf(first, first.length);
        int[] sorted = new int[first[offsets.length]];
        operations.inOrderOfEras(place -> {
            if (counts(place)) {
                for (int block = firstBlock(place); touches(place, block); block++) {
                    sorted[next[block]++] = place;
                }
            }
        });
        return sorted;
    }

    /** Whether it can prove or change anything: what was refused has no effect. */
    private boolean counts(int place) {
        return operations.kind(place) == Kind.READ
                ? operations.hasSeen(place)
                : operations.kind(place).changes() && operations.fate(place) != Fate.REFUSED;
    }

    private int firstBlock(int place) {
        long start = operations.offset(place) - operations.offset(place) % blockSize;
        int at = Arrays.binarySearch(offsets, start);
        return at < 0 ? -at - 1 : at;
    }

    private boolean touches(int place, int block) {
        return block < offsets.length && offsets[block] < operations.endOffset(place);
    }
}
