package dst.realnode.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Disk;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskUseTest {
    private final ArrayDeque<Runnable> scheduled = new ArrayDeque<>();
    private final List<Long> ended = new ArrayList<>();

    private RealDisk memory() throws IOException {
        return Disks.open("memory:1MiB", Bench.OPTIONS);
    }

    private void told(long ticket, DiskResult result) {
        ended.add(ticket);
        if (result instanceof DiskResult.Data(var data)) {
            data.release();
        }
    }

    @Test
    void endsWaitForTheHostAndComeInOrder() throws IOException {
        try (RealDisk disk = memory()) {
            DiskUse port = disk.port(scheduled::add, this::told);
            for (long ticket = 1; ticket <= 200; ticket++) {
                port.submit(new DiskRequest.Read(ticket, 0, 0, 512));
            }
            assertEquals(List.of(), ended);
            assertEquals(200, port.running());
            port.drain();
            assertEquals(200, ended.size());
            assertEquals(ended.stream().sorted().toList(), ended);
            assertEquals(0, port.running());
        }
    }

    @Test
    void loopTellsOfWhatTheHostDidNotDrainAndIsAskedOnce() throws IOException {
        try (RealDisk disk = memory()) {
            DiskUse port = disk.port(scheduled::add, this::told);
            port.submit(new DiskRequest.Flush(1, 0));
            port.submit(new DiskRequest.Flush(2, 0));
            assertEquals(1, scheduled.size());
            scheduled.remove().run();
            assertEquals(List.of(1L, 2L), ended);
            port.submit(new DiskRequest.Flush(3, 0));
            port.drain();
            assertEquals(1, scheduled.size());
            scheduled.remove().run();
            assertEquals(List.of(1L, 2L, 3L), ended);
        }
    }

    @Test
    void whatIsSubmittedWhileDrainingEndsInTheSameDrain() throws IOException {
        try (RealDisk disk = memory()) {
            DiskUse[] port = {null};
            boolean[] within = {false};
            Disk.Ended again = (ticket, result) -> {
                assertTrue(!within[0], "an end from within a submission");
                ended.add(ticket);
                if (ticket < 5) {
                    within[0] = true;
                    port[0].submit(new DiskRequest.Flush(ticket + 1, 0));
                    port[0].drain();
                    within[0] = false;
                }
            };
            port[0] = disk.port(scheduled::add, again);
            port[0].submit(new DiskRequest.Flush(1, 0));
            port[0].drain();
            assertEquals(List.of(1L, 2L, 3L, 4L, 5L), ended);
        }
    }

    @Test
    void extentsComeThroughTheLoop(@TempDir Path folder) {
        try (Bench bench = Bench.open("sparse:" + folder.resolve("disk") + ":1MiB", Bench.OPTIONS)) {
            List<Object> answers = new ArrayList<>();
            bench.port.extents(512, 1024, answers::addAll);
            assertEquals(1, bench.port.running());
            bench.loop.runUntil(() -> !answers.isEmpty());
            assertEquals(List.of(new dst.nbd.port.Extent(1024, true, true)), answers);
            assertEquals(0, bench.port.running());
        }
    }

    @Test
    void twoThreadsOnTwoPortsDoNotDisturbEachOther(@TempDir Path folder) throws Exception {
        for (String source : List.of("memory:16MiB", "sparse:" + folder.resolve("disk") + ":16MiB")) {
            try (RealDisk disk = Disks.open(source, Bench.OPTIONS)) {
                AtomicReference<Throwable> failure = new AtomicReference<>();
                CountDownLatch both = new CountDownLatch(2);
                for (int half = 0; half < 2; half++) {
                    int own = half;
                    Thread.ofPlatform().start(() -> {
                        try {
                            writeAndRead(disk, own);
                        } catch (Throwable failed) {
                            failure.set(failed);
                        }
                        both.countDown();
                    });
                }
                both.await();
                if (failure.get() != null) {
                    throw new AssertionError(source, failure.get());
                }
            }
        }
    }

    /** Every other block is this thread's. */
    private static void writeAndRead(RealDisk disk, int own) {
        Bench bench = Bench.on(disk, null);
        for (int round = 1; round <= 20; round++) {
            for (int block = own; block < 64; block += 2) {
                boolean durable = block % 16 == own && round == 1;
                Bench.assertDone(512, bench.write(512L * block, (byte) (round * (own + 1)), durable));
            }
            for (int block = own; block < 64; block += 2) {
                assertEquals((byte) (round * (own + 1)), bench.content(512L * block));
            }
        }
        Bench.assertDone(0, bench.flush());
        assertEquals(0, bench.port.running());
        bench.port.close();
    }

    @Test
    void dataReadBelongsToTheReceiverAndIsACopy() throws IOException {
        try (Bench bench = Bench.on(memory(), null)) {
            Bench.assertDone(512, bench.write(0, 1, false));
            var data = assertInstanceOf(DiskResult.Data.class, bench.readResult(0, 512))
                    .data();
            Bench.assertDone(512, bench.write(0, 2, false));
            assertEquals(1, data.getByte(0));
            assertTrue(data.isDirect() && data.alloc() == PooledByteBufAllocator.DEFAULT);
            assertTrue(data.release());
        }
    }
}
