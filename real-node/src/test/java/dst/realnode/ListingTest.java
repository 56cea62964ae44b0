package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that ask a server what it has: an export that they would not be given does not spoil the others. */
class ListingTest {
    private static final Pattern QEMU = Pattern.compile("export: '([^']*)'");
    private static final Pattern NBDINFO = Pattern.compile("export=\"([^\"]*)\"");

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

    private void begin() {
        server = Node.start(
                folder.resolve("serve.log"),
                "serve",
                "--export",
                "held=memory:1MiB",
                "--export",
                "free=memory:2MiB",
                "--export",
                "forbidden=memory:3MiB",
                "--export",
                "read=memory:4MiB,shared",
                "--allow",
                "127.0.0.1=rw",
                "--allow",
                "forbidden@127.0.0.1=none",
                "--listen",
                "127.0.0.1:0",
                "--nbd",
                "127.0.0.1:0",
                "--control",
                folder.resolve("serve.sock").toString());
        attach = Node.start(
                folder.resolve("attach.log"),
                "attach",
                "--server",
                server.address("the protocol"),
                "--export",
                "held",
                "--nbd",
                "127.0.0.1:0",
                "--control",
                folder.resolve("attach.sock").toString());
    }

    private static Set<String> names(Pattern pattern, String said) {
        return pattern.matcher(said).results().map(one -> one.group(1)).collect(Collectors.toSet());
    }

    private static String qemu(Node node) {
        List<String> address = List.of(node.address("NBD").split(":"));
        return Tools.well("qemu-nbd", "--list", "--bind", address.getFirst(), "--port", address.getLast());
    }

    private static String nbdinfo(Node node) {
        return Tools.well("nbdinfo", "--list", "nbd://" + node.address("NBD"));
    }

    @Test
    void qemuListsWhatItWouldBeGiven() {
        Tools.need("qemu-nbd", "qemu-utils");
        begin();
        String said = qemu(server);
        assertTrue(said.contains("exports available: 2"), said);
        assertEquals(Set.of("free", "read"), names(QEMU, said), said);
        assertTrue(said.contains("2097152"), "with what it is like: " + said);
        String attached = qemu(attach);
        assertEquals(Set.of("held"), names(QEMU, attached), attached);
    }

    @Test
    void nbdinfoListsWhatItWouldBeGiven() {
        Tools.need("nbdinfo", "libnbd-bin");
        begin();
        String said = nbdinfo(server);
        assertEquals(Set.of("free", "read"), names(NBDINFO, said), said);
        assertEquals(Set.of("held"), names(NBDINFO, nbdinfo(attach)));
    }

    @Test
    void whatIsGivenBackIsListedAgain() {
        Tools.need("nbdinfo", "libnbd-bin");
        begin();
        assertFalse(names(NBDINFO, nbdinfo(server)).contains("held"));
        assertEquals(0, attach.terminate(60), () -> attach.said().toString());
        attach = null;
        Matcher sizes = Pattern.compile("export-size: (\\d+)").matcher(nbdinfo(server));
        assertEquals(
                Set.of("1048576", "2097152", "4194304"),
                sizes.results().map(one -> one.group(1)).collect(Collectors.toSet()));
    }
}
