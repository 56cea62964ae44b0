package dst.protocol.model;

import java.util.Arrays;

/**
 * A disk with a volatile cache: of each block what the media hold, and over it the contents that were written since, in order.
 * A power cut keeps any one of these. After a failed flush a content may be read that is nowhere but in the cache and that no
 * later flush writes.
 */
final class Disk {
    private static final int[] NOTHING = {};
    private static final int NONE = -1;

    final int[] media;
    final int[][] cache;

    /** What is read if the cache holds nothing newer; the media hold something else. */
    private final int[] unwritten;

    Disk(int blocks) {
        media = new int[blocks];
        cache = new int[blocks][];
        unwritten = new int[blocks];
        Arrays.fill(cache, NOTHING);
        Arrays.fill(unwritten, NONE);
    }

    private Disk(Disk other) {
        media = other.media.clone();
        cache = other.cache.clone();
        unwritten = other.unwritten.clone();
    }

    Disk copy() {
        return new Disk(this);
    }

    int visible(int block) {
        int[] contents = cache[block];
        if (contents.length > 0) {
            return contents[contents.length - 1];
        }
        return unwritten[block] == NONE ? media[block] : unwritten[block];
    }

    void write(int block, int value) {
        int[] contents = cache[block];
        cache[block] = Arrays.copyOf(contents, contents.length + 1);
        cache[block][contents.length] = value;
    }

    /** What a durable write does; and what the block holds after power or cache are gone. */
    void keep(int block, int value) {
        media[block] = value;
        cache[block] = NOTHING;
        unwritten[block] = NONE;
    }

    /** How many contents of each block a flush that is issued now covers. */
    int[] pending() {
        int[] pending = new int[cache.length];
        for (int block = 0; block < cache.length; block++) {
            pending[block] = cache[block].length;
        }
        return pending;
    }

    void flushed(int block, int covered) {
        if (covered > 0) {
            media[block] = cache[block][covered - 1];
            cache[block] = Arrays.copyOfRange(cache[block], covered, cache[block].length);
            unwritten[block] = NONE;
        }
    }

    /** The flush failed: this much reached the media, and the rest is taken for written. */
    void flushFailed(int block, int covered, int reached) {
        if (covered > 0) {
            int last = cache[block][covered - 1];
            cache[block] = Arrays.copyOfRange(cache[block], covered, cache[block].length);
            unwritten[block] = last == reached ? NONE : last;
            media[block] = reached;
        }
    }

    /** What a block may hold after the cache is gone, the first so many of its contents counted. */
    int[] leftovers(int block, int counted) {
        int[] all = Arrays.copyOf(cache[block], counted + 1);
        all[counted] = media[block];
        return distinct(all);
    }

    static int[] distinct(int[] values) {
        return Arrays.stream(values).sorted().distinct().toArray();
    }

    void digest(Fingerprint print) {
        for (int block = 0; block < media.length; block++) {
            print.add(media[block] | unwritten[block] + 1 << 4);
            print.addAll(cache[block]);
        }
    }
}
