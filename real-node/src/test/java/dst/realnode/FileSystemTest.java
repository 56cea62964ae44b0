package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dst.protocol.fault.Fault.Strike;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A file system on an attached device lives through a server that is killed, links that are cut, and a disk that loses all that was
 * not flushed: no error, nothing to mend, every file as it was written. The long form:
 * {@code mvn test -pl real-node -am -Dtest=FileSystemTest -Ddst.filesystem.kills=20 -Ddst.filesystem.cuts=40
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class FileSystemTest {
    private static final int KILLS = Integer.getInteger("dst.filesystem.kills", 3);
    private static final int CUTS = Integer.getInteger("dst.filesystem.cuts", 6);
    private static final long SIZE = 400L << 20;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"ext4, file", "ext4, volatile", "xfs, volatile"})
    void livesThroughKillsAndCuts(String kind, String disk) throws IOException, InterruptedException {
        FileSystem.needAll();
        Random random = new Random(5);
        try (Rig rig = new Rig(folder, disk.equals("volatile") ? "volatile:" : "", SIZE);
                FileSystem system = new FileSystem(folder, rig.uri(), kind)) {
            system.make();
            system.mount();
            FileSystem.Load load = new FileSystem.Load(system.root(), 9);
            Thread worker = Thread.ofPlatform().start(load);
            for (int i = 0; i < KILLS + CUTS; i++) {
                // Each strike hits a load that has got on since the last one.
                load.awaitWritten(1 + random.nextInt(300_000));
                TimeUnit.MILLISECONDS.sleep(random.nextInt(200));
                if (i % 3 == 0 && i / 3 < KILLS || i >= 3 * CUTS / 2) {
                    rig.server.killAndRestart();
                } else {
                    rig.proxy.strike(new Strike.Cut());
                }
            }
            load.awaitWritten(1 << 20);
            load.stop();
            worker.join();
            load.verify();
            system.unmount();
            system.check();
            system.mount();
            load.verify();
            system.unmount();
            System.out.printf(
                    "%s on %s: %d kills, %d cuts, %,d bytes written, every file right%n",
                    kind, disk, KILLS, CUTS, load.written());
            system.close();
            assertEquals(0, rig.attach.terminate(30), () -> rig.attach.said().toString());
            assertEquals(0, rig.server.terminate(30), () -> rig.server.said().toString());
        }
    }
}
