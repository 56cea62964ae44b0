package dst.realnode.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Unique;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisksTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"memory:512, 512", "memory:1KiB, 1024", "memory:2M, 2097152", "memory:3GiB, 3221225472"})
    void memoryHasTheSizeAskedFor(String source, long size) throws IOException {
        try (RealDisk disk = Disks.open(source, Bench.OPTIONS)) {
            assertEquals(size, disk.size());
            assertEquals(512, disk.blockSize());
        }
    }

    @Test
    void sizeThatIsNoWholeNumberOfUsualBlocksHasSmallerOnes() throws IOException {
        try (RealDisk disk = Disks.open("memory:1000", Bench.OPTIONS)) {
            assertEquals(1000, disk.size());
            assertEquals(8, disk.blockSize());
        }
    }

    @Test
    void memoryCostsNothingUntilItIsTouched() {
        try (Bench bench = Bench.open("memory:64TiB", Bench.OPTIONS)) {
            long last = bench.disk.size() - 512;
            Bench.assertDone(512, bench.write(last, 9, false));
            assertEquals(9, bench.content(last));
            assertEquals(0, bench.content(last / 2 & -512L));
        }
    }

    @Test
    void sparseFileIsMadeOnceAndKeepsIdentityAndContent() {
        String source = "sparse:" + folder.resolve("disk:1") + ":1GiB";
        Unique identity;
        try (Bench bench = Bench.open(source, Bench.OPTIONS)) {
            identity = bench.disk.identity();
            Bench.assertDone(512, bench.write(1 << 20, 3, false));
        }
        try (Bench bench = Bench.open(source, Bench.OPTIONS)) {
            assertEquals(1L << 30, bench.disk.size());
            assertEquals(identity, bench.disk.identity());
            assertEquals(3, bench.content(1 << 20));
        }
        assertTrue(Files.isRegularFile(folder.resolve("disk:1.dst").resolve("state")));
    }

    @Test
    void sparseFileThatACrashLeftEmptyGetsItsSize() {
        Path path = SparseFile.of(folder.resolve("disk"), 0);
        try (Bench bench = Bench.open("sparse:" + path + ":1MiB", Bench.OPTIONS)) {
            assertEquals(1 << 20, bench.disk.size());
        }
    }

    @Test
    void muchMemoryIsGivenBackByAWorker() {
        try (Bench bench = Bench.open("memory:64MiB", Bench.OPTIONS)) {
            Bench.assertDone(512, bench.write(20 << 20, 1, false));
            Bench.assertDone(32 << 20, bench.zero(512, 32 << 20));
            assertEquals(1, bench.port.handedOver());
            assertEquals(0, bench.content(20 << 20));
        }
    }

    @Test
    void readOnlyDiskIsSharedAndRefusesChanges() throws IOException {
        String path = SparseFile.of(folder.resolve("disk"), 4096).toString();
        Disks.Options options = Bench.OPTIONS.asReadOnly();
        try (Bench first = Bench.open(path, options.withState(folder.resolve("1")));
                Bench second = Bench.open(path, options.withState(folder.resolve("2")))) {
            assertEquals(0, first.content(0));
            assertEquals(0, second.content(0));
            Bench.assertFailed(dst.protocol.Problem.NOT_PERMITTED, first.write(0, 1, false));
            assertRefused(path, Bench.OPTIONS.withState(folder.resolve("3")), "in use by this very process");
        }
    }

    @Test
    void mistakesAreToldWithWhatToDo() throws IOException {
        Disks.Options usual = Bench.OPTIONS.withBlockSize(512);
        Path odd = SparseFile.of(folder.resolve("odd"), 1000);
        Path empty = SparseFile.of(folder.resolve("empty"), 0);
        assertRefused(folder.resolve("none").toString(), Bench.OPTIONS, "no such file: make one with a size: sparse:");
        assertRefused(folder.toString(), Bench.OPTIONS, "is a directory: name a file or a block device");
        assertRefused(odd.toString(), usual, "no whole number of blocks of 512: truncate -s 1024 " + odd);
        assertRefused(empty.toString(), Bench.OPTIONS, "is empty: give it a size: truncate -s 10G");
        assertRefused("/dev/null", Bench.OPTIONS, "is neither a file nor a block device");
        assertRefused("memory:", Bench.OPTIONS, "'' is no size");
        assertRefused("memory:9999999TiB", Bench.OPTIONS, "is no size");
        assertRefused("memory:1000", usual, "not a whole number of blocks of 512");
        assertRefused("memory:7000000TiB", Bench.OPTIONS, "make the disk smaller");
        assertRefused("sparse:disk", Bench.OPTIONS, "write sparse:PATH:SIZE");
        assertRefused("", Bench.OPTIONS, "names no file");
        SparseFile.of(folder.resolve("disk"), 4096);
        assertRefused("sparse:" + folder.resolve("disk") + ":8192", Bench.OPTIONS, "is there already, with 4096 bytes");
        assertFalse(Files.exists(folder.resolve("odd.dst")));
    }

    @Test
    void secondProcessOnTheSameDiskIsRefusedAndToldWhoHasIt() throws IOException {
        Path path = SparseFile.of(folder.resolve("disk"), 4096);
        Process other = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Other.class.getName(),
                        path.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader printed = other.inputReader()) {
            assertEquals("open", printed.readLine());
            assertRefused(
                    path.toString(),
                    Bench.OPTIONS.withState(folder.resolve("mine")),
                    "is in use by process " + other.pid() + " (java)");
        } finally {
            other.destroyForcibly().onExit().join();
        }
        // It went without a word, and the lock with it.
        Bench.open(path.toString(), Bench.OPTIONS).close();
    }

    /** Opens a disk and stays as long as whoever started it. */
    static final class Other {
        private Other() {}

        public static void main(String[] arguments) throws IOException {
            Disks.open(arguments[0], Bench.OPTIONS);
            System.out.println("open");
            System.in.read();
        }
    }

    private static void assertRefused(String source, Disks.Options options, String words) {
        IOException refused = assertThrows(
                IOException.class, () -> Disks.open(source, options).close());
        assertTrue(refused.getMessage().contains(words), refused.getMessage());
    }
}
