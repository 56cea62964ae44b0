package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One table of rules for a server and for an attached device; what an operator takes away is gone. */
class AccessTest {
    private static final byte[] CONTENT = new byte[512];
    private static final String EPERM = "error 1";

    @TempDir
    Path folder;

    private Node server;
    private Node attach;

    @AfterEach
    void end() {
        try (Node one = server;
                Node other = attach) {
            if (other != null) {
                assertEquals(0, other.terminate(60), () -> other.said().toString());
            }
            if (one != null) {
                assertEquals(0, one.terminate(60), () -> one.said().toString());
            }
        }
    }

    private void serve(String rule) {
        server = Node.start(
                folder.resolve("serve.log"),
                "serve",
                "--export",
                "disk=memory:1MiB",
                "--allow",
                rule,
                "--allow",
                "unix=rw",
                "--listen",
                "unix:" + folder.resolve("p.sock"),
                "--nbd",
                "127.0.0.1:0",
                "--control",
                folder.resolve("serve.sock").toString());
    }

    private void attach(String rule) {
        attach = Node.start(
                folder.resolve("attach.log"),
                "attach",
                "--server",
                "unix:" + folder.resolve("p.sock"),
                "--export",
                "disk",
                "--allow",
                rule,
                "--nbd",
                "127.0.0.1:0",
                "--control",
                folder.resolve("attach.sock").toString());
    }

    private Tools.Ran ctl(String node, String... words) {
        List<String> all = new java.util.ArrayList<>(
                List.of("ctl", "--control", folder.resolve(node + ".sock").toString()));
        all.addAll(List.of(words));
        return CommandLine.run(all.toArray(String[]::new));
    }

    private List<String> allow(String node, String rule) {
        Tools.Ran ran = ctl(node, "allow", rule);
        assertEquals(0, ran.code(), ran.text());
        return ran.text().lines().toList();
    }

    private static PlainNbd use(Node node) throws IOException {
        return PlainNbd.use("127.0.0.1", node.address("NBD"), "disk");
    }

    private static void isRefused(IoAction action) {
        assertEquals(EPERM, assertThrows(IOException.class, action::run).getMessage());
    }

    private interface IoAction {
        void run() throws IOException;
    }

    @Test
    void attachedDeviceThatMayBeReadIsNotWritten() throws IOException {
        serve("127.0.0.1=rw");
        attach("127.0.0.1=r");
        try (PlainNbd user = use(attach)) {
            isRefused(() -> user.write(0, CONTENT));
            assertArrayEquals(CONTENT, user.read(0, 512));
            user.flush();
        }
        Tools.need("nbdinfo", "libnbd-bin");
        String said = Tools.well("nbdinfo", "nbd://" + attach.address("NBD") + "/disk");
        assertTrue(said.contains("is_read_only: true"), said);
    }

    @Test
    void whatAnAttachedDevicesOperatorChangesCountsAtOnce() throws IOException {
        serve("127.0.0.1=rw");
        attach("127.0.0.0/8=r");
        try (PlainNbd before = use(attach)) {
            isRefused(() -> before.write(0, CONTENT));
            assertEquals(
                    List.of("from now on: 127.0.0.1=rw", "export disk: 127.0.0.1=rw"),
                    allow("attach", "::ffff:127.0.0.1=rw"));
            assertThrows(IOException.class, () -> before.read(0, 512), "it was told something else");
        }
        try (PlainNbd user = use(attach);
                PlainNbd other = PlainNbd.use("127.0.0.2", attach.address("NBD"), "disk")) {
            user.write(0, CONTENT);
            allow("attach", "127.0.0.1/32=w");
            other.read(0, 512);
            isRefused(() -> other.write(0, CONTENT));
        }
        try (PlainNbd user = use(attach)) {
            user.write(0, CONTENT);
            isRefused(() -> user.read(0, 512));
        }
        allow("attach", "127.0.0.1=none");
        assertThrows(IOException.class, () -> use(attach));
        Tools.Ran wrong = ctl("attach", "allow", "dsk@127.0.0.1=rw");
        assertEquals(2, wrong.code());
        assertEquals(
                "dst: 'dsk@127.0.0.1=rw': there is no export 'dsk': there is disk",
                wrong.text().strip());
        assertTrue(ctl("attach", "status").text().contains("access     127.0.0.0/8=r 127.0.0.1=none"));
    }

    @Test
    void whatAServersOperatorTakesAwayIsGone() throws IOException {
        serve("127.0.0.1=rw");
        try (PlainNbd user = use(server)) {
            user.write(0, CONTENT);
            assertEquals(
                    List.of("from now on: 127.0.0.1=none, and no longer rw", "export disk: 127.0.0.1=none"),
                    allow("serve", "127.0.0.1/32=none"));
            assertThrows(IOException.class, () -> user.read(0, 512));
        }
        assertThrows(IOException.class, () -> use(server));
        Tools.Ran wrong = ctl("serve", "allow", "dsk@127.0.0.1=rw");
        assertEquals(2, wrong.code());
        assertEquals(
                "dst: 'dsk@127.0.0.1=rw': there is no export 'dsk': there is disk",
                wrong.text().strip());
        assertEquals(2, ctl("serve", "add", "../up=memory:1MiB").code());
        assertEquals(2, ctl("serve", "resize", "disk", "0").code());
        Tools.Ran added = ctl("serve", "add", "more=memory:1MiB");
        assertEquals(
                List.of("export more is open: 1 MiB", "access: 127.0.0.1=none unix=rw"),
                added.text().lines().toList());
    }
}
