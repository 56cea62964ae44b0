package dst.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.architecture.Planted.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LayersTest {
    @Test
    void noLayerSeesWhatItMustNot() {
        assertEquals(
                List.of(),
                Layers.violations(Tree.MODULES.stream().map(Tree::classes).toList()));
    }

    @ParameterizedTest(name = "{0} must not see {1}")
    @CsvSource({
        "dst.protocol.client, dst.protocol.server",
        "dst.protocol.client, dst.protocol.referee",
        "dst.protocol.server, dst.protocol.client",
        "dst.protocol.server, dst.protocol.referee",
        "dst.protocol, dst.nbd.port",
        "dst.protocol.referee, dst.nbd",
        "dst.protocol.trace, dst.nbd",
        "dst.protocol.trace, dst.nbd.attach",
        "dst.nbd, dst.nbd.rules",
        "dst.nbd.rules, dst.nbd",
        "dst.nbd.lending, dst.nbd.rules",
        "dst.nbd.rules, dst.nbd.lending",
        "dst.nbd, dst.sim",
        "dst.nbd.attach, io.netty.channel",
        "dst.protocol.wire, dst.sim",
        "dst.protocol.wire, dst.realnode",
        "dst.protocol.wire, io.netty.channel",
        "dst.protocol.wire, org.slf4j",
        "dst.sim, dst.realnode",
        "dst.sim, dst.reports",
        "dst.sim, dst.scenarios",
        "dst.realnode, dst.sim",
        "dst.realnode, dst.reports",
        "dst.realnode, dst.scenarios",
        "dst.reports, dst.sim",
        "dst.reports, dst.realnode",
        "dst.reports, dst.scenarios"
    })
    void aPlantedDependencyIsCaught(String from, String to, @TempDir Path scratch) throws IOException {
        List<String> violations = Layers.violations(List.of(dependency(from, to, scratch)));

        assertTrue(violations.stream().anyMatch(line -> line.contains(to + ".Seen")), () -> "found: " + violations);
    }

    @ParameterizedTest(name = "{0} may see {1}")
    @CsvSource({
        "dst.protocol.client, dst.protocol.wire",
        "dst.protocol.server, dst.protocol.wire",
        "dst.protocol.referee, dst.protocol.wire",
        "dst.protocol.wire, io.netty.buffer",
        "dst.protocol.trace, dst.nbd.port",
        "dst.nbd, dst.protocol",
        "dst.sim, dst.protocol.client",
        "dst.scenarios, dst.reports"
    })
    void aDependencyInOrderIsNotAccused(String from, String to, @TempDir Path scratch) throws IOException {
        assertEquals(List.of(), Layers.violations(List.of(dependency(from, to, scratch))));
    }

    private static Path dependency(String from, String to, Path scratch) throws IOException {
        return Planted.compile(
                scratch,
                List.of(
                        Source.of(from, "Sees", "final class Sees { Object o = new " + to + ".Seen(); }"),
                        Source.of(to, "Seen", "public final class Seen {}")));
    }
}
