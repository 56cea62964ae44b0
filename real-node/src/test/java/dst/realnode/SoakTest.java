package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Patience;
import dst.protocol.fault.Fault.Direction;
import dst.protocol.fault.Fault.Strike;
import dst.realnode.proxy.Proxy;
import dst.realnode.proxy.ProxyPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * fio verifies what it wrote through an attached device while the server is killed and links are struck, again and again: nothing
 * is lost and no memory grows. An hour of it: {@code mvn test -pl real-node -am -Dtest=SoakTest -Ddst.soak.seconds=3600
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class SoakTest {
    private static final int SECONDS = Integer.getInteger("dst.soak.seconds", 8);
    private static final int ROUND_SECONDS = Math.min(SECONDS, 60);

    /** So many bytes are answers to many operations, and more than attaching again takes. */
    private static final long PROGRESS = 256 << 10;

    @TempDir
    Path folder;

    private volatile int kills;
    private volatile int strikes;

    @Test
    void nothingIsLostAndNoMemoryGrows() throws IOException, InterruptedException {
        Tools.need("fio", "fio");
        try (Rig rig = new Rig(folder, "volatile:", 256 << 20, "--links", "2")) {
            AtomicBoolean over = new AtomicBoolean();
            CompletableFuture<Void> trouble = CompletableFuture.runAsync(() -> trouble(rig.server, rig.proxy, over));
            long atFirst = 0;
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            // Until it has seen trouble of both kinds, however long that takes here.
            for (int round = 1; System.nanoTime() < end || kills == 0 || strikes == 0; round++) {
                verify(rig, round);
                assertTrue(
                        !trouble.isDone(),
                        () -> "the trouble ended by itself: "
                                + trouble.handle((_, why) -> why).join());
                long now = residentKiB(rig.attach.pid());
                atFirst = atFirst == 0 || round <= 5 ? Math.max(atFirst, now) : atFirst;
                System.out.printf(
                        "round %d: %d kills, %d strikes; attach has %,d KiB, the server %,d KiB%n",
                        round, kills, strikes, now, residentKiB(rig.server.pid()));
            }
            over.set(true);
            trouble.join();
            long atLast = residentKiB(rig.attach.pid());
            assertTrue(atLast < atFirst * 5 / 4, "memory grew from " + atFirst + " to " + atLast + " KiB");
            assertEquals(0, rig.attach.terminate(30), () -> rig.attach.said().toString());
        }
    }

    private void trouble(Node server, Proxy proxy, AtomicBoolean over) {
        Random random = new Random(3);
        String[] kinds = {
            "cut",
            "cut",
            "cut-late 300ms",
            "stall both 400ms",
            "delay 20ms 1s",
            "split 7 200ms",
            "refuse 500ms",
            "flip to-server",
            "flip to-client",
            "rebind"
        };
        long before = 0;
        try {
            while (!over.get()) {
                TimeUnit.MILLISECONDS.sleep(SECONDS < 60 ? 700 : 2000 + random.nextInt(4000));
                if (proxy.bytesPassed(Direction.TO_CLIENT) - before < PROGRESS) {
                    continue; // Where nothing gets done between two troubles, nothing ever would.
                }
                before = proxy.bytesPassed(Direction.TO_CLIENT);
                if (random.nextInt(4) == 0) {
                    server.killAndRestart();
                    kills++;
                } else {
                    Strike.OnLinks strike = ProxyPlan.strike(kinds[random.nextInt(kinds.length)]);
                    proxy.strike(strike);
                    strikes++;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void verify(Rig rig, int seed) {
        Tools.Ran ran = Tools.run(
                ROUND_SECONDS + Patience.SECONDS,
                "fio",
                "--name=soak",
                "--ioengine=nbd",
                "--uri=" + rig.uri(),
                "--rw=randrw",
                "--bs=4k",
                "--iodepth=16",
                "--size=128M",
                "--verify=crc32c",
                "--verify_backlog=512",
                "--time_based",
                "--runtime=" + ROUND_SECONDS,
                "--rate_iops=" + Integer.getInteger("dst.soak.rate", 1000),
                "--fsync=200",
                "--randseed=" + seed,
                "--verify_fatal=1");
        assertEquals(0, ran.code(), ran.text());
        assertTrue(ran.text().contains("err= 0"), ran.text());
    }

    private static long residentKiB(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("process " + pid + " has no resident memory");
    }
}
