package dst.scenarios.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.reports.Verdict;
import dst.scenarios.Main;
import dst.scenarios.cli.ExitCode;
import dst.scenarios.library.Library;
import dst.scenarios.library.Scenario;
import dst.sim.Plan;
import dst.sim.Standing;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A make that is itself the fault counts where it made a difference, and only where somebody asked for it. */
class StandingTest {
    private static final Library LIBRARY = new Library();
    private final SystemUnderTest system = new SystemUnderTest(LIBRARY, Optional.empty());
    private final StringWriter out = new StringWriter();

    @TempDir
    Path folder;

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(out, true))
                .execute(arguments);
    }

    @Test
    void whereBothPageSizesCarriedSomethingTheirMismatchHasStruck() {
        Scenario scenario = LIBRARY.scenario("page-size-mismatch");
        for (long seed = 0; seed < 64; seed++) {
            Plan plan = system.plan(scenario, seed);
            Trial trial = system.run(plan, Optional.empty());
            int client = plan.nodes().getFirst().host().pageSize();
            int server = plan.nodes().getLast().host().pageSize();
            String what = "seed " + seed + ": pages of " + client + " and " + server + ", struck "
                    + trial.counts().struck();
            assertEquals(client != server, trial.counts().struck().containsKey("page-sizes"), what);
            assertEquals(client == server, trial.counts().missed().containsKey("page-sizes"), what);
            boolean isVain = client == server && !trial.counts().struck().containsKey("split");
            assertEquals(
                    isVain ? Verdict.VACUOUS : Verdict.HOLDS, trial.judgement().verdict(), what);
        }
    }

    static List<String> standing() {
        return LIBRARY.names().stream()
                .filter(name -> !LIBRARY.scenario(name).plan(1).standing().isEmpty())
                .toList();
    }

    /** What a scenario says that it is about does happen in it, in most of its runs. */
    @ParameterizedTest
    @MethodSource("standing")
    void whatAScenarioNamesHappensInIt(String name) {
        Scenario scenario = LIBRARY.scenario(name);
        Series series = new Series(scenario, system, 0, 40).run(1, _ -> {});
        for (Standing each : scenario.plan(1).standing()) {
            assertTrue(
                    series.counts().struck().getOrDefault(each.kind(), 0L) >= 5,
                    () -> each + " in " + name + ": " + series.counts().struck());
        }
        assertEquals(Verdict.HOLDS, series.batch().verdict());
    }

    @Test
    void aSeedInWhichOnlyTheMakeWentWrongIsNotVacuousNorIsItsReplay() {
        String store = folder.resolve("store").toString();
        assertEquals(
                ExitCode.HOLDS,
                run("run", "page-size-mismatch", "--seed", "3", "--keep", "--store", store),
                out::toString);
        assertTrue(out.toString().contains("struck       1 page-sizes"), out::toString);
        assertEquals(ExitCode.HOLDS, run("replay", store + "/page-size-mismatch/3"), out::toString);
        assertTrue(out.toString().contains("Struck  page-sizes 1"), out::toString);
    }

    /** Its power cut comes when all is healed. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "512  | :standing [:page-sizes]               | 0 | 2 page-sizes",
                "4096 | :standing [:page-sizes]               | 4 | no page-sizes",
                "512  |                                       | 4 | none of the faults asked for ever struck: power-cut",
                "4096 | :standing [:kernel-buffers :takeover] | 4 | no kernel-buffers, no power-cut, no takeover",
                "4096 | :standing [:hostile :nbd :programs]   | 4 | no hostile, no nbd, no power-cut, no programs"
            })
    void whatMadeNoDifferenceOrWasNotAskedForDoesNotCount(int page, String standing, int code, String said)
            throws IOException {
        Path file = folder.resolve("late.edn");
        Files.writeString(
                file,
                "{:doc \"Too late.\", :heal \"100 ms\", :client {:page-size " + page + "}, "
                        + (standing == null ? "" : standing)
                        + ", :faults [{:fault :power-cut, :at \"101 ms\"}]}");
        assertEquals(code, run("run", file.toString(), "--seeds", "2", "--store", folder.toString()), out::toString);
        assertTrue(out.toString().contains(said), out::toString);
        assertEquals(code == 4, out.toString().contains("say which part of it: :standing"), out::toString);
        assertFalse(code == 4 && out.toString().contains("HOLDS"), out::toString);
    }

    @Test
    void aMakeThatNobodyKnowsIsToldWithTheNearestOne() throws IOException {
        Path file = folder.resolve("wrong.edn");
        Files.writeString(file, "{:doc \"x\", :standing [:page-size]}");
        assertEquals(ExitCode.USAGE, run("run", file.toString()));
        assertTrue(out.toString().contains("did you mean :page-sizes?"), out::toString);
    }
}
