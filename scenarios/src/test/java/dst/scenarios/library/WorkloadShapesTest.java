package dst.scenarios.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Kind;
import dst.scenarios.cli.WrongInput;
import dst.sim.Plan;
import dst.sim.Plan.OperationPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each workload that has a name shows its character in the plans that are drawn. */
final class WorkloadShapesTest {
    private static final int BLOCK = 512;
    private static final int SEEDS = 10;

    private final Library library = new Library();

    @TempDir
    private Path folder;

    /** Three threads have 42 blocks each; the first ten of them are the journal. */
    @Test
    void aCommitRecordIsSubmittedOnlyAfterItsJournalIsFlushedAndItsBlocksOnlyAfterIt() throws IOException {
        long commits = 0;
        for (Plan plan : plans("{:doc \"x\" :workload {:shape :journal :operations 90 :chains 3 :last-reads false}}")) {
            assertEquals(90, plan.operations().size());
            for (List<OperationPlan> chain : chains(plan)) {
                commits += commits(chain);
            }
        }
        assertTrue(commits > 10 * SEEDS, "commits: " + commits);
    }

    /** How many transactions were committed; each operation of a chain waits for the one before it to settle. */
    private static long commits(List<OperationPlan> chain) {
        long commits = 0;
        long journalled = 0;
        boolean isFlushed = false;
        boolean isRecorded = false;
        for (OperationPlan one : chain) {
            boolean inJournal = one.kind() == Kind.WRITE && block(one) % 42 < 10;
            if (one.kind() == Kind.FLUSH) {
                assertTrue(journalled > 0, "a flush is for a journal or for its commit record");
                isFlushed = !isRecorded;
                journalled = isRecorded ? 0 : journalled;
                isRecorded = false;
                continue;
            }
            assertFalse(isRecorded, "nothing comes between a commit record that is not FUA and its flush");
            if (inJournal && isFlushed) {
                commits++;
                isRecorded = !one.durable();
                isFlushed = false;
                journalled = one.durable() ? 0 : journalled;
            } else if (inJournal) {
                journalled++;
            } else {
                assertEquals(0, journalled, "in its place only after the commit record is durable");
            }
        }
        return commits;
    }

    @Test
    void aStreamGoesOnWhereItEndedAndReadsWhatItWrote() throws IOException {
        for (Plan plan :
                plans("{:doc \"x\" :workload {:shape :streams :operations 200 :chains 2 :last-reads false}}")) {
            assertEquals(2, chains(plan).size());
            for (List<OperationPlan> chain : chains(plan)) {
                long start = chain.getFirst().offset();
                for (int i = 1; i < chain.size(); i++) {
                    OperationPlan before = chain.get(i - 1);
                    OperationPlan one = chain.get(i);
                    if (one.kind() == before.kind()) {
                        assertEquals(before.offset() + before.length(), one.offset());
                    } else {
                        assertEquals(start, one.offset());
                        assertEquals(start + 64 * BLOCK, before.offset() + before.length());
                    }
                }
                assertTrue(chain.stream().anyMatch(one -> one.kind() == Kind.READ));
            }
        }
    }

    @Test
    void aHotBlockIsOneBlock() throws IOException {
        for (Plan plan : plans("{:doc \"x\" :workload :hot-block}")) {
            assertEquals(
                    1,
                    plan.operations().stream()
                            .filter(one -> one.kind() != Kind.FLUSH)
                            .map(OperationPlan::offset)
                            .distinct()
                            .count());
        }
    }

    @Test
    void overlappingWritesOverlapWhileTheyAreOpen() throws IOException {
        long pairs = 0;
        for (Plan plan : plans("{:doc \"x\" :workload {:shape :overlapping :last-reads false}}")) {
            List<OperationPlan> writes = plan.operations().stream()
                    .filter(one -> one.kind() == Kind.WRITE)
                    .toList();
            assertTrue(chains(plan).size() >= 4);
            for (int i = 0; i < writes.size(); i++) {
                for (OperationPlan other : writes.subList(i + 1, writes.size())) {
                    pairs += other.after() != writes.get(i).tag() && overlap(writes.get(i), other) ? 1 : 0;
                }
            }
        }
        assertTrue(pairs > 100 * SEEDS, "pairs: " + pairs);
    }

    @Test
    void oddSizesAreOddAndSomeAreNoWholeBlocks() throws IOException {
        List<OperationPlan> all = operations("{:doc \"x\" :workload {:shape :odd :last-reads false}}");

        assertTrue(share(all, one -> one.length() % BLOCK != 0 || one.offset() % BLOCK != 0) > 0.1);
        assertTrue(share(all, one -> one.offset() + one.length() > 65536 || one.length() > 65536) > 0.02);
        Set<Integer> lengths = new HashSet<>();
        all.stream().filter(one -> one.length() % BLOCK == 0).forEach(one -> lengths.add(one.length() / BLOCK));
        assertTrue(lengths.containsAll(Set.of(1, 3, 5, 7, 11)), lengths::toString);
    }

    @Test
    void theOthersHaveWhatTheirNamesSay() throws IOException {
        assertTrue(share(operations("{:doc \"x\" :workload :read-mostly}"), one -> one.kind() == Kind.READ) > 0.85);
        assertTrue(share(operations("{:doc \"x\" :workload :flush-heavy}"), one -> one.kind() == Kind.FLUSH) > 0.3);
        assertTrue(share(
                        operations("{:doc \"x\" :workload :trim-and-zero}"),
                        one -> one.kind() == Kind.TRIM || one.kind() == Kind.ZERO)
                > 0.3);
    }

    @Test
    void registersAreWhatIsDrawnWithoutAName() throws IOException {
        assertEquals(plans("{:doc \"x\"}"), plans("{:doc \"x\" :workload :registers}"));
    }

    @Test
    void whatAFileSaysIsSaidOverTheHabitsOfTheShapeForOneClientAsWell() throws IOException {
        List<OperationPlan> all =
                operations("{:doc \"x\" :clients [{} {:workload {:shape :read-mostly :mix {:trim 1} :last-reads false}}"
                        + " {:workload :journal}]}");

        assertTrue(all.stream().filter(one -> one.node().equals("client-2")).allMatch(one -> one.kind() == Kind.TRIM));
        assertTrue(all.stream().anyMatch(one -> one.node().equals("client-3") && one.kind() == Kind.FLUSH));
        assertTrue(all.stream().anyMatch(one -> one.node().equals("client") && one.kind() == Kind.ZERO));
    }

    @Test
    void aJournalThatHasNoFuaFlushesAfterEachCommitRecord() throws IOException {
        assertTrue(operations("{:doc \"x\" :workload {:shape :journal :fua 0}}").stream()
                .noneMatch(OperationPlan::durable));
        assertTrue(operations("{:doc \"x\" :workload {:shape :journal :fua 100}}").stream()
                .anyMatch(OperationPlan::durable));
    }

    @Test
    void whatAShapeDoesNotHeedIsTold() {
        WrongInput wrong = assertThrows(
                WrongInput.class, () -> plans("{:doc \"x\" :clients [{:workload {:shape :streams :hot 3}}]}"));

        assertTrue(
                wrong.words().endsWith(": :clients number 1 :workload :hot: counts for nothing in a workload :streams"),
                wrong::words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "registers",
                "overlapping",
                "hot-block",
                "streams",
                "flush-heavy",
                "odd",
                "journal",
                "read-mostly",
                "trim-and-zero"
            })
    void eachIsAGeneratorInAProgramToo(String name) throws IOException {
        Path file = folder.resolve("mine.clj");
        Files.writeString(file, "{:doc \"x\" :workload (g/limit 60 (w/shape :" + name + "))}");
        Plan plan = library.scenario(file.toString()).plan(3);

        assertTrue(plan.operations().size() >= 60);
        assertFalse(plan.equals(library.scenario(file.toString()).plan(4)));
    }

    private static long block(OperationPlan one) {
        return one.offset() / BLOCK;
    }

    private static boolean overlap(OperationPlan one, OperationPlan other) {
        return one.offset() < other.offset() + other.length() && other.offset() < one.offset() + one.length();
    }

    private static double share(List<OperationPlan> all, Predicate<OperationPlan> which) {
        return all.stream().filter(which).count() / (double) all.size();
    }

    /** Operations by what they follow: each chain from its beginning. */
    private static List<List<OperationPlan>> chains(Plan plan) {
        Map<Long, List<OperationPlan>> ending = new HashMap<>();
        List<List<OperationPlan>> chains = new ArrayList<>();
        for (OperationPlan one : plan.operations()) {
            List<OperationPlan> chain = ending.remove(one.after());
            if (chain == null) {
                chain = new ArrayList<>();
                chains.add(chain);
            }
            chain.add(one);
            ending.put(one.tag(), chain);
        }
        return chains;
    }

    private List<Plan> plans(String text) throws IOException {
        Path file = folder.resolve("mine.edn");
        Files.writeString(file, text);
        Scenario scenario = library.scenario(file.toString());
        List<Plan> plans = new ArrayList<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            plans.add(scenario.plan(seed));
        }
        return plans;
    }

    private List<OperationPlan> operations(String text) throws IOException {
        return plans(text).stream().flatMap(plan -> plan.operations().stream()).toList();
    }
}
