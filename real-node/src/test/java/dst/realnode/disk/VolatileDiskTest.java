package dst.realnode.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolatileDiskTest {
    private static final int BLOCK = 512;

    @TempDir
    Path folder;

    private Bench bench;
    private VolatileDisk disk;

    @BeforeEach
    void open() {
        bench = Bench.open(SparseFile.volatileSource(folder), Bench.OPTIONS);
        disk = (VolatileDisk) bench.disk;
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void powerCutLosesWhatWasNotFlushed() {
        bench.write(0, 1, false);
        bench.flush();
        bench.write(0, 2, false);
        bench.write(BLOCK, 3, false);
        bench.zero(2 * BLOCK, BLOCK);
        assertEquals(3 * BLOCK, disk.unflushedBytes());
        assertEquals(2, bench.content(0));
        disk.powerCut(1, 0);
        assertEquals(1, bench.content(0));
        assertEquals(0, bench.content(BLOCK));
        assertEquals(0, disk.unflushedBytes());
    }

    @Test
    void durableWriteSurvivesAloneAndTheRestWaits() {
        bench.write(0, 1, false);
        bench.write(BLOCK, 2, true);
        disk.powerCut(1, 0);
        assertEquals(0, bench.content(0));
        assertEquals(2, bench.content(BLOCK));
    }

    @Test
    void someBlocksSurviveAPowerCutByASeed() {
        byte[] first = survivors(7);
        assertArrayEquals(first, survivors(7));
        int kept = 0;
        for (byte block : first) {
            kept += block;
        }
        assertTrue(kept > 10 && kept < 54, "kept " + kept);
    }

    private byte[] survivors(long seed) {
        bench.zero(0, 64 * BLOCK);
        bench.flush();
        for (int i = 0; i < 64; i++) {
            bench.write((long) i * BLOCK, 1, false);
        }
        disk.powerCut(seed, 50);
        byte[] contents = new byte[64];
        for (int i = 0; i < 64; i++) {
            contents[i] = (byte) bench.content((long) i * BLOCK);
        }
        return contents;
    }

    @Test
    void fileBelowHoldsNothingOfWhatIsNotFlushed() {
        bench.write(0, 5, false);
        bench.port.close();
        disk.close();
        // As if the process had been killed.
        bench = Bench.open(folder.resolve("disk").toString(), Bench.OPTIONS);
        assertEquals(0, bench.content(0));
    }
}
