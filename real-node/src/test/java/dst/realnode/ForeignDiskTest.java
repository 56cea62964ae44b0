package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.nbd.NbdClient;
import dst.nbd.port.NbdClientControl;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Rerun;
import dst.protocol.trace.TraceReader;
import dst.realnode.disk.ForeignServer;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A foreign server behind a server of ours: it is killed, with all that it had not written yet, and nobody in front notices. */
class ForeignDiskTest {
    private static final int KILLS = Integer.getInteger("dst.foreign.kills", 5);
    private static final int BLOCK = 4096;
    private static final int BLOCKS = 512;

    @TempDir
    Path folder;

    @Test
    void killedForeignServerLosesNothingThatWasAcknowledged() throws IOException, InterruptedException {
        Tools.need("nbdkit", "nbdkit");
        Path data = folder.resolve("data.img");
        try (RandomAccessFile file = new RandomAccessFile(data.toFile(), "rw")) {
            file.setLength((long) BLOCK * BLOCKS);
        }
        byte[] contents = new byte[BLOCKS];
        try (ForeignServer foreign =
                        ForeignServer.nbdkit(folder, "--filter=cache", "file", data.toString(), "cache=writeback");
                Node server = Node.start(
                        folder.resolve("serve.log"),
                        "serve",
                        "--export",
                        "disk=" + foreign.source("") + ",state=" + folder.resolve("state"),
                        "--allow",
                        "127.0.0.1=rw",
                        "--listen",
                        "127.0.0.1:0",
                        "--referee",
                        "--record",
                        folder.resolve("store").toString(),
                        "--control",
                        folder.resolve("serve.sock").toString());
                Node attach = Node.start(
                        folder.resolve("attach.log"),
                        "attach",
                        "--server",
                        server.address("the protocol"),
                        "--export",
                        "disk",
                        "--nbd",
                        "127.0.0.1:0",
                        "--control",
                        folder.resolve("attach.sock").toString())) {
            String log = Files.readString(folder.resolve("serve.log"));
            assertTrue(log.contains("H4 and T5 are weaker"), log);
            Thread killer = Thread.ofPlatform().start(() -> kill(foreign));
            int written = 0;
            try (PlainNbd user = PlainNbd.use("127.0.0.1", attach.address("NBD"), "disk")) {
                Random random = new Random(3);
                byte[] block = new byte[BLOCK];
                while (killer.isAlive() || written < 1000) {
                    int at = random.nextInt(BLOCKS);
                    byte content = (byte) random.nextInt(256);
                    Arrays.fill(block, content);
                    user.write((long) at * BLOCK, block);
                    contents[at] = content;
                    written++;
                    int again = random.nextInt(BLOCKS);
                    assertEquals(contents[again], user.read((long) again * BLOCK, BLOCK)[17], "block " + again);
                    if (random.nextInt(200) == 0) {
                        user.flush();
                    }
                }
                user.flush();
                foreign.kill();
                foreign.start();
                for (int at = 0; at < BLOCKS; at++) {
                    assertEquals(contents[at], user.read((long) at * BLOCK, BLOCK)[4000], "block " + at);
                }
            }
            System.out.printf("%d kills of the foreign server, %,d writes, nothing lost%n", KILLS, written);
            assertEquals(0, attach.terminate(30), () -> attach.said().toString());
            assertEquals(0, server.terminate(30), () -> server.said().toString());
            String all = Files.readString(folder.resolve("serve.log"));
            assertFalse(all.contains("is broken by"), all);
        }
        assertEveryConnectionDoesTheSameAgain();
    }

    /** The way to the foreign server is watched as all else: each connection of it is in the recording. */
    private void assertEveryConnectionDoesTheSameAgain() throws IOException {
        byte[] trace = Files.readAllBytes(folder.resolve("store/server/latest/server.trace"));
        Map<Layer, Rerun.Result> all = Rerun.ofParts(
                new TraceReader(trace),
                Map.of(NbdClientControl.KIND, () -> new NbdClient(UnpooledByteBufAllocator.DEFAULT)));
        assertTrue(all.size() > KILLS, () -> "one for each life of the foreign server: " + all.keySet());
        long outputs = 0;
        for (Map.Entry<Layer, Rerun.Result> one : all.entrySet()) {
            outputs += assertInstanceOf(Rerun.Result.Same.class, one.getValue(), one::toString)
                    .outputs();
        }
        assertTrue(outputs > 1000, "all that was written went that way: " + outputs);
    }

    private static void kill(ForeignServer foreign) {
        try {
            for (int i = 0; i < KILLS; i++) {
                TimeUnit.MILLISECONDS.sleep(700);
                foreign.kill();
                TimeUnit.MILLISECONDS.sleep(300);
                foreign.start();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
