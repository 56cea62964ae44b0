package dst.scenarios.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.ClientSettings;
import dst.protocol.Kind;
import dst.scenarios.cli.WrongInput;
import dst.sim.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlanTest {
    private static final int SEEDS = 10;

    private final Library library = new Library();

    @TempDir
    private Path folder;

    @Test
    void equalSeedsGiveEqualPlansAndOthersOthers() {
        for (String name : library.names()) {
            Scenario scenario = library.scenario(name);
            Scenario again = library.scenario(name);
            Set<Plan> plans = new HashSet<>();
            for (long seed = 1; seed <= SEEDS; seed++) {
                Plan plan = scenario.plan(seed);
                assertEquals(plan, again.plan(seed));
                plans.add(plan);
            }
            assertEquals(SEEDS, plans.size(), name);
        }
    }

    @Test
    void aPlanIsReadBackAsItWasWritten() throws IOException {
        Path file = folder.resolve("plan.edn");
        for (String name : library.names()) {
            Scenario scenario = library.scenario(name);
            for (long seed = 1; seed <= SEEDS; seed++) {
                Plan plan = scenario.plan(seed);
                Files.writeString(file, Library.text(plan));
                assertEquals(plan, Library.plan(file));
            }
        }
    }

    private static final String RICH = """
            {:doc     "x"
             :client  {:links [:between 1 3], :overlap [:one-of :wait :copy], :copied "8 KiB", :attempts 7, :buffers 4}
             :clients [{}
                       {:starts "70 ms", :holding :wait, :workload {:operations 5, :mix {:read 1}}}
                       {:export "archive", :server :server-2, :percent 50, :program :older}]
             :server  {:links 10, :handshakes 3, :attachments 2, :memory-in-all "2 MiB"}
             :servers [{} {:page-size 512}]
             :exports [{:access {"client" :both, "client-2" [:one-of :read :both]}}
                       {:name "archive", :size "32 KiB", :permission :read, :shared true}]
             :link    {:buffer "4 KiB"}
             :paths   [{} {:delay "9 ms", :buffer :unlimited}]}
            """;

    @Test
    void aRichWorldIsDrawnAsItsFileSaysAndReadBackAsItWasWritten() throws IOException {
        Scenario scenario = mine(RICH);
        Path file = folder.resolve("plan.edn");
        Set<Integer> clients = new HashSet<>();
        for (long seed = 1; seed <= 30; seed++) {
            Plan plan = scenario.plan(seed);
            Files.writeString(file, Library.text(plan));
            assertEquals(plan, Library.plan(file));
            List<Plan.NodePlan> all =
                    plan.nodes().stream().filter(node -> node.isA("client")).toList();
            clients.add(all.size());
            assertEquals(
                    plan.operations().size(),
                    plan.operations().stream()
                            .map(Plan.OperationPlan::tag)
                            .distinct()
                            .count());
            assertEquals(65536, plan.disks().getFirst().exports().getLast().start());
            assertEquals("older", all.size() < 3 ? "older" : all.get(2).host().program());
            assertEquals(2, plan.paths().size());
            assertEquals(0, plan.paths().getLast().bufferBytes());
            assertEquals(
                    7, ((ClientSettings) all.getFirst().settings()).policy().attemptsMax());
            assertEquals(70_000_000, all.get(1).startAt());
        }
        assertEquals(Set.of(2, 3), clients, "the third is there in half of the runs");
    }

    @Test
    void aClientsOwnWorkloadIsItsOwnAndBeginsWhenItStarts() throws IOException {
        List<Plan.OperationPlan> second = mine(RICH).plan(3).operations().stream()
                .filter(operation -> operation.node().equals("client-2"))
                .toList();
        long last = second.stream()
                .filter(operation -> operation.at() >= 500_000_000)
                .count();

        assertEquals(5, second.size() - last, "beside the last reads");
        assertTrue(second.stream().allMatch(operation -> operation.kind() == Kind.READ));
        assertTrue(second.stream()
                .allMatch(
                        operation -> operation.after() != Plan.OperationPlan.NOTHING || operation.at() >= 70_000_000));
    }

    @Test
    void anotherClientLeavesTheOperationsOfTheFirstAlone() throws IOException {
        List<Plan.OperationPlan> alone = mine("{:doc \"x\"}").plan(7).operations();

        assertEquals(
                alone,
                mine("{:doc \"x\", :clients [{} {}]}").plan(7).operations().stream()
                        .filter(operation -> operation.node().equals("client"))
                        .toList());
    }

    @Test
    void aPlanThatWasEditedWronglyIsToldWithThePlace() throws IOException {
        Path file = folder.resolve("plan.edn");
        String text = Library.text(library.scenario("server-power-cut").plan(1));

        assertSays(file, text.replaceFirst(":do :write", ":do :wrte"), ":do: expected one of");
        assertSays(file, text.replaceFirst(":fault :power-cut", ":fault :power"), ":fault: there is no fault :power");
        assertSays(file, text.replaceFirst(":tag 2 ", ":tag 1 "), ":tag: there is another operation 1");
        assertSays(file, text.replaceFirst(":after \\d+", ":after 4711"), ":after: there is no operation 4711");
        assertSays(
                file, text.replaceFirst(":block-size 512", ":block-size 500"), ":block-size: expected a power of two");
        assertSays(
                file,
                text.replaceFirst(":program \"present", ":program \"past"),
                ":program: expected one of :attached");
        assertSays(file, text.replaceFirst(":heal +\"", ":heal \"x"), ":heal: \"x500 ms\" is no time");
        assertSays(file, text.replaceFirst(":nodes", ":clients"), "a plan of an earlier version");
        assertSays(file, text.replaceFirst(":kind :server", ":kind :sever"), ":kind: there is no kind of node :sever");
        assertSays(file, text.replaceFirst(":to \"server\"", ":to \"sever\""), "has a way to sever");
        assertSays(
                file,
                text.replaceFirst(":do :write :at (\"[^\"]*\")", ":do :write :at $1 :node \"server\""),
                "is for the node server, and only [client] can be asked");
    }

    private static void assertSays(Path file, String text, String words) throws IOException {
        Files.writeString(file, text);
        WrongInput wrong = assertThrows(WrongInput.class, () -> Library.plan(file));
        assertTrue(wrong.words().startsWith(file + ": ") && wrong.words().contains(words), wrong::words);
    }

    @Test
    void everyPairOfPageSizesIsTriedBySixtyFourSeeds() {
        Scenario scenario = library.scenario("page-size-mismatch");
        Set<String> pairs = new HashSet<>();
        for (long seed = 0; seed < 64; seed++) {
            Plan plan = scenario.plan(seed);
            pairs.add(plan.nodes().getFirst().host().pageSize() + " and "
                    + plan.nodes().getLast().host().pageSize());
        }
        assertEquals(64, pairs.size());
    }

    @Test
    void aChangeOfTheFaultsLeavesTheOperationsAlone() throws IOException {
        Plan one = mine("{:doc \"x\", :faults [{:fault :cut, :times 3}]}").plan(7);
        Plan other = mine("{:doc \"x\", :faults [{:fault :cut, :times 3}, {:fault :power-cut}]}")
                .plan(7);

        assertEquals(one.operations(), other.operations());
        assertEquals(one.faults(), other.faults().subList(0, 3));
        assertNotEquals(one.faults(), other.faults());
    }

    private Scenario mine(String text) throws IOException {
        Path file = folder.resolve("mine.edn");
        Files.writeString(file, text);
        return library.scenario(file.toString());
    }
}
