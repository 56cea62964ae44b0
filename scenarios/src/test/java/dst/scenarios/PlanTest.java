package dst.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.sim.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
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

    @Test
    void aPlanThatWasEditedWronglyIsToldWithThePlace() throws IOException {
        Path file = folder.resolve("plan.edn");
        String text = Library.text(library.scenario("server-power-cut").plan(1));

        assertSays(file, text.replaceFirst(":do :write", ":do :wrte"), ":do: expected one of");
        assertSays(file, text.replaceFirst(":fault :power-cut", ":fault :power"), ":fault: there is no fault :power");
        assertSays(file, text.replaceFirst(":tag 2 ", ":tag 1 "), ":tag: there is another operation 1");
        assertSays(file, text.replaceFirst(":after \\d+", ":after 4711"), ":after: there is no operation 4711");
        assertSays(file, text.replaceFirst(":block-size 512", ":block-size 500"), "a block size is a power of two");
        assertSays(file, text.replaceFirst(":heal +\"", ":heal \"x"), ":heal: expected a duration");
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
            pairs.add(plan.clients().getFirst().host().pageSize() + " and "
                    + plan.servers().getFirst().host().pageSize());
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
