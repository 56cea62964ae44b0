package dst.realnode.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dst.nbd.port.Extent;
import dst.protocol.DiskResult;
import dst.protocol.Patience;
import dst.protocol.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A foreign export that fails, is lost, or is not what a disk has to be. */
class NbdDiskTest {
    @TempDir
    Path folder;

    private Disks.Options options() {
        return Bench.OPTIONS.withState(folder.resolve("state"));
    }

    private void assertRefused(String source, Disks.Options options, String words) {
        IOException refused = assertThrows(
                IOException.class, () -> Disks.open(source, options).close());
        assertTrue(refused.getMessage().contains(words), refused.getMessage());
    }

    @Test
    void mistakesAreToldWithWhatToDo() {
        assertRefused("nbd:disk", options(), "a remote disk is nbd://HOST:PORT/EXPORT");
        assertRefused("nbds://host/disk", options(), "there is no TLS");
        assertRefused("nbd+unix:///disk", options(), "nbd+unix:///EXPORT?socket=PATH");
        assertRefused("nbd://127.0.0.1:1/disk", Bench.OPTIONS, "name a folder for it: state=DIRECTORY");
        assertRefused("nbd://127.0.0.1:1/disk", options(), "cannot be used: ");
        try (ForeignServer server = ForeignServer.nbdkit(folder, "-r", "memory", "1M")) {
            assertRefused(server.source(""), options(), "lets nobody write: serve it read-only (ro)");
        }
        try (ForeignServer server = ForeignServer.nbdkit(folder, "memory", "1025")) {
            assertRefused(server.source(""), options(), "is no whole number of blocks of 512");
        }
    }

    @Test
    void readOnlyExportIsRead() {
        try (ForeignServer server = ForeignServer.nbdkit(folder, "-r", "data", "raw=AB", "size=1M");
                Bench bench = Bench.open(server.source(""), options().asReadOnly())) {
            assertEquals('A', bench.content(0));
            Bench.assertDone(0, bench.flush());
            Bench.assertFailed(Problem.NOT_PERMITTED, bench.write(0, 1, false));
        }
    }

    @Test
    void identityIsTheSameAtEachOpening() throws IOException {
        try (ForeignServer server = ForeignServer.nbdkit(folder, "memory", "1M")) {
            try (RealDisk first = Disks.open(server.source(""), options())) {
                assertRefused(server.source(""), options(), "");
                Files.writeString(folder.resolve("identity"), first.identity().toString());
            }
            try (RealDisk second = Disks.open(server.source(""), options())) {
                assertEquals(
                        Files.readString(folder.resolve("identity")),
                        second.identity().toString());
            }
        }
    }

    /** The end of its loop closes its connections, too. */
    @Test
    void connectionsOfADiskThatIsClosedAreNotSaidToBeLost() throws IOException {
        ListAppender<ILoggingEvent> said = listen();
        try (ForeignServer server = ForeignServer.nbdkit(folder, "memory", "1M")) {
            for (int i = 0; i < 50; i++) {
                Disks.open(server.source(""), options()).close();
            }
        }
        assertNothingIsTriedAgain(said);
    }

    @Test
    void connectionsOfADiskThatNobodyWaitsForAreNotSaidToBeLost() throws IOException {
        ListAppender<ILoggingEvent> said = listen();
        try (ForeignServer server = ForeignServer.nbdkit(folder, "memory", "1M");
                RealDisk disk = Disks.open(server.source(""), options())) {
            disk.ending();
            server.kill();
            Patience.until(() -> disk.cuts() > 0, () -> "the connections were not lost");
        }
        assertNothingIsTriedAgain(said);
    }

    private static ListAppender<ILoggingEvent> listen() {
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        ((Logger) LoggerFactory.getLogger(RealDisk.class)).addAppender(said);
        return said;
    }

    private static void assertNothingIsTriedAgain(ListAppender<ILoggingEvent> said) {
        ((Logger) LoggerFactory.getLogger(RealDisk.class)).detachAppender(said);
        assertEquals(
                List.of(),
                said.list.stream()
                        .map(ILoggingEvent::getFormattedMessage)
                        .filter(line -> line.contains("is tried again and again"))
                        .toList());
    }

    @Test
    void holesAreToldOf() {
        try (ForeignServer server = ForeignServer.nbdkit(folder, "memory", "1M");
                Bench bench = Bench.open(server.source(""), options())) {
            Bench.assertDone(512, bench.write(512 << 10, 1, false));
            List<Extent> extents = bench.disk.extents(0, 1 << 20);
            assertEquals(1 << 20, extents.stream().mapToLong(Extent::length).sum());
            assertTrue(extents.getFirst().hole(), extents.toString());
        }
    }

    @Test
    void errorsOfTheServerAreTheDisks() {
        try (ForeignServer server = ForeignServer.nbdkit(
                        folder,
                        "--filter=error",
                        "memory",
                        "1M",
                        "error-pwrite=ENOSPC",
                        "error-pwrite-rate=100%",
                        "error-pread=EIO",
                        "error-pread-rate=100%");
                Bench bench = Bench.open(server.source(""), options())) {
            Bench.assertFailed(Problem.NO_SPACE, bench.write(0, 1, false));
            Bench.assertFailed(Problem.IO_ERROR, bench.readResult(0, 512));
            Bench.assertDone(0, bench.flush());
        }
    }

    @Test
    void lostConnectionFailsWhatRunsAndEachFlushUntilForgotten() throws InterruptedException {
        try (ForeignServer server = ForeignServer.nbdkit(folder, "--filter=delay", "memory", "1M", "delay-write=60");
                Bench bench = Bench.open(server.source(""), options())) {
            assertEquals(0, bench.content(0));
            Thread killer = Thread.ofPlatform().start(() -> {
                pause();
                server.kill();
            });
            Bench.assertFailed(Problem.IO_ERROR, bench.write(0, 1, false));
            killer.join();
            assertEquals(1, bench.disk.cuts());
            Bench.assertFailed(Problem.IO_ERROR, bench.readResult(0, 512));
            server.start();
            Bench.assertFailed(Problem.IO_ERROR, bench.flush());
            Bench.assertDone(0, bench.forget());
            Bench.assertDone(0, bench.flush());
            assertEquals(0, bench.content(0));
        }
    }

    @Test
    void forgettingWaitsUntilTheSameExportIsThereAgain() {
        try (ForeignServer server = ForeignServer.nbdkit(folder, "memory", "1M");
                Bench bench = Bench.open(server.source(""), options())) {
            server.kill();
            assertInstanceOf(DiskResult.Failed.class, bench.readResult(0, 512));
            Thread.ofPlatform().start(() -> {
                pause();
                server.start();
            });
            Bench.assertDone(0, bench.forget());
            assertEquals(0, bench.content(0));
        }
    }

    @Test
    void diskThatIsAwayCanBeClosed() {
        try (ForeignServer server = ForeignServer.nbdkit(folder, "memory", "1M")) {
            Bench bench = Bench.open(server.source(""), options());
            server.kill();
            bench.port.submit(new dst.protocol.DiskRequest.Forget(1, 0));
            bench.disk.close();
            bench.loop.runUntil(() -> {
                bench.port.drain();
                return bench.port.running() == 0;
            });
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
