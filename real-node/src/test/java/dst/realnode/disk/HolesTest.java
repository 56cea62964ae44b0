package dst.realnode.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What takes room on a file system, and what does not: zeros make a hole, or leave it one; what is written is there. */
class HolesTest {
    private static final int SIZE = 8 << 20;
    private static final int PART = 2 << 20;

    @TempDir
    Path scratch;

    private Path folder;

    /** As well as where tests usually write: in memory, where no range can be zeroed but by a hole. */
    private Bench open(String place) throws IOException {
        folder = place.isEmpty() ? scratch : Files.createTempDirectory(Path.of(place), "holes");
        return Bench.open("sparse:" + folder.resolve("disk") + ":" + SIZE, Bench.OPTIONS);
    }

    @AfterEach
    void remove() {
        Shell.run("rm", "-rf", folder.toString());
    }

    private long allocated() {
        long file = Native.LINUX.open(folder.resolve("disk"), Native.READ_ONLY);
        try {
            return Objects.requireNonNull(Native.LINUX.status((int) file)).allocated();
        } finally {
            Native.LINUX.close((int) file);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/dev/shm"})
    void zerosLeaveAHoleAHole(String place) throws IOException {
        try (Bench bench = open(place)) {
            Bench.assertDone(PART, bench.zero(PART, PART));
            Bench.assertDone(0, bench.flush());
            assertEquals(0, allocated());
            assertTrue(bench.disk.extents(0, SIZE).getFirst().hole());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/dev/shm"})
    void zerosOverDataGiveItsRoomBack(String place) throws IOException {
        try (Bench bench = open(place)) {
            Bench.assertDone(PART, bench.write(PART, Unpooled.directBuffer(PART).writeBytes(filled()), true));
            assertTrue(allocated() >= PART);
            Bench.assertDone(PART, bench.zero(PART, PART));
            Bench.assertDone(0, bench.flush());
            assertEquals(0, allocated());
            assertEquals(0, bench.content(PART));
        }
    }

    /** What an NBD client that wants no hole has done. */
    @ParameterizedTest
    @ValueSource(strings = {"", "/dev/shm"})
    void zerosThatAreWrittenTakeTheirRoom(String place) throws IOException {
        try (Bench bench = open(place)) {
            Bench.assertDone(PART, bench.write(PART, Unpooled.directBuffer(PART).writeZero(PART), true));
            assertTrue(allocated() >= PART, allocated() + " bytes");
        }
    }

    private static byte[] filled() {
        byte[] all = new byte[PART];
        java.util.Arrays.fill(all, (byte) 7);
        return all;
    }
}
