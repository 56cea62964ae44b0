package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Patience;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server does where something is scarce: descriptors, or the export itself. */
class ServeLimitsTest {
    private static final int INFO = 6;
    private static final int GO = 7;

    @TempDir
    Path folder;

    @Test
    void whereThereAreNoDescriptorsLeftTheServerWaitsAndGoesOn() throws Exception {
        Tools.need("prlimit", "util-linux");
        Path control = folder.resolve("serve.sock");
        Path log = folder.resolve("serve.log");
        List<java.nio.channels.SocketChannel> taken = new ArrayList<>();
        try (Node small = Node.startWithin(
                        log,
                        List.of("/usr/bin/prlimit", "--nofile=256:256"),
                        List.of(),
                        "serve",
                        "--export",
                        "disk=memory:1MiB",
                        "--allow",
                        "127.0.0.1=rw",
                        "--nbd",
                        "127.0.0.1:0",
                        "--control",
                        control.toString());
                HonestUser user = new HonestUser(small.address("NBD"), "disk")) {
            long began = System.nanoTime();
            // The operator's own socket knows no limit: he can take all that there is.
            for (int i = 0; i < 400; i++) {
                taken.add(java.nio.channels.SocketChannel.open(java.net.UnixDomainSocketAddress.of(control)));
            }
            awaitDescriptors(small, 250);
            long before = user.operations();
            try (PlainNbd waiting = new PlainNbd("127.0.0.1", small.address("NBD"))) {
                user.getsOn(before);
                for (var one : taken) {
                    one.close();
                }
                waiting.greet();
            }
            user.longestMillis();
            String said = Files.readString(log);
            assertTrue(said.contains("no connection can be accepted"), said);
            double seconds = (System.nanoTime() - began) / 1e9;
            assertTrue(said.lines().count() < 40 + 2 * seconds, said);
            assertEquals(0, small.terminate(30));
        } finally {
            for (var one : taken) {
                one.close();
            }
        }
    }

    private static void awaitDescriptors(Node node, int least) {
        Patience.until(() -> descriptors(node) >= least, () -> "so many descriptors are never open");
    }

    private static long descriptors(Node node) throws IOException {
        try (var all = Files.list(Path.of("/proc/" + node.pid() + "/fd"))) {
            return all.count();
        }
    }

    @Test
    void whoAskedForInformationFirstGivesTheExportBackAllTheSame() throws IOException {
        try (Node server = Node.start(
                folder.resolve("serve.log"),
                "serve",
                "--export",
                "disk=memory:1MiB",
                "--allow",
                "127.0.0.1=rw",
                "--listen",
                "127.0.0.1:0",
                "--nbd",
                "127.0.0.1:0",
                "--control",
                folder.resolve("serve.sock").toString())) {
            try (PlainNbd user = new PlainNbd("127.0.0.1", server.address("NBD"))) {
                user.greet();
                ask(user, INFO);
                ask(user, INFO);
                ask(user, GO);
                user.read(0, 512);
            }
            // It is ready as soon as it has been granted the export.
            try (Node attach = Node.start(
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
                assertEquals(0, attach.terminate(30), () -> attach.said().toString());
            }
            assertEquals(0, server.terminate(30), () -> server.said().toString());
        }
    }

    /** Until it is acknowledged. */
    private static void ask(PlainNbd user, int option) throws IOException {
        byte[] name = "disk".getBytes(StandardCharsets.UTF_8);
        user.option(option, 4 + name.length + 2);
        user.out.writeInt(name.length);
        user.out.write(name);
        user.out.writeShort(0);
        int type;
        do {
            user.in.readLong();
            user.in.readInt();
            type = user.in.readInt();
            user.in.readFully(new byte[user.in.readInt()]);
            assertTrue(type > 0, "refused");
        } while (type != 1);
    }
}
