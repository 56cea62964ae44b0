package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that is attached, and a server that comes back with a disk that has another identity: both sides say so. */
class OtherDeviceTest {
    private static final long LONG = 120;

    @TempDir
    Path folder;

    @Test
    void deletedStateIsToldAsAnotherDevice() throws IOException {
        try (Rig rig = new Rig(folder, "", 1 << 20)) {
            rig.server.kill();
            Path state = folder.resolve("data.img.dst");
            Files.delete(state.resolve("state"));
            rig.server.killAndRestart();
            assertEquals(4, rig.attach.await(LONG), () -> rig.attach.said().toString());
            String said = String.join("\n", rig.attach.said());
            assertTrue(said.contains("another device than the one known"), said);
            assertTrue(said.contains("the state beside the disk was deleted, given up or exchanged"), said);
            assertTrue(said.contains("to use that one attach again"), said);
            String log = Files.readString(folder.resolve("serve.log"));
            assertTrue(log.contains("there is no state of it here, but it had one"), log);
            assertTrue(log.contains("turned away: refused: another device than the one known"), log);
        }
    }
}
