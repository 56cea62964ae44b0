package dst.protocol.client;

import dst.protocol.Boot;
import dst.protocol.Range;
import dst.protocol.StateDigest;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * For each block its last executed acknowledged content that is not known to be durable (D2): enough to write everything again
 * that a new boot may have lost.
 */
final class Retention {
    private static final long STREWN = 0x9E3779B97F4A7C15L;
    /** Its inverse. */
    private static final long GATHERED = 0xF1DE83E19937733DL;

    /** By key, not by number: see {@link #key}. */
    private final LongObjectHashMap<Content> blocks = new LongObjectHashMap<>();

    /** Those of the present boot, by execution number. */
    private final TreeMap<Long, Content> current = new TreeMap<>();

    /** Those of earlier boots, to be replayed, in the order in which they were executed. */
    private final Set<Content> older = new LinkedHashSet<>();

    private int blockSize = 1;
    private long bytes;
    private Boot boot = Boot.NONE;

    /** D2: the highest commit number of this boot. Answers of several links overtake each other. */
    private long committed;

    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return bytes == 0;
    }

    /** D3: everything retained is of an earlier boot now. */
    void newBoot(Boot newer) {
        boot = newer;
        committed = 0;
        older.addAll(current.values());
        current.clear();
    }

    /** H6: whether everything retained still has a place on the device; if so, it is kept in its blocks. */
    boolean fits(long size, int newBlockSize) {
        if (isEmpty()) {
            blockSize = newBlockSize;
            return true;
        }
        if (newBlockSize != blockSize) {
            return false;
        }
        for (LongObjectHashMap.PrimitiveEntry<Content> entry : blocks.entries()) {
            if ((number(entry.key()) + 1) * blockSize > size) {
                return false;
            }
        }
        return true;
    }

    /** Whether this execution of the present boot is on record already; no two have one number (D2). */
    boolean knows(long execution) {
        return current.containsKey(execution);
    }

    /** An answered WRITE or ZERO: its blocks now hold this, unless a later execution is known. The data is taken over. */
    void retain(Content content) {
        for (long block = first(content.offset); block < end(content.end()); block++) {
            Content before = blocks.get(key(block));
            if (before != null && isNewer(before, content)) {
                continue;
            }
            if (before != null) {
                letGo(before);
            }
            blocks.put(key(block), content);
            content.blocks++;
        }
        if (content.blocks == 0) {
            content.release();
            return;
        }
        bytes += content.length;
        current.put(content.execution, content);
    }

    /** D2: within a boot the execution numbers decide; what an earlier boot executed is older. */
    private static boolean isNewer(Content known, Content other) {
        return known.boot.equals(other.boot) && known.execution > other.execution;
    }

    /** D2, D6: a durable write, or a TRIM, ends the retention of these blocks. */
    void endRetention(long offset, long end) {
        for (long block = first(offset); block < end(end); block++) {
            Content before = blocks.remove(key(block));
            if (before != null) {
                letGo(before);
            }
        }
    }

    /** D2: everything that this boot executed up to the commit number is durable. */
    void commit(long upTo) {
        committed = Math.max(committed, upTo);
        while (!current.isEmpty()) {
            Map.Entry<Long, Content> lowest = current.firstEntry();
            if (lowest.getKey() > committed) {
                return;
            }
            current.remove(lowest.getKey());
            releaseAll(lowest.getValue());
        }
    }

    private void releaseAll(Content content) {
        for (long block = first(content.offset); block < end(content.end()); block++) {
            if (blocks.get(key(block)) == content) {
                blocks.remove(key(block));
                content.blocks--;
            }
        }
        free(content);
    }

    private void letGo(Content content) {
        content.blocks--;
        if (content.blocks == 0) {
            if (content.boot.equals(boot)) {
                current.remove(content.execution);
            } else {
                older.remove(content);
            }
            free(content);
        }
    }

    private void free(Content content) {
        bytes -= content.length;
        content.release();
    }

    /** The next run of blocks that this content still owns, at or after this place. */
    @Nullable Range piece(Content content, long from, int most) {
        long block = first(from);
        long end = end(content.end());
        while (block < end && blocks.get(key(block)) != content) {
            block++;
        }
        long start = block;
        while (block < end && (block + 1 - start) * blockSize <= most && blocks.get(key(block)) == content) {
            block++;
        }
        return block == start ? null : new Range(start * blockSize, (block - start) * blockSize);
    }

    /** What has to be replayed in this boot, in the order of its execution. */
    List<Content> toReplay() {
        return List.copyOf(older);
    }

    /** D3: this content is on the disk again, all of it, under the execution number of the present boot. */
    void replayed(Content content, long execution) {
        older.remove(content);
        content.boot = boot;
        content.execution = execution;
        current.put(execution, content);
    }

    List<Range> ranges() {
        List<Content> all = new ArrayList<>(older);
        all.addAll(current.values());
        List<Range> ranges = new ArrayList<>();
        for (Content content : all) {
            Range piece = piece(content, content.offset, Integer.MAX_VALUE);
            while (piece != null) {
                ranges.add(piece);
                piece = piece(content, piece.end(), Integer.MAX_VALUE);
            }
        }
        return ranges;
    }

    void discard() {
        older.forEach(Content::release);
        current.values().forEach(Content::release);
        older.clear();
        current.clear();
        blocks.clear();
        bytes = 0;
    }

    /**
     * The map lays keys in their order. Neighbours in one long run would have the whole run moved with each one that is removed:
     * they are strewn, so that what a flush lets go costs no more than it was.
     */
    private static long key(long block) {
        return block * STREWN;
    }

    private static long number(long key) {
        return key * GATHERED;
    }

    private long first(long offset) {
        return offset / blockSize;
    }

    private long end(long end) {
        return (end + blockSize - 1) / blockSize;
    }

    void digest(StateDigest digest) {
        digest.add(bytes).add(boot).add(committed).add(blockSize).add(older.size());
        older.forEach(content -> digest(content, digest));
        digest.add(current.size());
        current.values().forEach(content -> digest(content, digest));
    }

    /** With the blocks that are still this content's. */
    private void digest(Content content, StateDigest digest) {
        content.digest(digest);
        for (long block = first(content.offset); block < end(content.end()); block++) {
            digest.add(blocks.get(key(block)) == content);
        }
    }
}
