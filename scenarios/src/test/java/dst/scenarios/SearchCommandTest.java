package dst.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.reports.Blame;
import dst.reports.Verdict;
import dst.scenarios.shrink.Parts;
import dst.sim.Plan;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looking for failures, and making them small, as a user does it. */
class SearchCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private int search(String... more) {
        List<String> all = new java.util.ArrayList<>(List.of("search", "--store", store().toString()));
        all.addAll(List.of(more));
        return run(all.toArray(String[]::new));
    }

    private Path store() {
        return folder.resolve("store");
    }

    private void assertSaid(String... words) {
        for (String word : words) {
            assertTrue(out.toString().contains(word), () -> "'" + word + "' is not in\n" + out + err);
        }
    }

    @Test
    void findsOneFailureOfAKindAndMakesItSmall() throws IOException {
        assertEquals(
                ExitCode.BROKEN,
                search("late-duplicates", "--plant", "overlap-order-ignored", "--seeds", "60", "--jobs", "2"),
                err::toString);
        assertSaid("T5 by the server", "made small:", "BROKEN: ", "canaries    ");
        Path found = store().resolve("late-duplicates+overlap-order-ignored").resolve("1");
        assertTrue(Files.exists(found.resolve(RunFolder.PAGE)));
        Path small = found.resolve(RunFolder.SMALL);
        Plan plan = Library.plan(small.resolve(RunFolder.PLAN));
        assertTrue(plan.operations().size() + plan.faults().size() <= 12, () -> Failing.size(plan));
        assertTrue(
                Files.readString(small.resolve(RunFolder.PLAN)).startsWith(";; BROKEN   T5 is broken by the server"));
        assertEquals(ExitCode.BROKEN, run("replay", small.toString()), () -> "" + out + err);
        assertSaid("Everything happened as before", "T5 is broken by the server");
    }

    /** By running each plan that has one thing less. */
    @Test
    void ofWhatIsLeftNothingCanBeLeftOut() {
        for (String bug : List.of("answer-before-executing", "retained-content-forgotten", "lying-flush")) {
            String store = store().resolve(bug).toString();
            assertEquals(
                    ExitCode.BROKEN,
                    run("run", "server-power-cut", "--plant", bug, "--seeds", "3", "--store", store),
                    err::toString);
            Path failure = Path.of(store, "latest");
            assertEquals(ExitCode.HOLDS, run("shrink", failure.toString()), err::toString);
            assertSaid("Without any one of these, or any two, it does not fail like that.");
            SecondRun run = SecondRun.of(failure.resolve(RunFolder.SMALL), _ -> List.of());
            String fingerprint = run.trial().judgement().blame().orElseThrow().fingerprint();
            Plan plan = run.trial().plan();
            Failing failing = new Failing(run.subject(), plan, Optional.empty(), fingerprint);
            assertTrue(failing.alike(plan));
            for (int i = 0; i < plan.faults().size(); i++) {
                assertFalse(failing.alike(Parts.withoutFault(plan, i)), bug + " without fault " + i);
            }
            plan.operations()
                    .forEach(one -> assertFalse(
                            failing.alike(Parts.withoutOperations(plan, Set.of(one.tag()))),
                            () -> bug + " without " + one));
        }
    }

    @Test
    void goesOnWhereTheLastOneStopped() throws IOException {
        assertEquals(ExitCode.HOLDS, search("dropped-links", "--seeds", "30"), err::toString);
        assertSaid("30 in ", "HOLDS: nothing that was promised broke in 30 runs");
        Path ledger = store().resolve("search.edn");
        assertTrue(Files.readString(ledger).contains(":what \"dropped-links\""));
        assertTrue(Files.readString(ledger).contains(":first 1, :count 30"));
        Files.writeString(ledger, "{:code \"cut sho", StandardOpenOption.APPEND);
        Files.writeString(ledger, "\n", StandardOpenOption.APPEND);
        assertEquals(ExitCode.HOLDS, search("dropped-links", "--seeds", "20"), err::toString);
        assertSaid("1 of its lines cannot be read");
        assertTrue(Files.readString(ledger).contains(":first 31, :count 20"), Files.readString(ledger));
    }

    @Test
    void anotherCodeBeginsAnew() {
        Path file = folder.resolve("ledger.edn");
        SearchLedger.of(file, "old").add("x", "", 1, 500, new java.util.TreeMap<>());
        assertEquals(501, SearchLedger.of(file, "old").next("x", ""));
        assertEquals(1, SearchLedger.of(file, "new").next("x", ""));
        assertEquals(1, SearchLedger.of(file, "old").next("x", "changed"));
        assertEquals(1, SearchLedger.of(file, "old").next("y", ""));
    }

    @Test
    void saysWhatItCameToAsJson() {
        assertEquals(ExitCode.HOLDS, search("dropped-links", "--seeds", "10", "--json"), err::toString);
        Matcher json = Pattern.compile("^\\{\"verdict\":\"holds\",.*\"runs\":10,.*\\}\\s*$", Pattern.DOTALL)
                .matcher(out.toString());
        assertTrue(json.matches(), out::toString);
    }

    @Test
    void timeIsKept() {
        long began = System.nanoTime();
        assertEquals(ExitCode.HOLDS, search("all", "--time", "2s"), err::toString);
        assertTrue(System.nanoTime() - began < 30_000_000_000L);
    }

    @Test
    void aSearchThatSeesNothingSaysSo() {
        Library library = new Library();
        Canaries blind = new Canaries(library, List.of("refused-payload-not-consumed"), Optional.of("dropped-links"));
        Search search = new Search(
                List.of(library.scenario("dropped-links")),
                Subject.swarming(library, Optional.empty()),
                SearchLedger.of(folder.resolve("ledger.edn"), "x"),
                new RunFolder(store()),
                blind,
                new Search.Watcher() {
                    @Override
                    public void progress(Search that, long runs) {}

                    @Override
                    public void found(Search.Kind kind) {}

                    @Override
                    public void shrunk(Search.Kind kind, Plan plan) {}
                });
        search.run(new Search.Extent(5, Long.MAX_VALUE, 1, true));
        assertEquals(Verdict.UNKNOWN, search.verdict());
        assertEquals(List.of("refused-payload-not-consumed"), blind.missed());
        assertTrue(String.join("\n", new SearchText(search, 0).lines()).contains("does not see what it has to see"));
    }

    @Test
    void everyOtherSeedLeavesSomeKindsOfFaultOut() {
        Library library = new Library();
        Scenario everything = library.scenario("everything");
        Subject whole = new Subject(library, Optional.empty());
        Subject swarm = Subject.swarming(library, Optional.empty());
        int fewer = 0;
        for (long seed = 1; seed <= 40; seed++) {
            Plan all = whole.plan(everything, seed);
            Plan some = swarm.plan(everything, seed);
            assertEquals(some, swarm.plan(everything, seed), "the same for the same seed");
            if (seed % 2 == 1) {
                assertEquals(all, some);
            }
            assertTrue(all.faults().containsAll(some.faults()));
            fewer += some.faults().size() < all.faults().size() ? 1 : 0;
        }
        assertTrue(fewer > 5, fewer + " of 20");
    }

    @Test
    void alikeMeansTheSameWhateverPlaceAndTime() {
        assertEquals(
                blame("the client sent write 15 (offset 55808, 512 bytes) in boot 1/079d0ffb at 0.164718 s")
                        .fingerprint(),
                blame("the client sent zero 2 (offset 0, 1,024 bytes) in boot 12/0000000a at 1.000000 s")
                        .fingerprint());
        assertFalse(blame("the client sent write 1")
                .fingerprint()
                .equals(blame("the client kept write 1").fingerprint()));
    }

    private static Blame blame(String sentence) {
        return new Blame("T5", dst.protocol.Side.CLIENT, 0, sentence, Optional.empty(), Optional.empty());
    }

    @Test
    void whatIsWrongIsSaidInOneLine() {
        assertEquals(ExitCode.USAGE, search("no-such-scenario"));
        assertTrue(err.toString().contains("there is no scenario 'no-such-scenario'"), err::toString);
        assertEquals(ExitCode.USAGE, search("all", "--time", "soon"));
        assertTrue(err.toString().contains("--time wants a length of time such as"), err::toString);
        assertEquals(ExitCode.USAGE, run("shrink", folder.toString()));
        assertTrue(err.toString().contains("is no run folder"), err::toString);
        run("run", "dropped-links", "--seed", "1", "--keep", "--store", store().toString());
        assertEquals(ExitCode.USAGE, run("shrink", store().resolve("latest").toString()));
        assertTrue(err.toString().contains("does not fail: there is nothing to make smaller"), err::toString);
    }
}
