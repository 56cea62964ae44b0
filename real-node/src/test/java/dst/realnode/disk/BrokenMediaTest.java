package dst.realnode.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.DiskResult;
import dst.protocol.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * D5 with a real kernel above media that really fail: a loop device whose file has a hole that nothing can be put into any more,
 * since the memory that it lies in is full. What is written there gets into the page cache and no further.
 */
class BrokenMediaTest {
    private static final int BLOCK = 4096;
    private static final int MARK = 0x6d;

    @TempDir
    Path scratch;

    private final ArrayDeque<String[]> undo = new ArrayDeque<>();
    private Path memory;
    private Path backing;
    private String device;

    @BeforeEach
    void build() throws IOException {
        memory = Files.createDirectory(scratch.resolve("memory"));
        Shell.require("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", memory.toString());
        undo.push(new String[] {"umount", memory.toString()});
        backing = SparseFile.of(memory.resolve("media"), 16 << 20);
        device = Shell.require("losetup", "--find", "--show", backing.toString());
        undo.push(new String[] {"losetup", "--detach", device});
    }

    @AfterEach
    void takeApart() {
        undo.forEach(Shell::run);
    }

    /** From now on nothing can be written into holes of the media. */
    private void fillUp() throws IOException {
        try (FileChannel rest =
                FileChannel.open(memory.resolve("rest"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (true) {
                rest.write(ByteBuffer.allocate(BLOCK));
            }
        } catch (IOException full) {
            assertTrue(String.valueOf(full.getMessage()).contains("No space"), full.toString());
        }
    }

    private void punch(long offset) {
        Shell.run("fallocate", "--punch-hole", "--offset", "" + offset, "--length", "" + BLOCK, backing.toString());
    }

    @Test
    void failedWriteOfABlockDeviceIsItsError() throws IOException {
        try (Bench bench = Bench.open(device, Bench.OPTIONS.withBlockSize(BLOCK).withState(scratch.resolve("state")))) {
            Bench.assertDone(BLOCK, bench.write(0, 1, true));
            fillUp();
            // What a loop device makes of it depends on the kernel.
            var failed = assertInstanceOf(DiskResult.Failed.class, bench.write(8L << 20, 2, false));
            assertTrue(failed.problem().ofDisk(), failed.toString());
            assertEquals(0, bench.content(8L << 20));
            assertEquals(1, bench.content(0));
        }
    }

    @Test
    void afterAFailedFlushIsForgottenReadsReturnWhatTheMediaHold() throws IOException {
        Shell.require("mkfs.ext2", "-q", "-b", "" + BLOCK, device);
        Path mount = Files.createDirectory(scratch.resolve("mount"));
        Shell.require("mount", device, mount.toString());
        undo.push(new String[] {"umount", mount.toString()});
        Path file = SparseFile.of(mount.resolve("disk"), 1 << 20);
        Disks.Options options = Bench.OPTIONS.withBlockSize(BLOCK).withState(scratch.resolve("state"));
        try (Bench bench = Bench.open(file.toString(), options)) {
            Bench.assertDone(BLOCK, bench.write(0, MARK, true));
            Bench.assertDone(BLOCK, bench.write(BLOCK, 1, true));
            Shell.run("sync");
            punch(marked());
            fillUp();

            Bench.assertDone(BLOCK, bench.write(0, 2, false));
            Bench.assertFailed(Problem.IO_ERROR, bench.flush());
            // This is what a server must not go on with: it reads well, and no later flush will write it.
            assertEquals(2, bench.content(0));
            Bench.assertDone(0, bench.forget());
            assertEquals(0, bench.content(0));
            assertEquals(1, bench.content(BLOCK));
            Bench.assertDone(0, bench.flush());
        }
    }

    /** Where the marked block lies on the media. */
    private long marked() throws IOException {
        byte[] mark = new byte[BLOCK];
        Arrays.fill(mark, (byte) MARK);
        byte[] all = Files.readAllBytes(backing);
        for (int at = 0; at < all.length; at += BLOCK) {
            if (Arrays.equals(all, at, at + BLOCK, mark, 0, BLOCK)) {
                return at;
            }
        }
        throw new AssertionError("the marked block is not on the media");
    }
}
