package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dst ctl resize}: an export gets another size while it is in use. */
class ResizeTest {
    private static final long MIB = 1 << 20;

    @TempDir
    Path folder;

    private List<String> serveLimits = List.of();

    private Node serve(String source) {
        return Node.startWithin(
                folder.resolve("serve.log"),
                serveLimits,
                List.of(),
                "serve",
                "--export",
                "disk=" + source,
                "--allow",
                "127.0.0.1=rw",
                "--allow",
                "unix=rw",
                "--listen",
                "unix:" + folder.resolve("p.sock"),
                "--nbd",
                "127.0.0.1:0",
                "--referee",
                "--control",
                folder.resolve("s.sock").toString());
    }

    private Node attach() {
        return Node.start(
                folder.resolve("attach.log"),
                "attach",
                "--server",
                "unix:" + folder.resolve("p.sock"),
                "--export",
                "disk",
                "--nbd",
                "unix:" + folder.resolve("n.sock"),
                "--control",
                folder.resolve("a.sock").toString());
    }

    private Tools.Ran ctl(String... words) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                "dst.realnode.Main",
                "ctl",
                "--control",
                folder.resolve("s.sock").toString()));
        command.addAll(List.of(words));
        return Tools.run(command.toArray(String[]::new));
    }

    private String well(String... words) {
        Tools.Ran ran = ctl(words);
        assertEquals(0, ran.code(), ran.text());
        return ran.text();
    }

    private static long sizeOf(String uri) {
        return Long.parseLong(Tools.well("nbdinfo", "--size", uri).strip());
    }

    @Test
    void attachedDeviceGrowsAndShrinksUnderLoad() throws IOException {
        Tools.need("fio", "fio");
        Tools.need("nbdinfo", "libnbd-bin");
        Path data = folder.resolve("data.img");
        Files.write(data, new byte[(int) (32 * MIB)]);
        String uri = "nbd+unix:///disk?socket=" + folder.resolve("n.sock");
        try (Node server = serve(data.toString());
                Node attach = attach()) {
            AtomicBoolean over = new AtomicBoolean();
            CompletableFuture<Tools.Ran> load = CompletableFuture.supplyAsync(() -> loadUntil(over, uri));
            for (long mib : List.of(48, 20, 64, 40)) {
                String said = well("resize", "disk", mib + "MiB", "--shrink");
                assertTrue(said.contains("export disk has " + mib + " MiB now"), said);
                assertEquals(mib * MIB, Files.size(data));
                awaitSize(uri, mib * MIB);
            }
            over.set(true);
            Tools.Ran ran = load.join();
            assertEquals(0, ran.code(), ran.text());
            assertTrue(ran.text().contains("err= 0"), ran.text());
            assertEquals(0, attach.terminate(30), () -> log("attach.log"));
            String status = well("status");
            assertTrue(status.contains("40 MiB"), status);
            assertTrue(status.contains("nothing found"), status);
            assertEquals(0, server.terminate(30), () -> log("serve.log"));
        }
    }

    /** Rounds of load, the last of which begins before it is over; how the first one ended that failed, or the last one. */
    private static Tools.Ran loadUntil(AtomicBoolean over, String uri) {
        Tools.Ran ran;
        do {
            ran = load(uri);
        } while (ran.code() == 0 && !over.get());
        return ran;
    }

    private static Tools.Ran load(String uri) {
        return Tools.run(
                "fio",
                "--name=load",
                "--ioengine=nbd",
                "--uri=" + uri,
                "--rw=randrw",
                "--bs=4k",
                "--iodepth=16",
                "--size=16M",
                "--verify=crc32c",
                "--verify_backlog=64",
                "--verify_fatal=1",
                "--fsync=100",
                "--time_based",
                "--runtime=2",
                "--rate_iops=2000");
    }

    /** The attached device hears of it with its next link, which is made at once. */
    private static void awaitSize(String uri, long size) {
        Patience.until(() -> sizeOf(uri) == size, () -> "its size is " + sizeOf(uri));
    }

    @Test
    void whoUsesItOverNbdIsToldToEndAndSeesItWhenHeComesAgain() throws IOException, InterruptedException {
        Tools.need("nbdsh", "python3-libnbd");
        try (Node server = serve("memory:16MiB")) {
            String uri = "nbd://" + server.address("NBD") + "/disk";
            String script = "import nbd, sys\nh = nbd.NBD()\nh.connect_uri(sys.argv[1])\nh.pwrite(b'n' * 512, 0)\n"
                    + "print('in', flush=True)\nn = 0\n"
                    + "try:\n  while True:\n    h.pread(512, 0)\n    n += 1\n"
                    + "except nbd.Error as e:\n  print('out', e.string)\n"
                    + "while True:\n  try:\n    g = nbd.NBD()\n    g.connect_uri(sys.argv[1])\n    break\n"
                    + "  except nbd.Error:\n    pass\n"
                    + "print(g.get_size(), g.pread(512, 0)[:4].decode())";
            Process user = new ProcessBuilder("/usr/bin/python3", "-c", script, uri)
                    .redirectErrorStream(true)
                    .start();
            try (var said = user.inputReader()) {
                assertEquals("in", said.readLine());
                assertTrue(well("resize", "disk", "24MiB").contains("24 MiB now, before it had 16 MiB"));
                assertTrue(String.valueOf(said.readLine()).startsWith("out"));
                assertEquals(24 * MIB + " nnnn", said.readLine());
                assertEquals(0, user.waitFor());
            } finally {
                user.destroyForcibly();
            }
            assertEquals(0, server.terminate(30), () -> log("serve.log"));
        }
    }

    @Test
    void whatIsWrongIsSaidAndDisturbsNobody() {
        Tools.need("nbdinfo", "libnbd-bin");
        try (Node server = serve("memory:16MiB")) {
            String uri = "nbd://" + server.address("NBD") + "/disk";
            refused("would be gone; if that is wanted, add --shrink", "resize", "disk", "8MiB");
            refused("513 bytes are no size for disk, which has blocks of 512", "resize", "disk", "513");
            refused("there is no export 'other'", "resize", "other", "8MiB");
            refused("'big' is no size", "resize", "disk", "big");
            refused("expected: dst ctl resize NAME [SIZE]", "resize");
            assertEquals(16 * MIB, sizeOf(uri));
            assertEquals(0, server.terminate(30), () -> log("serve.log"));
        }
    }

    private void refused(String why, String... words) {
        Tools.Ran ran = ctl(words);
        assertNotEquals(0, ran.code());
        assertTrue(ran.text().contains(why), ran.text());
    }

    private String log(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** What cannot be is found out before anybody is sent away for it. */
    @Test
    void resizeThatFailsLeavesWhoeverUsesTheExportAlone() throws IOException {
        Tools.need("prlimit", "util-linux");
        Path data = folder.resolve("data.img");
        Files.write(data, new byte[(int) MIB]);
        // No file of this process grows beyond that.
        serveLimits = List.of("prlimit", "--fsize=" + 64 * MIB);
        try (Node server = serve(data.toString())) {
            try (PlainNbd user = PlainNbd.use("127.0.0.1", server.address("NBD"), "disk")) {
                cannotBe("too large", "128MiB", "--deadline", "1s");
                cannotBe("has blocks of", "1234567");
                cannotBe("add --shrink", "512KiB");
                user.write(0, new byte[512]);
            }
            try (Node attach = attach()) {
                cannotBe("too large", "128MiB");
                assertTrue(attach.isAlive());
                assertTrue(!log("attach.log").contains("is left"), () -> log("attach.log"));
            }
            assertTrue(!log("serve.log").contains("new boot"), () -> log("serve.log"));
            assertEquals(MIB, Files.size(data));
        }
    }

    private void cannotBe(String why, String... size) {
        List<String> words = new ArrayList<>(List.of("resize", "disk"));
        words.addAll(List.of(size));
        Tools.Ran ran = ctl(words.toArray(String[]::new));
        assertEquals(2, ran.code(), ran.text());
        assertTrue(ran.text().contains(why), ran.text());
    }
}
