package dst.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.trace.Stamp;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Disk} has to do, simulated or real, when nothing is broken. A subclass says how to open a fresh disk of
 * zeros with at least {@link #BLOCKS} blocks of at least 32 bytes, and how to let it work until something is so.
 */
public abstract class DiskContract {
    protected static final int BLOCKS = 32;

    private final Map<Long, DiskResult> results = new HashMap<>();
    private final Map<Long, ByteBuf> written = new HashMap<>();
    private Disk disk;
    private long tickets;
    private boolean submitting;

    /** A fresh disk. */
    protected abstract Disk open(Disk.Ended ended);

    /** Lets the disk work until this is so. */
    protected abstract void workUntil(BooleanSupplier done);

    /** Gives back whatever {@link #open} took. */
    protected void close() {}

    @BeforeEach
    void openDisk() {
        disk = open((ticket, result) -> {
            assertFalse(submitting, "a request ended from within its own submission");
            assertNull(results.put(ticket, result), "request " + ticket + " ended twice");
        });
        assertTrue(disk.size() >= (long) BLOCKS * disk.blockSize());
    }

    @AfterEach
    void closeDisk() {
        results.values().forEach(DiskContract::release);
        close();
    }

    @Test
    void freshDiskReadsAsZeros() {
        assertEquals(Set.of(0L), Set.copyOf(readBlocks(0, BLOCKS)));
    }

    @Test
    void readsWhatWasWritten() {
        write(3, 1, 17, false);
        assertEquals(List.of(0L, 17L, 0L), readBlocks(2, 3));
    }

    @Test
    void writesManyBlocksAtOnce() {
        write(4, 9, 21, false);
        assertEquals(List.of(0L, 21L, 21L, 21L, 21L, 21L, 21L, 21L, 21L, 21L, 0L), readBlocks(3, 11));
    }

    @Test
    void laterWriteReplacesAnEarlierOne() {
        write(5, 2, 1, false);
        write(6, 2, 2, true);
        assertEquals(List.of(1L, 2L, 2L), readBlocks(5, 3));
    }

    @Test
    void zeroedBlocksReadAsZeros() {
        write(8, 3, 5, false);
        zero(9, 1, false);
        zero(10, 1, true);
        assertEquals(List.of(5L, 0L, 0L), readBlocks(8, 3));
    }

    @Test
    void trimmedBlockReadsAsZerosOrAsBefore() {
        write(8, 4, 5, false);
        trim(9, 2);
        List<Long> read = readBlocks(8, 4);
        assertEquals(5, read.get(0));
        assertTrue(Set.of(0L, 5L).containsAll(read));
        assertEquals(5, read.get(3));
    }

    @Test
    void trimmedBlockHoldsWhatIsWrittenAfterwards() {
        write(8, 1, 5, false);
        trim(8, 1);
        write(8, 1, 6, false);
        assertEquals(List.of(6L), readBlocks(8, 1));
    }

    @Test
    void flushTransfersNothing() {
        write(0, 1, 1, false);
        DiskResult result = run(new DiskRequest.Flush(++tickets, 0));
        assertEquals(new DiskResult.Transferred(0), result);
    }

    @Test
    void flushedAndDurableBlocksSurviveForgetting() {
        write(1, 2, 7, false);
        zero(2, 1, false);
        run(new DiskRequest.Flush(++tickets, 0));
        write(4, 1, 8, true);
        if (forget()) {
            assertEquals(List.of(7L, 0L, 0L, 8L), readBlocks(1, 4));
        }
    }

    @Test
    void unflushedBlocksAreOldOrNewAfterForgetting() {
        write(0, BLOCKS, 7, true);
        write(0, BLOCKS, 8, false);
        if (forget()) {
            assertTrue(Set.of(7L, 8L).containsAll(readBlocks(0, BLOCKS)));
        }
    }

    @Test
    void requestsThatRunSideBySideAllEndAndDisturbNobody() {
        List<Long> running = new ArrayList<>();
        for (int block = 0; block < BLOCKS; block += 2) {
            running.add(submit(request(block, 100L + block, 1, block % 4 == 0)));
        }
        running.add(submit(new DiskRequest.Flush(++tickets, 0)));
        workUntil(() -> results.keySet().containsAll(running));
        List<Long> read = readBlocks(0, BLOCKS);
        for (int block = 0; block < BLOCKS; block++) {
            assertEquals(block % 2 == 0 ? 100L + block : 0L, read.get(block), "block " + block);
        }
    }

    @Test
    void readBesideARunningWriteSeesEachBlockOldOrNew() {
        write(0, 8, 1, false);
        long writing = submit(request(0, 2L, 8, false));
        List<Long> seen = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            seen.addAll(readBlocks(0, 8));
        }
        assertTrue(Set.of(1L, 2L).containsAll(seen), seen.toString());
        workUntil(() -> results.containsKey(writing));
        assertEquals(Set.of(2L), Set.copyOf(readBlocks(0, 8)));
    }

    @Test
    void dataOfAWriteIsGivenBackWhenItEnds() {
        long ticket = submit(request(0, 4L, 1, false));
        workUntil(() -> results.containsKey(ticket));
        assertEquals(0, written.get(ticket).refCnt());
    }

    @Test
    void refusesWhatIsOutsideOrNotAligned() {
        int blockSize = disk.blockSize();
        assertInstanceOf(DiskResult.Failed.class, run(new DiskRequest.Read(++tickets, 0, disk.size(), blockSize)));
        assertInstanceOf(
                DiskResult.Failed.class,
                run(new DiskRequest.Zero(++tickets, 0, disk.size() - blockSize, 2 * blockSize, false)));
        assertInstanceOf(DiskResult.Failed.class, run(new DiskRequest.Read(++tickets, 0, 1, blockSize)));
        assertInstanceOf(DiskResult.Failed.class, run(new DiskRequest.Trim(++tickets, 0, 0, blockSize + 1)));
        assertEquals(List.of(0L), readBlocks(BLOCKS - 1, 1));
    }

    @Test
    void holdsTheLatestContentUnderAnyMixOfRequests() {
        for (long seed = 1; seed <= 5; seed++) {
            Prng draws = new Prng(seed);
            List<Set<Long>> held = new ArrayList<>();
            readBlocks(0, BLOCKS).forEach(content -> held.add(Set.of(content)));
            for (int i = 1; i <= 60; i++) {
                int blocks = (int) draws.between(1, 5);
                int first = (int) draws.below(BLOCKS - blocks + 1L);
                long tag = seed * 1000 + i;
                switch ((int) draws.below(6)) {
                    case 0 -> run(new DiskRequest.Flush(++tickets, 0));
                    case 1 -> {
                        zero(first, blocks, draws.chance(1, 3));
                        hold(held, first, blocks, Set.of(0L));
                    }
                    case 2 -> {
                        trim(first, blocks);
                        for (int block = first; block < first + blocks; block++) {
                            held.set(block, union(held.get(block), 0));
                        }
                    }
                    case 3 -> check(held, first, blocks, "seed " + seed + " step " + i);
                    default -> {
                        write(first, blocks, tag, draws.chance(1, 3));
                        hold(held, first, blocks, Set.of(tag));
                    }
                }
            }
            check(held, 0, BLOCKS, "seed " + seed);
        }
    }

    // Whole operations: what comes short is continued, as a server does (R4).

    private void write(int first, int blocks, long tag, boolean durable) {
        for (int done = 0; done < blocks; ) {
            done += moved(run(request(first + done, tag, blocks - done, durable)));
        }
    }

    private void zero(int first, int blocks, boolean durable) {
        for (int done = 0; done < blocks; ) {
            done += moved(run(new DiskRequest.Zero(++tickets, 0, at(first + done), size(blocks - done), durable)));
        }
    }

    private void trim(int first, int blocks) {
        for (int done = 0; done < blocks; ) {
            done += moved(run(new DiskRequest.Trim(++tickets, 0, at(first + done), size(blocks - done))));
        }
    }

    /** The tag found in each block; 0 for zeros. */
    private List<Long> readBlocks(int first, int blocks) {
        List<Long> tags = new ArrayList<>();
        while (tags.size() < blocks) {
            int next = first + tags.size();
            DiskResult result = run(new DiskRequest.Read(++tickets, 0, at(next), size(blocks - tags.size())));
            ByteBuf data = assertInstanceOf(DiskResult.Data.class, result).data();
            assertTrue(data.isReadable() && data.readableBytes() % disk.blockSize() == 0);
            for (int i = 0; i < data.readableBytes(); i += disk.blockSize()) {
                Stamp.Content content = Stamp.read(data, data.readerIndex() + i, disk.blockSize(), at(next) + i);
                assertTrue(
                        content.state() == Stamp.Content.State.WHOLE || content.state() == Stamp.Content.State.ZERO,
                        content.toString());
                tags.add(content.tag());
            }
        }
        return tags;
    }

    private boolean forget() {
        return run(new DiskRequest.Forget(++tickets, 0)) instanceof DiskResult.Transferred;
    }

    private DiskRequest request(int first, long tag, int blocks, boolean durable) {
        ByteBuf data = Unpooled.buffer(size(blocks));
        for (int block = 0; block < blocks; block++) {
            Stamp.write(data, 1, tag, at(first + block), disk.blockSize());
        }
        written.put(++tickets, data);
        return new DiskRequest.Write(tickets, 0, at(first), data, durable);
    }

    private long submit(DiskRequest request) {
        submitting = true;
        disk.submit(request);
        submitting = false;
        return request.ticket();
    }

    private DiskResult run(DiskRequest request) {
        long ticket = submit(request);
        workUntil(() -> results.containsKey(ticket));
        return results.get(ticket);
    }

    private int moved(DiskResult result) {
        int bytes = assertInstanceOf(DiskResult.Transferred.class, result).bytes();
        assertTrue(bytes > 0 && bytes % disk.blockSize() == 0);
        return bytes / disk.blockSize();
    }

    private void check(List<Set<Long>> held, int first, int blocks, String when) {
        List<Long> read = readBlocks(first, blocks);
        for (int i = 0; i < blocks; i++) {
            assertTrue(held.get(first + i).contains(read.get(i)), when + ", block " + (first + i) + ": " + read.get(i));
        }
    }

    private static void hold(List<Set<Long>> held, int first, int blocks, Set<Long> contents) {
        for (int block = first; block < first + blocks; block++) {
            held.set(block, contents);
        }
    }

    private static Set<Long> union(Set<Long> contents, long another) {
        Set<Long> all = new HashSet<>(contents);
        all.add(another);
        return all;
    }

    private static void release(DiskResult result) {
        if (result instanceof DiskResult.Data(ByteBuf data)) {
            data.release();
        }
    }

    private long at(int block) {
        return (long) block * disk.blockSize();
    }

    private int size(int blocks) {
        return blocks * disk.blockSize();
    }
}
