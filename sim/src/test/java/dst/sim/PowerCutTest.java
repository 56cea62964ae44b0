package dst.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Problem;
import dst.protocol.fault.Fault;
import dst.protocol.fault.FaultKind;
import dst.protocol.trace.Stamp;
import io.netty.buffer.Unpooled;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a disk may lose and what it may not, over many seeds: everything allowed does occur, nothing else does. */
class PowerCutTest {
    private static final int SEEDS = 200;

    @Test
    void losesNothingThatWasFlushedOrDurable() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            DiskBench bench = new DiskBench(seed, 512);
            bench.run(bench.write(0, 8, 1, false));
            bench.run(bench.write(0, 4, 2, false));
            bench.run(bench.flush());
            bench.run(bench.write(8, 2, 3, true));
            bench.disk.powerCut();
            for (int block = 0; block < 10; block++) {
                assertEquals(block < 4 ? 2 : block < 8 ? 1 : 3, bench.durable(block), "seed " + seed);
            }
        }
    }

    @Test
    void losesAnySubsetOfTheUnflushedBlocks() {
        Set<String> survivors = new HashSet<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            DiskBench bench = new DiskBench(seed, 512);
            bench.run(bench.write(0, 2, 1, true));
            bench.run(bench.write(0, 2, 2, false));
            bench.run(bench.write(0, 2, 3, false));
            bench.disk.powerCut();
            survivors.add(bench.durable(0) + "," + bench.durable(1));
        }
        assertEquals(9, survivors.size(), survivors.toString());
    }

    @Test
    void leavesAnySubsetOfTheBlocksOfARunningWrite() {
        Set<String> survivors = new HashSet<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            DiskBench bench = new DiskBench(seed, 512);
            bench.port.submit(bench.write(0, 2, 1, seed % 2 == 0));
            bench.disk.powerCut();
            survivors.add(bench.durable(0) + "," + bench.durable(1));
            assertTrue(bench.disk.isIdle());
        }
        assertEquals(Set.of("0,0", "0,1", "1,0", "1,1"), survivors);
    }

    @Test
    void flushCoversWhatEndedBeforeItAndPerhapsWhatRunsBesideIt() {
        Set<Long> second = new HashSet<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            DiskBench bench = new DiskBench(seed, 512);
            bench.run(bench.write(0, 1, 1, false));
            DiskRequest flush = bench.flush();
            bench.port.submit(flush);
            bench.port.submit(bench.write(1, 1, 2, false));
            bench.workUntil(() -> bench.results.containsKey(flush.ticket()));
            assertEquals(1, bench.durable(0));
            second.add(bench.durable(1));
        }
        assertEquals(Set.of(0L, 2L), second);
    }

    @Test
    void lyingFlushKeepsNothing() {
        DiskBench bench = new DiskBench(5, 512);
        bench.faults.arm(FaultKind.LYING_FLUSH, 2, Fault.FOR_GOOD, 0);
        bench.run(bench.write(0, 8, 1, false));
        assertEquals(new DiskResult.Transferred(0), bench.run(bench.flush()));
        bench.run(bench.write(8, 1, 2, true));
        for (int block = 0; block < 9; block++) {
            assertEquals(0, bench.durable(block));
        }
        assertEquals(2, bench.scene.counts.struck().get("lying-flush"));
    }

    @Test
    void whatAFailedFlushDidNotWriteIsReadableButNoLaterFlushWritesIt() {
        boolean seen = false;
        for (long seed = 1; seed <= 20; seed++) {
            DiskBench bench = new DiskBench(seed, 512);
            bench.faults.arm(FaultKind.FLUSH_ERROR, 1, Fault.FOR_GOOD, 0);
            bench.run(bench.write(0, 8, 1, false));
            assertEquals(new DiskResult.Failed(Problem.IO_ERROR), bench.run(bench.flush()));
            assertEquals(Set.of(1L), Set.copyOf(bench.visible(0, 8)));
            bench.run(bench.flush());
            List<Long> before = bench.visible(0, 8);
            bench.run(bench.forget());
            List<Long> after = bench.visible(0, 8);
            assertEquals(Set.of(1L), Set.copyOf(before));
            seen |= after.contains(0L) && after.contains(1L);
        }
        assertTrue(seen, "no flush failed half-way");
    }

    // D5: the process that asked for the flush may have died before it heard; the next one must not serve what only it
    // had.
    @Test
    void whatTheNextProcessReadsIsWhatTheMediaHold() {
        boolean seen = false;
        for (long seed = 1; seed <= 20; seed++) {
            DiskBench bench = new DiskBench(seed, 512);
            bench.faults.arm(FaultKind.FLUSH_ERROR, 1, Fault.FOR_GOOD, 0);
            bench.run(bench.write(0, 8, 1, false));
            bench.run(bench.flush());
            bench.port.open(bench.disk, bench.pages);
            List<Long> opened = bench.visible(0, 8);
            for (int block = 0; block < 8; block++) {
                assertEquals(bench.durable(block), opened.get(block), "seed " + seed);
            }
            seen |= opened.contains(0L);
        }
        assertTrue(seen, "every flush had written everything");
    }

    @Test
    void failedWriteMayHaveChangedAnyOfItsBlocks() {
        Set<List<Long>> left = new HashSet<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            DiskBench bench = new DiskBench(seed, 512);
            bench.faults.arm(FaultKind.WRITE_ERROR, 1, Fault.FOR_GOOD, 0);
            assertEquals(new DiskResult.Failed(Problem.IO_ERROR), bench.run(bench.write(0, 2, 1, false)));
            left.add(bench.visible(0, 2));
        }
        assertEquals(4, left.size(), left.toString());
    }

    @Test
    void faultsOfTheMediaShowInWhatIsRead() {
        DiskBench bench = new DiskBench(3, 512);
        bench.faults.arm(FaultKind.MISDIRECT, 1, Fault.FOR_GOOD, 0);
        bench.run(bench.write(2, 1, 1, false));
        assertEquals(0, bench.visible(2, 1).get(0));
        bench.faults.arm(FaultKind.LOST_WRITE, 1, Fault.FOR_GOOD, 0);
        bench.run(bench.write(5, 1, 2, true));
        assertEquals(0, bench.visible(5, 1).get(0));
        bench.run(bench.write(6, 1, 3, true));
        byte[] before = bench.disk.durable(6 * DiskBench.BLOCK, DiskBench.BLOCK).clone();
        bench.disk.rot(6 * DiskBench.BLOCK);
        byte[] after = bench.disk.durable(6 * DiskBench.BLOCK, DiskBench.BLOCK);
        int changed = 0;
        for (int i = 0; i < before.length; i++) {
            changed += Integer.bitCount((before[i] ^ after[i]) & 255);
        }
        assertEquals(1, changed);
    }

    @Test
    void shortTransferMovesAPartAndSaysHowMuch() {
        DiskBench bench = new DiskBench(9, 512);
        bench.faults.arm(FaultKind.SHORT_TRANSFER, 2, Fault.FOR_GOOD, 0);
        int bytes = assertInstanceOf(DiskResult.Transferred.class, bench.run(bench.write(0, 8, 1, false)))
                .bytes();
        assertTrue(bytes > 0 && bytes < 8 * DiskBench.BLOCK);
        DiskResult.Data data = assertInstanceOf(DiskResult.Data.class, bench.run(bench.read(0, 8)));
        assertTrue(data.data().readableBytes() < 8 * DiskBench.BLOCK);
        data.data().release();
        int blocks = bytes / DiskBench.BLOCK;
        assertEquals(List.of(1L, 0L), bench.visible(blocks - 1, 2));
    }

    @Test
    void noTransferMovesMoreThanALimitOfTheDiskAllows() {
        DiskBench bench = new DiskBench(9, 512);
        bench.faults.arm(FaultKind.DISK_LIMIT, Integer.MAX_VALUE, Plans.SECOND, 3 * DiskBench.BLOCK + 100);
        assertEquals(new DiskResult.Transferred(3 * DiskBench.BLOCK), bench.run(bench.write(0, 8, 1, false)));
        assertEquals(new DiskResult.Transferred(3 * DiskBench.BLOCK), bench.run(bench.write(3, 3, 2, true)));
        DiskResult.Data data = assertInstanceOf(DiskResult.Data.class, bench.run(bench.read(0, 8)));
        assertEquals(3 * DiskBench.BLOCK, data.data().readableBytes());
        data.data().release();
        assertEquals(2, bench.scene.counts.struck().get("disk-limit"));
        while (bench.scene.now() < Plans.SECOND) {
            bench.run(bench.flush());
        }
        assertEquals(new DiskResult.Transferred(8 * DiskBench.BLOCK), bench.run(bench.write(0, 8, 3, false)));
    }

    @Test
    void restoredBackupHoldsWhatAnEarlierFlushHadLeft() {
        Fault restored = new Fault(new Fault.When.At(0), new Fault.Strike.OlderDisk());
        Set<List<Long>> left = new HashSet<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            DiskBench bench = new DiskBench(Plans.of(seed, List.of(), List.of(restored)), 512);
            assertFalse(bench.disk.goBack(), "nothing has changed yet");
            for (long tag = 1; tag <= 2; tag++) {
                bench.run(bench.write(0, 2, tag, false));
                bench.run(bench.flush());
            }
            bench.run(bench.write(0, 1, 3, true));
            bench.run(bench.write(1, 1, 4, false));
            assertTrue(bench.disk.goBack());
            assertEquals(List.of(bench.durable(0), bench.durable(1)), bench.visible(0, 2));
            left.add(bench.visible(0, 2));
        }
        assertEquals(Set.of(List.of(0L, 0L), List.of(1L, 1L), List.of(2L, 2L)), left);
    }

    @Test
    void whatACrashedProcessStartedGoesOnButNobodyIsTold() {
        DiskBench bench = new DiskBench(4, 512);
        DiskRequest write = bench.write(0, 3, 1, true);
        bench.port.submit(write);
        bench.port.submit(bench.read(0, 3));
        boolean[] idle = new boolean[1];
        bench.port.orphan();
        assertEquals(0, bench.pages.live());
        bench.port.whenIdle(() -> idle[0] = true);
        bench.workUntil(() -> idle[0]);
        assertTrue(bench.results.isEmpty());
        bench.port.open(bench.disk, bench.pages);
        assertEquals(List.of(1L, 1L, 1L), bench.visible(0, 3));
    }

    @Test
    void tornNeighbourIsABlockOnTheMediaBesideAnUnflushedWrite() {
        Set<Long> torn = new HashSet<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            DiskBench bench = new DiskBench(seed, 512);
            bench.faults.arm(FaultKind.TORN_NEIGHBOUR, 1, Fault.FOR_GOOD, 0);
            bench.disk.powerCut();
            assertTrue(bench.scene.counts.struck().isEmpty(), "there was nothing to tear");
            bench.run(bench.write(0, 8, 1, true));
            if (seed % 2 == 0) {
                bench.run(bench.write(3, 2, 2, false));
            } else {
                bench.port.submit(bench.write(3, 2, 2, false));
            }
            bench.disk.powerCut();
            for (long block = 0; block < 8; block++) {
                byte[] content = bench.disk.durable(block * DiskBench.BLOCK, DiskBench.BLOCK);
                Stamp.Content found =
                        Stamp.read(Unpooled.wrappedBuffer(content), 0, DiskBench.BLOCK, block * DiskBench.BLOCK);
                if (found.state() == Stamp.Content.State.TORN) {
                    torn.add(block);
                }
            }
            assertEquals(1, bench.scene.counts.struck().get("torn-neighbour"));
        }
        assertEquals(Set.of(2L, 5L), torn);
    }
}
