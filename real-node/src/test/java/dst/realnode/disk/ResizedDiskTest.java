package dst.realnode.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a disk becomes when its size changes between two uses. */
class ResizedDiskTest {
    private static final int BLOCK = 512;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"file", "direct", "memory", "volatile"})
    void whatStaysIsAsItWasAndWhatComesIsZeros(String kind) {
        int before = 8192 + BLOCK;
        try (Bench bench = open(kind, before)) {
            Bench.assertDone(BLOCK, bench.write(0, 1, false));
            Bench.assertDone(BLOCK, bench.write(8192, 2, false));
            Bench.assertFailed(Problem.OUT_OF_RANGE, bench.write(before, 3, false));

            assertEquals("", resize(bench, 1 << 20));
            assertEquals(1 << 20, bench.port.size());
            assertEquals(1, bench.content(0));
            assertEquals(2, bench.content(8192));
            assertEquals(0, bench.content(before));
            Bench.assertDone(BLOCK, bench.write((1 << 20) - BLOCK, 4, true));
            assertEquals(4, bench.content((1 << 20) - BLOCK));

            // Within the page that stays: nothing of what was there may come back.
            assertEquals("", resize(bench, 8192));
            Bench.assertFailed(Problem.OUT_OF_RANGE, bench.readResult(8192, BLOCK));
            assertEquals("", resize(bench, before));
            assertEquals(0, bench.content(8192));
            assertEquals(1, bench.content(0));
            Bench.assertDone(0, bench.flush());
        }
    }

    @Test
    void sizeThatIsNoneIsRefusedAndNothingChanges() {
        try (Bench bench = open("file", 8192)) {
            assertTrue(resize(bench, 8193).contains("8193 bytes are not a whole number of blocks of 512"));
            assertEquals(8192, bench.port.size());
        }
    }

    @Test
    void deviceHasTheSizeThatItWasGivenWhereItIs() {
        Path file = SparseFile.of(folder.resolve("below"), 1 << 20);
        String device = Shell.require("losetup", "--find", "--show", file.toString());
        try (Bench bench = Bench.open(device, Bench.OPTIONS.withState(folder.resolve("state")))) {
            String refused = resize(bench, 2 << 20);
            assertTrue(refused.contains("a block device is made larger or smaller where it is"), refused);
            Shell.require("truncate", "-s", String.valueOf(2 << 20), file.toString());
            Shell.require("losetup", "--set-capacity", device);
            assertEquals("", resize(bench, 0));
            assertEquals(2 << 20, bench.port.size());
            Bench.assertDone(BLOCK, bench.write((2 << 20) - BLOCK, 7, true));
        } finally {
            Shell.run("losetup", "--detach", device);
        }
    }

    @Test
    void foreignExportIsNot() {
        try (ForeignServer server = ForeignServer.nbdkit(folder, "memory", "1M");
                Bench bench = Bench.open(server.source(""), Bench.OPTIONS.withState(folder.resolve("state")))) {
            String refused = resize(bench, 2 << 20);
            assertTrue(refused.contains("resize it at its own server"), refused);
        }
    }

    private Bench open(String kind, int size) {
        if (kind.equals("memory")) {
            return Bench.open("memory:" + size, Bench.OPTIONS);
        }
        Path file = SparseFile.of(folder.resolve("disk"), size);
        return Bench.open(
                (kind.equals("volatile") ? "volatile:" : "") + file,
                kind.equals("direct") ? Bench.OPTIONS.asDirect() : Bench.OPTIONS);
    }

    /** What was wrong; empty: nothing. */
    private static String resize(Bench bench, long wanted) {
        List<@Nullable IOException> told = new ArrayList<>();
        bench.port.resize(wanted, told::add);
        bench.loop.runUntil(() -> !told.isEmpty());
        IOException wrong = told.getFirst();
        return wrong == null ? "" : String.valueOf(wrong.getMessage());
    }
}
