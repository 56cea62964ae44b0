package dst.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.architecture.Circles.Arrow;
import dst.architecture.Planted.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packages see each other in one direction only, and so do the classes of a machine. */
final class CirclesTest {
    /** Arrows against the direction that are still there. Whoever takes one away takes it out of here. */
    private static final Set<Arrow> KNOWN = Set.of(
            // What is wrong in a node's command line is told by a class beside the commands themselves.
            new Arrow("dst.realnode", "dst.realnode.attach"),
            new Arrow("dst.realnode", "dst.realnode.ctl"),
            new Arrow("dst.realnode", "dst.realnode.guard"),
            new Arrow("dst.realnode", "dst.realnode.net"),
            new Arrow("dst.realnode", "dst.realnode.proxy"),
            new Arrow("dst.realnode", "dst.realnode.serve"));

    private static final String SERVER = "dst.protocol.server";

    /** The same for the classes of the server's machine. */
    private static final Set<Arrow> KNOWN_OF_SERVER = Set.of(
            // What a message on a link is about is known from the link alone, without looking anything up for each of
            // them.
            new Arrow(SERVER + ".ServerLink", SERVER + ".Attachment"),
            new Arrow(SERVER + ".ServerLink", SERVER + ".ExportState"));

    @Test
    void noTwoClassesOfTheServerNeedEachOther() {
        Circles circles = Circles.among(Tree.classes("protocol"), SERVER);

        assertEquals(List.of(), circles.without(KNOWN_OF_SERVER));
        assertEquals(List.of(), circles.needless(KNOWN_OF_SERVER), "known circles that are gone");
    }

    @Test
    void aPlantedCircleOfClassesIsCaughtAndNestedOnesAreNotAccused(@TempDir Path scratch) throws IOException {
        Path classes = Planted.compile(
                scratch,
                List.of(
                        Source.of("dst.a", "One", "final class One { Two two; record Part(One whole) {} Part part; }"),
                        Source.of("dst.a", "Two", "final class Two { One.Part part; dst.b.Seen seen; }"),
                        Source.of(
                                "dst.a",
                                "Three",
                                "final class Three { record Part(Three whole) {} Part part; One one; }"),
                        Source.of("dst.b", "Seen", "public final class Seen {}")));

        assertEquals(
                List.of(
                        "dst.a.One -> dst.a.Two -> dst.a.One: dst.a.One needs dst.a.Two, dst.a.Two needs dst.a.One$Part"),
                Circles.among(classes, "dst.a").without(Set.of()));
    }

    @Test
    void noTwoPackagesNeedEachOther() {
        Circles circles = Circles.in(Tree.MODULES.stream().map(Tree::classes).toList());

        assertEquals(List.of(), circles.without(KNOWN));
        assertEquals(List.of(), circles.needless(KNOWN), "known circles that are gone");
    }

    @Test
    void aPlantedCircleIsCaughtWhereverItRuns(@TempDir Path scratch) throws IOException {
        Circles circles = planted(scratch, "dst.a, dst.b", "dst.b, dst.b.c", "dst.b.c, dst.a", "dst.b, dst.d");

        assertEquals(
                List.of(
                        "dst.a -> dst.b -> dst.b.c -> dst.a: dst.a.Seen needs dst.b.Seen, dst.b.Seen needs dst.b.c.Seen, dst.b.c.Seen needs dst.a.Seen"),
                circles.without(Set.of()));
    }

    @Test
    void packagesInOneDirectionAreNotAccused(@TempDir Path scratch) throws IOException {
        assertEquals(
                List.of(),
                planted(scratch, "dst.a, dst.b", "dst.b, dst.c", "dst.a, dst.c").without(Set.of()));
    }

    @Test
    void aKnownArrowHidesItsOwnCirclesAndNoOther(@TempDir Path scratch) throws IOException {
        Circles circles = planted(scratch, "dst.a, dst.b", "dst.b, dst.a", "dst.b, dst.c", "dst.c, dst.b");
        Set<Arrow> known = Set.of(new Arrow("dst.b", "dst.a"));

        assertEquals(1, circles.without(known).size());
        assertTrue(circles.without(known).getFirst().startsWith("dst.b -> dst.c -> dst.b: "));
        assertEquals(List.of(), circles.needless(known));
    }

    @Test
    void aKnownArrowThatClosesNoCircleIsTold(@TempDir Path scratch) throws IOException {
        Arrow straight = new Arrow("dst.a", "dst.b");
        Arrow gone = new Arrow("dst.b", "dst.a");
        Circles circles = planted(scratch, "dst.a, dst.b");

        assertEquals(List.of(straight), circles.needless(Set.of(straight)));
        assertEquals(List.of(gone), circles.needless(Set.of(gone)));
    }

    /** One class for each package, which needs those of the packages that its arrows lead to. */
    private static Circles planted(Path scratch, String... arrows) throws IOException {
        Map<String, StringBuilder> bodies = new TreeMap<>();
        for (String arrow : arrows) {
            String[] ends = arrow.split(", ");
            bodies.computeIfAbsent(ends[0], _ -> new StringBuilder())
                    .append("public " + ends[1] + ".Seen " + ends[1].replace('.', '_') + ";\n");
            bodies.computeIfAbsent(ends[1], _ -> new StringBuilder());
        }
        List<Source> sources = bodies.entrySet().stream()
                .map(each -> Source.of(each.getKey(), "Seen", "public final class Seen {\n" + each.getValue() + "}"))
                .toList();
        return Circles.in(List.of(Planted.compile(scratch, sources)));
    }
}
