package dst.scenarios.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.reports.Verdict;
import dst.scenarios.Main;
import dst.scenarios.cli.CodeIdentity;
import dst.scenarios.cli.ExitCode;
import dst.scenarios.library.Library;
import dst.scenarios.planting.Bug;
import dst.scenarios.planting.Edit;
import dst.scenarios.shrink.Failing;
import dst.scenarios.store.RunFolder;
import dst.scenarios.store.SecondRun;
import dst.scenarios.trial.Parts;
import dst.scenarios.trial.Series;
import dst.scenarios.trial.SystemUnderTest;
import dst.sim.Plan;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
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
        List<String> all = new ArrayList<>(List.of("search", "--store", store().toString()));
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
        assertTrue(Files.exists(small.resolve(RunFolder.PLAN)));
        // How small it got in the time that a search has for that is the machine's speed.
        assertEquals(ExitCode.HOLDS, run("shrink", found.toString(), "--time", "1h"), () -> "" + out + err);
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
            assertEquals(ExitCode.HOLDS, run("shrink", failure.toString(), "--time", "1h"), err::toString);
            assertSaid("Without any one of these, or any two, it does not fail like that.");
            SecondRun run = SecondRun.of(failure.resolve(RunFolder.SMALL), _ -> List.of());
            String fingerprint = run.trial().judgement().blame().orElseThrow().fingerprint();
            Plan plan = run.trial().plan();
            Failing failing = new Failing(run.system(), plan, Optional.empty(), fingerprint);
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
        assertSaid("30 in ", "HOLDS: nothing that was promised broke in 30 runs of dropped-links");
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
        SearchLedger.of(file, "old").add("x", "", 1, 500, 7, new TreeMap<>());
        assertEquals(501, SearchLedger.of(file, "old").next("x", ""));
        assertEquals(1, SearchLedger.of(file, "new").next("x", ""));
        assertEquals(1, SearchLedger.of(file, "old").next("x", "changed"));
        assertEquals(1, SearchLedger.of(file, "old").next("y", ""));
        assertEquals(7, SearchLedger.of(file, "old").nanos("x", ""));
    }

    @Test
    void aLongLedgerIsWrittenAnewAndSaysTheSame() throws IOException {
        Path file = folder.resolve("ledger.edn");
        SearchLedger written = SearchLedger.of(file, "now");
        for (int build = 0; build < 30; build++) {
            SearchLedger.of(file, "build " + build).add("x", "", 1, 9, 1, new TreeMap<>());
        }
        for (int batch = 0; batch < SearchLedger.LINES_MAX; batch++) {
            written.add("x", "", 1 + batch * 10L, 10, 3, new TreeMap<>(Map.of("D1 by the server", 2L)));
        }
        Files.writeString(file, "{:code \"cut sho", StandardOpenOption.APPEND);

        SearchLedger merged = SearchLedger.of(file, "now");

        assertEquals(1, merged.passedOver());
        assertEquals(20, Files.readAllLines(file).size(), "of twenty builds one line each");
        for (SearchLedger ledger : List.of(merged, SearchLedger.of(file, "now"))) {
            assertEquals(1 + SearchLedger.LINES_MAX * 10L, ledger.next("x", ""));
            assertEquals(SearchLedger.LINES_MAX * 3L, ledger.nanos("x", ""));
            assertEquals(Map.of("D1 by the server", SearchLedger.LINES_MAX * 2L), ledger.earlierFailures("x", ""));
        }
        assertEquals(10, SearchLedger.of(file, "build 29").next("x", ""), "the latest builds are kept");
        assertEquals(1, SearchLedger.of(file, "build 0").next("x", ""), "of what is long gone nothing is kept");
    }

    private static final List<String> SIX =
            List.of("both-crash", "client-crash", "clock-drift", "dropped-links", "half-open", "server-power-cut");

    private Search searchOf(List<String> names, Canaries canaries, Consumer<Search> progress) {
        Library library = new Library();
        return new Search(
                names.stream().map(library::scenario).toList(),
                SystemUnderTest.swarming(library, Optional.empty()),
                SearchLedger.of(folder.resolve("ledger.edn"), "x"),
                new RunFolder(store()),
                canaries,
                new Search.Watcher() {
                    @Override
                    public void progress(Search that, long runs) {
                        progress.accept(that);
                    }

                    @Override
                    public void found(Search.Kind kind) {}

                    @Override
                    public void shrunk(Search.Kind kind, Plan plan) {}
                });
    }

    private static List<String> tried(Search search) {
        return search.searched().stream()
                .filter(Searched::isTried)
                .map(each -> each.scenario().name())
                .toList();
    }

    private static String text(Search search) {
        return String.join("\n", new SearchText(search, 0).lines());
    }

    @Test
    void threeRoundsThatAreInterruptedHaveTriedAllAndNoneSaysMoreThanItKnows() {
        List<String> tried = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            Search search = searchOf(SIX, new Canaries(new Library()), that -> {
                if (tried(that).size() == 2) {
                    that.stop();
                }
            });
            search.run(new Search.Extent(5, Long.MAX_VALUE, 1, true));
            tried.addAll(tried(search));
            assertEquals(Verdict.UNKNOWN, search.verdict());
            String text = text(search);
            assertTrue(text.contains("2 of 6 tried, with 5 to 5 runs each"), text);
            assertTrue(text.contains("it was interrupted: of 4 scenarios nothing is known"), text);
            assertFalse(text.contains("HOLDS"), text);
        }
        assertEquals(SIX, tried.stream().sorted().toList());
    }

    @Test
    void whatThereWasNoTimeForIsSaidToBeUnknown() {
        long time = 2_000_000_000L;
        Search search = searchOf(SIX, new Canaries(new Library()), that -> {
            while (that.nanos() < time) {
                Thread.onSpinWait();
            }
        });
        search.run(new Search.Extent(5, time, 1, true));
        String text = text(search);
        assertEquals(List.of("both-crash"), tried(search), text);
        assertEquals(Verdict.UNKNOWN, search.verdict());
        assertTrue(text.contains("of 5 scenarios nothing is known: there was no time (--time)"), text);
        assertTrue(text.contains("not tried   client-crash, clock-drift, dropped-links"), text);
        assertTrue(text.contains("4 of 4 runs of 4 planted bugs"), text);
    }

    @Test
    void whoHadTheLeastTimeIsNextWhateverItsRunsCost() {
        SearchLedger ledger = SearchLedger.of(folder.resolve("ledger.edn"), "x");
        Library library = new Library();
        SystemUnderTest system = SystemUnderTest.swarming(library, Optional.empty());
        String same = CodeIdentity.of("");
        ledger.add("both-crash", same, 1, 3, 5_000, new TreeMap<>());
        ledger.add("client-crash", same, 1, 9_000, 4_000, new TreeMap<>());
        ledger.add("dropped-links", same, 1, 1, 6_000, new TreeMap<>());
        List<Searched> turns = new ArrayList<>();
        for (String name : List.of("both-crash", "client-crash", "clock-drift", "dropped-links")) {
            turns.add(Searched.of(library.scenario(name), system, ledger, 100));
        }
        turns.sort(Searched.TURN);
        assertEquals(
                List.of("clock-drift", "client-crash", "both-crash", "dropped-links"),
                turns.stream().map(each -> each.scenario().name()).toList());
        Searched first = turns.getFirst();
        first.add(new Series(first.scenario(), system, 1, 1).run(1, _ -> {}));
        turns.sort(Searched.TURN);
        assertEquals("clock-drift", turns.getLast().scenario().name(), "who had a turn comes after who had none");
    }

    @Test
    void anEarlierFailureOfTheSameCodeIsNotForgotten() {
        assertEquals(
                ExitCode.BROKEN,
                search("dropped-links", "--plant", "ids-skipped", "--seeds", "2", "--no-shrink"),
                err::toString);
        search("dropped-links", "--plant", "ids-skipped", "--seeds", "1", "--no-shrink");
        assertSaid("earlier     dropped-links: 2 times T1 by the client");
        search("two-servers-one-disk", "--seeds", "20");
        assertEquals(ExitCode.HOLDS, search("two-servers-one-disk", "--seeds", "1"), err::toString);
        assertFalse(out.toString().contains("earlier"), "what is expected to break is no failure:\n" + out);
    }

    /** Its only fault comes when all is healed. */
    @Test
    void whatWasRunInVainIsNotSaidToHold() throws IOException {
        Path file = folder.resolve("late.edn");
        Files.writeString(
                file, "{:doc \"Too late.\", :heal \"100 ms\", :faults [{:fault :power-cut, :at \"101 ms\"}]}");
        assertEquals(ExitCode.UNKNOWN_OR_VACUOUS, search(file.toString(), "--seeds", "3"), err::toString);
        assertSaid("VACUOUS: none of the faults asked for ever struck in 3 runs of late");
    }

    @Test
    void saysWhatItCameToAsJson() {
        assertEquals(ExitCode.HOLDS, search("dropped-links", "--seeds", "10", "--json"), err::toString);
        Matcher json = Pattern.compile("^\\{\"verdict\":\"holds\",.*\"runs\":10,.*\\}\\s*$", Pattern.DOTALL)
                .matcher(out.toString());
        assertTrue(json.matches(), out::toString);
    }

    /** Without its limit it would go on for ever. */
    @Test
    void timeIsKept() {
        int code = search("all", "--time", "2s");
        assertEquals(
                out.toString().matches("(?s).*scenarios   all \\d+ tried.*")
                        ? ExitCode.HOLDS
                        : ExitCode.UNKNOWN_OR_VACUOUS,
                code,
                () -> "" + out + err);
    }

    @Test
    void aSearchThatSeesNothingSaysSo() {
        Library library = new Library();
        Canaries blind = new Canaries(
                library, List.of(library.bug("refused-payload-not-consumed")), Optional.of("dropped-links"));
        Search search = searchOf(List.of("dropped-links"), blind, _ -> {});
        search.run(new Search.Extent(5, Long.MAX_VALUE, 1, true));
        assertEquals(Verdict.UNKNOWN, search.verdict());
        assertEquals(List.of("refused-payload-not-consumed"), blind.missed());
        assertTrue(text(search).contains("does not see what it has to see"));
    }

    /** As after a change of the code in which it would be planted. */
    @Test
    void aCanaryThatCannotBePlantedProvesNothingAndEndsNothing() {
        Library library = new Library();
        Bug fit = library.bug("ids-skipped");
        Bug unfit = new Bug(
                "unfit",
                fit.side(),
                fit.rules(),
                "",
                fit.scenario(),
                List.of(new Edit("client.Client", "step", new Edit.Change.ReplaceCall("noSuchCall", ""))),
                List.of());
        Canaries canaries = new Canaries(library, List.of(unfit, fit), Optional.empty());
        Search search = searchOf(List.of("dropped-links"), canaries, _ -> {});
        search.run(new Search.Extent(5, Long.MAX_VALUE, 1, true));
        assertEquals(List.of("unfit"), canaries.unfit());
        assertEquals(1, canaries.count());
        assertEquals(Verdict.UNKNOWN, search.verdict());
        assertTrue(text(search).contains("1 of 1 runs of 1 planted bugs"), text(search));
        assertTrue(
                text(search).contains("not proved with [unfit], which cannot be planted in this code"), text(search));
    }

    @Test
    void whatIsWrongIsSaidInOneLine() {
        assertEquals(ExitCode.USAGE, search("no-such-scenario"));
        assertTrue(err.toString().contains("there is no scenario 'no-such-scenario'"), err::toString);
        assertEquals(ExitCode.USAGE, search("all", "--time", "soon"));
        assertTrue(err.toString().contains("--time: 'soon' is no time: write a number with"), err::toString);
        assertEquals(ExitCode.USAGE, run("shrink", folder.toString()));
        assertTrue(err.toString().contains("is no run folder"), err::toString);
        run("run", "dropped-links", "--seed", "1", "--keep", "--store", store().toString());
        assertEquals(ExitCode.USAGE, run("shrink", store().resolve("latest").toString()));
        assertTrue(err.toString().contains("does not fail: there is nothing to make smaller"), err::toString);
    }
}
