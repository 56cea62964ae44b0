package dst.realnode.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dst.protocol.DiskResult;
import dst.protocol.Patience;
import dst.protocol.Problem;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file disk says when the kernel says no, and how it finds its way between the loop and the workers. */
class DiskTroubleTest {
    private static final int SIZE = 1 << 20;

    @TempDir
    Path folder;

    private final FaultyKernel kernel = new FaultyKernel();
    private Bench bench;

    private Bench open() {
        bench = kernel.open(SparseFile.of(folder.resolve("disk"), SIZE), null);
        return bench;
    }

    @AfterEach
    void close() {
        if (bench != null) {
            bench.close();
        }
    }

    @Test
    void errorOfTheDiskReachesTheClient() {
        open();
        kernel.writeError = -Errno.IO_ERROR;
        Bench.assertFailed(Problem.IO_ERROR, bench.write(0, 1, false));
        kernel.readError = -Errno.IO_ERROR;
        Bench.assertFailed(Problem.IO_ERROR, bench.readResult(0, 512));
    }

    @Test
    void readOfWhichTheCacheHasOnlyTheBeginningIsWhole() {
        open();
        kernel.longest = 4096;
        DiskResult result = bench.readResult(0, 16_384);
        DiskResult.Data data = assertInstanceOf(DiskResult.Data.class, result);
        assertEquals(16_384, data.data().readableBytes());
        data.data().release();
    }

    @Test
    void readOfWhichTheRestFailsFailsAsAWhole() throws IOException {
        open();
        try (FileChannel file = FileChannel.open(folder.resolve("disk"), StandardOpenOption.WRITE)) {
            file.truncate(4096);
        }
        Bench.assertFailed(Problem.IO_ERROR, bench.readResult(0, 8192));
    }

    @Test
    void readBehindTheEndOfAFileThatWasMadeShorterFails() throws IOException {
        open();
        try (FileChannel file = FileChannel.open(folder.resolve("disk"), StandardOpenOption.WRITE)) {
            file.truncate(4096);
        }
        Bench.assertFailed(Problem.IO_ERROR, bench.readResult(8192, 512));
    }

    @Test
    void fullFileSystemIsToldAsSuchAndLosesNothing() {
        Path mount = folder.resolve("mount");
        assertTrue(mount.toFile().mkdir());
        Shell.require("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", mount.toString());
        try (Bench full = kernel.open(SparseFile.of(mount.resolve("disk"), SIZE), null)) {
            DiskResult result = new DiskResult.Transferred(0);
            for (int at = 0; at < SIZE && result instanceof DiskResult.Transferred; at += 512) {
                result = full.write(at, 1, false);
            }
            Bench.assertFailed(Problem.NO_SPACE, result);
            Bench.assertFailed(Problem.NO_SPACE, full.write(SIZE - 512, 1, true));
            // D5 is not for this: nothing that was written is lost.
            Bench.assertDone(0, full.flush());
            assertEquals(1, full.content(0));
            assertTrue(full.port.inline() > 0);
            Bench.assertDone(SIZE / 2, full.trim(0, SIZE / 2));
            Bench.assertDone(512, full.write(SIZE - 512, 1, true));
        } finally {
            Shell.run("umount", mount.toString());
        }
    }

    @Test
    void failedFlushFailsForEveryUserUntilHeForgets() {
        open();
        Bench other = Bench.on(bench.disk, null);
        bench.write(0, 1, false);
        other.write(512, 2, false);
        kernel.syncsToFail.set(1);
        Bench.assertFailed(Problem.IO_ERROR, bench.flush());
        // The kernel tells of it once. He who asks later has lost something too.
        Bench.assertFailed(Problem.IO_ERROR, other.flush());
        Bench.assertFailed(Problem.IO_ERROR, other.flush());
        Bench.assertDone(0, bench.forget());
        Bench.assertDone(0, bench.flush());
        Bench.assertFailed(Problem.IO_ERROR, other.flush());
        Bench.assertDone(0, other.forget());
        Bench.assertDone(0, other.flush());
    }

    @Test
    void lossThatADurableWriteIsToldOfIsNotHiddenFromTheFlush() {
        open();
        bench.write(0, 1, false);
        kernel.durableWriteError = -Errno.IO_ERROR;
        Bench.assertFailed(Problem.IO_ERROR, bench.write(512, 2, true));
        kernel.durableWriteError = 0;
        Bench.assertFailed(Problem.IO_ERROR, bench.flush());
    }

    @Test
    void cacheIsNotForgottenIfNothingCanBeSynced() {
        open();
        kernel.syncsToFail.set(1);
        Bench.assertDone(0, bench.forget());
        kernel.syncsToFail.set(2);
        Bench.assertFailed(Problem.IO_ERROR, bench.forget());
    }

    @Test
    void whatIsForgottenIsReadByAWorkerAndThenAtOnce() {
        open();
        bench.write(0, 7, false);
        Bench.assertDone(0, bench.flush());
        assertEquals(7, bench.content(0));
        assumeTrue(kernel.saysWhatIsCached, "the file system of the temporary folder does not say what is cached");
        assertEquals(2, bench.port.inline());
        Bench.assertDone(0, bench.forget());
        long handedOver = bench.port.handedOver();
        assertEquals(7, bench.content(0));
        assertEquals(handedOver + 1, bench.port.handedOver());
        assertEquals(7, bench.content(0));
        assertEquals(handedOver + 1, bench.port.handedOver());
    }

    @Test
    void writesLeaveTheLoopAfterASlowOneAndComeBack() {
        open();
        bench.write(0, 1, false);
        assertEquals(1, bench.port.inline());
        kernel.writeMillis = 5;
        Patience.until(() -> writtenByAWorker(3), () -> "slow writes stay on the loop");
        kernel.writeMillis = 0;
        Patience.until(() -> !writtenByAWorker(4), () -> "quick writes do not come back");
        assertEquals(4, bench.content(0));
    }

    private boolean writtenByAWorker(int content) {
        long before = bench.port.handedOver();
        Bench.assertDone(512, bench.write(0, content, false));
        return bench.port.handedOver() > before;
    }

    @Test
    void dataInAnyKindOfMemoryIsWritten() {
        open();
        byte[] expected = new byte[4096];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (byte) (i * 7 + i / 256);
        }
        CompositeByteBuf mixed = Unpooled.compositeBuffer(100);
        CompositeByteBuf direct = Unpooled.compositeBuffer(1000);
        for (int i = 0; i < expected.length; i += 16) {
            ByteBuf piece = PooledByteBufAllocator.DEFAULT.directBuffer(16).writeBytes(expected, i, 16);
            direct.addComponent(true, piece.copy());
            mixed.addComponent(true, i % 32 == 0 ? piece.copy() : Unpooled.wrappedBuffer(expected, i, 16));
            piece.release();
        }
        for (boolean durable : new boolean[] {false, true}) {
            check(expected, direct.retainedSlice(), durable);
            check(expected, mixed.retainedSlice(), durable);
            check(expected, Unpooled.wrappedBuffer(expected), durable);
            check(
                    expected,
                    Unpooled.directBuffer().writeZero(3).writeBytes(expected).skipBytes(3),
                    durable);
        }
        assertTrue(direct.release() && mixed.release());
    }

    private void check(byte[] expected, ByteBuf data, boolean durable) {
        Bench.assertDone(4096, bench.zero(8192, 4096));
        Bench.assertDone(4096, bench.write(8192, data, durable));
        assertArrayEquals(expected, bench.read(8192, 4096));
    }

    @Test
    void extentsTellDataFromHoles() throws IOException {
        Path file = SparseFile.of(folder.resolve("disk"), SIZE);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(java.nio.ByteBuffer.allocate(4096), 65536);
        }
        open();
        assertEquals("[65536 hole, 4096 data, 978944 hole]", words(0, SIZE));
        assertEquals("[2048 data, 2048 hole]", words(65536 + 2048, 4096));
        assertEquals("[512 data]", words(65536, 512));
        assertEquals("[512 hole]", words(0, 512));
        Files.delete(file);
    }

    private String words(long offset, long length) {
        return bench.disk.extents(offset, length).stream()
                .map(extent -> extent.length() + (extent.hole() ? " hole" : " data"))
                .toList()
                .toString();
    }

    @Test
    void closedPortTellsNobodyAndGivesBackWhatWasRead() {
        open();
        assertInstanceOf(DiskResult.Transferred.class, bench.write(0, 1, false));
        long[] told = {0};
        DiskUse port = bench.disk.port(bench.loop, (ticket, result) -> told[0]++);
        port.submit(new dst.protocol.DiskRequest.Read(1, 0, 0, 512));
        port.submit(new dst.protocol.DiskRequest.Read(2, 0, SIZE - 512, 512));
        port.submit(new dst.protocol.DiskRequest.Flush(3, 0));
        boolean[] idle = {false};
        port.close();
        port.whenIdle(() -> idle[0] = true);
        bench.loop.runUntil(() -> idle[0]);
        assertEquals(0, told[0]);
        assertEquals(0, port.running());
    }
}
