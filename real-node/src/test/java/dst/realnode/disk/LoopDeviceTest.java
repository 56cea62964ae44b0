package dst.realnode.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Disk;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A block device does what every disk has to do. */
class LoopDeviceTest extends RealDiskContract {
    private String device = "";

    @Override
    Bench fresh(Disk.Ended ended) {
        Path file = SparseFile.of(folder.resolve("below"), 1 << 20);
        device = Shell.require("losetup", "--find", "--show", file.toString());
        return Bench.open(device, Bench.OPTIONS.withState(folder.resolve("state")), ended);
    }

    @AfterEach
    void detach() {
        if (!device.isEmpty()) {
            Shell.run("losetup", "--detach", device);
        }
    }

    @Test
    void sizeAndSectorAreTheDevices() {
        Bench bench = bench();
        assertEquals(1 << 20, bench.disk.size());
        assertEquals(512, bench.disk.blockSize());
        assertEquals(1, bench.disk.extents(0, 1 << 20).size());
    }

    @Test
    void secondServerIsRefused() {
        IOException refused = assertThrows(
                IOException.class, () -> Disks.open(device, Bench.OPTIONS.withState(folder.resolve("other"))));
        assertTrue(refused.getMessage().startsWith(device + " is in use by this very process"), refused.getMessage());
    }

    @Test
    void stateIsNotKeptInDev() {
        bench().disk.close();
        IOException refused = assertThrows(IOException.class, () -> Disks.open(device, Bench.OPTIONS));
        assertTrue(refused.getMessage().contains("name a folder for its state"), refused.getMessage());
    }
}
