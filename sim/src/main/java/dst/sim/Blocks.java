package dst.sim;

import dst.protocol.Prng;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a disk holds, block by block: the platter, and above it the volatile cache with every content since the last durable one,
 * since any of them may be what survives a power cut. The newest is what a read returns.
 */
final class Blocks {
    /** The write that made a version has not ended. */
    static final long RUNNING = Long.MAX_VALUE;

    /** More versions of one block than this are not kept to choose from at a power cut. */
    private static final int VERSIONS_MAX = 6;

    private final int blockSize;
    private final byte[] zeros;
    private final LongObjectHashMap<Block> blocks = new LongObjectHashMap<>();
    private final ArrayList<Block> cached = new ArrayList<>();
    private final ArrayList<byte[]> freeContents = new ArrayList<>();
    private final ArrayList<Version> freeVersions = new ArrayList<>();
    private final @Nullable Past past;

    /** Past: keeps the way back, if anybody will want to go it. */
    Blocks(int blockSize, @Nullable Past past) {
        this.blockSize = blockSize;
        this.past = past;
        this.zeros = new byte[blockSize];
    }

    /** One content of a block in the cache. */
    private static final class Version {
        byte[] content = {};
        /** Which disk operation wrote it. */
        long writer;
        /** When that operation ended, in the disk's own count of moments. */
        long ended;
        /** Whether a flush still has to write it; not so after a flush that failed to (the fsync lesson). */
        boolean dirty;
    }

    private static final class Block {
        final long number;
        byte[] platter;
        final ArrayList<Version> versions = new ArrayList<>(2);
        boolean listed;

        Block(long number, byte[] platter) {
            this.number = number;
            this.platter = platter;
        }
    }

    /** Room for one block's content, to be given to {@link #write}. */
    byte[] newContent() {
        return freeContents.isEmpty() ? new byte[blockSize] : freeContents.removeLast();
    }

    /** The content of a block of zeros, to be given to {@link #write}; nobody writes into it. */
    byte[] zeros() {
        return zeros;
    }

    /** What a read returns now; not to be kept or changed. */
    byte[] visible(long number) {
        Block block = blocks.get(number);
        if (block == null) {
            return zeros;
        }
        return block.versions.isEmpty() ? block.platter : block.versions.getLast().content;
    }

    /** What the media hold now; not to be kept or changed. */
    byte[] durable(long number) {
        Block block = blocks.get(number);
        return block == null ? zeros : block.platter;
    }

    /** Makes a content visible. It is owned from here on. */
    void write(long number, byte[] content, long writer, long ended) {
        Block block = block(number);
        Version version = freeVersions.isEmpty() ? new Version() : freeVersions.removeLast();
        version.content = content;
        version.writer = writer;
        version.ended = ended;
        version.dirty = true;
        if (block.versions.size() >= VERSIONS_MAX && block.versions.get(0).ended != RUNNING) {
            free(block.versions.remove(0));
        }
        block.versions.add(version);
        if (!block.listed) {
            block.listed = true;
            cached.add(block);
        }
    }

    /** The write that made this version has ended. */
    void ended(long number, long writer, long moment) {
        Block block = block(number);
        int place = find(block, writer);
        if (place >= 0) {
            block.versions.get(place).ended = moment;
        }
    }

    /** Puts on the media what this writer wrote, if it is still only in the cache. */
    void makeDurable(long number, long writer) {
        Block block = block(number);
        int place = find(block, writer);
        if (place >= 0) {
            settle(block, place);
        }
    }

    /** Puts a content on the media past the cache, as a power cut in the middle of a write does. */
    void writeDurable(long number, byte[] content) {
        put(block(number), content);
    }

    /** Everything that ended before this moment goes to the media; of what came later, some may. */
    void flush(long submitted, long luck) {
        for (int i = 0; i < cached.size(); i++) {
            Block block = cached.get(i);
            long hash = Prng.hash(luck, block.number, 0, 0);
            int place = lastEndedBefore(block, submitted);
            int newest = block.versions.size() - 1;
            if (place < newest && Draw.chance(hash, 1, 2)) {
                place = (int) Draw.between(Prng.mix(hash), place + 1L, newest);
            }
            if (place >= 0 && block.versions.get(place).dirty) {
                settle(block, place);
            }
        }
        relist();
        if (past != null) {
            past.flushed();
        }
    }

    /** The media hold what they held at an earlier flush, and the cache is empty; whether anything changed. */
    boolean goBack(long luck) {
        for (int i = 0; i < cached.size(); i++) {
            forget(cached.get(i));
        }
        relist();
        return past != null && past.goBack(luck, (number, content) -> block(number).platter = content);
    }

    /** A flush that failed wrote some blocks; the others it will never try again, although they can still be read. */
    void failFlush(long luck) {
        for (int i = 0; i < cached.size(); i++) {
            Block block = cached.get(i);
            if (block.versions.isEmpty()) {
                continue;
            }
            Version newest = block.versions.getLast();
            if (newest.dirty && Draw.chance(Prng.hash(luck, block.number, 0, 0), 1, 2)) {
                settle(block, block.versions.size() - 1);
            } else {
                for (Version version : block.versions) {
                    version.dirty = false;
                }
            }
        }
        relist();
    }

    /** The cache is gone: of each block the media hold what they held, or any later content that had not been flushed. */
    void lose(long luck) {
        for (int i = 0; i < cached.size(); i++) {
            Block block = cached.get(i);
            long hash = Prng.hash(luck, block.number, 0, 0);
            int survivor = (int) Draw.between(hash, -1, block.versions.size() - 1L);
            if (survivor >= 0 && block.versions.get(survivor).dirty) {
                settle(block, survivor);
            }
            forget(block);
        }
        relist();
    }

    /** Flips a bit of the block, wherever it is. */
    void rot(long number, int bit) {
        Block block = block(number);
        block.platter = rotten(block.platter, bit);
        if (!block.versions.isEmpty()) {
            Version newest = block.versions.getLast();
            newest.content = rotten(newest.content, bit);
        }
    }

    /** These blocks are no longer there. */
    void discard(long from, long to) {
        ArrayList<Block> gone = new ArrayList<>();
        for (Block block : blocks.values()) {
            if (block.number >= from && block.number < to) {
                gone.add(block);
            }
        }
        for (Block block : gone) {
            blocks.remove(block.number);
            cached.remove(block);
        }
        if (past != null) {
            past.discard(from, to);
        }
    }

    /** The blocks that have a content which is not on the media. */
    TreeSet<Long> unflushed() {
        TreeSet<Long> numbers = new TreeSet<>();
        for (Block block : cached) {
            if (!block.versions.isEmpty()) {
                numbers.add(block.number);
            }
        }
        return numbers;
    }

    /** Whether this block was written, and the media hold it. */
    @SuppressWarnings("ReferenceEquality") // the one shared block of zeros is what was never written
    boolean isOnMedia(long number) {
        Block block = blocks.get(number);
        return block != null && block.versions.isEmpty() && block.platter != zeros;
    }

    /** Every block that was ever touched. */
    TreeSet<Long> present() {
        TreeSet<Long> numbers = new TreeSet<>();
        blocks.values().forEach(block -> numbers.add(block.number));
        return numbers;
    }

    /** Puts bytes on the media at that offset, within one block. */
    void put(long offset, byte[] content, int from, int length) {
        Block block = block(offset / blockSize);
        byte[] changed = block.platter.clone();
        System.arraycopy(content, from, changed, (int) (offset % blockSize), length);
        block.platter = changed;
    }

    /** The second half of a block on the media is not what was written there. */
    void tear(long number) {
        Block block = block(number);
        byte[] torn = block.platter.clone();
        for (int i = blockSize / 2; i < blockSize; i++) {
            torn[i] ^= (byte) 0xA5;
        }
        block.platter = torn;
    }

    private byte[] rotten(byte[] content, int bit) {
        byte[] rotten = content.clone();
        rotten[bit >>> 3] ^= (byte) (1 << (bit & 7));
        return rotten;
    }

    private Block block(long number) {
        Block block = blocks.get(number);
        if (block == null) {
            block = new Block(number, zeros);
            blocks.put(number, block);
        }
        return block;
    }

    private void settle(Block block, int place) {
        Version version = block.versions.get(place);
        put(block, version.content);
        version.content = zeros;
        for (int i = 0; i <= place; i++) {
            free(block.versions.get(i));
        }
        block.versions.subList(0, place + 1).clear();
    }

    private void put(Block block, byte[] content) {
        if (past == null) {
            free(block.platter);
        } else {
            past.replaced(block.number, block.platter);
        }
        block.platter = content;
    }

    private void forget(Block block) {
        for (Version version : block.versions) {
            free(version);
        }
        block.versions.clear();
    }

    private void relist() {
        int kept = 0;
        for (int i = 0; i < cached.size(); i++) {
            Block block = cached.get(i);
            if (block.versions.isEmpty()) {
                block.listed = false;
            } else {
                cached.set(kept++, block);
            }
        }
        cached.subList(kept, cached.size()).clear();
    }

    private static int find(Block block, long writer) {
        for (int i = block.versions.size() - 1; i >= 0; i--) {
            if (block.versions.get(i).writer == writer) {
                return i;
            }
        }
        return -1;
    }

    private static int lastEndedBefore(Block block, long moment) {
        for (int i = block.versions.size() - 1; i >= 0; i--) {
            if (block.versions.get(i).ended < moment) {
                return i;
            }
        }
        return -1;
    }

    private void free(Version version) {
        free(version.content);
        version.content = zeros;
        freeVersions.add(version);
    }

    @SuppressWarnings("ReferenceEquality") // the one shared block of zeros never becomes free
    private void free(byte[] content) {
        if (content != zeros) {
            freeContents.add(content);
        }
    }
}
