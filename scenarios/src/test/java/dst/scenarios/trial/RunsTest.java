package dst.scenarios.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Words;
import dst.reports.Verdict;
import dst.scenarios.cli.ExitCode;
import dst.scenarios.library.Library;
import dst.scenarios.library.Scenario;
import dst.scenarios.planting.Bug;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real runs: scenarios hold, bugs are found, and a run is a function of code and plan. */
final class RunsTest {
    private static final long SEEDS = 24;
    private static final Library LIBRARY = new Library();

    static List<String> names() {
        return LIBRARY.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void eachScenarioHoldsAndWhatItPlansStrikes(String name) {
        Series series = series(name, Optional.empty(), SEEDS);

        assertEquals(
                Verdict.HOLDS,
                series.batch().verdict(),
                () -> name + " " + series.batch().failures() + series.firstSeeds());
        assertTrue(
                series.batch().missed().size() < series.scenario().faults().size() / 2 + 1,
                () -> "" + series.batch().missed());
    }

    @ParameterizedTest
    @MethodSource("names")
    void eachRunIsTheSameASecondTime(String name) {
        assertEquals(
                series(name, Optional.empty(), 4).digest(),
                series(name, Optional.empty(), 4).digest());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "answer-before-executing",
                "no-duplicate-record",
                "overlap-order-ignored",
                "flush-answered-early",
                "short-transfer-acknowledged",
                "retained-content-forgotten",
                "unknown-read-not-held",
                "lying-flush",
                "takeover-without-flush",
                "replaced-client-goes-on",
                "superseded-link-kept",
                "access-not-asked-for",
                "reconnect-without-pause",
                "required-attribute-skipped",
                "resend-not-marked"
            })
    void aPlantedBugIsFoundAndBlamedOnItsSide(String id) {
        Bug bug = LIBRARY.bug(id);
        Series series = series(bug.scenario(), Optional.of(bug), SEEDS);

        assertEquals(Verdict.BROKEN, series.batch().verdict());
        series.batch()
                .failures()
                .keySet()
                .forEach(same -> assertTrue(same.endsWith(" by " + bug.side().words()), same));
        assertTrue(
                bug.rules().stream()
                        .anyMatch(rule -> series.batch()
                                .failures()
                                .containsKey(rule + " by " + bug.side().words())),
                () -> "" + series.batch().failures());
    }

    @Test
    void aSeriesThatIsStoppedSaysWhatTheFirstSeedsCameTo() {
        Scenario whole = LIBRARY.scenario("dropped-links");
        AtomicReference<Series> running = new AtomicReference<>();
        Scenario stopping = new Scenario(
                whole.name(), whole.called(), whole.summary(), whole.doc(), whole.expected(), whole.faults(), seed -> {
                    if (seed == 3) {
                        running.get().stop();
                    }
                    return whole.plan(seed);
                });
        running.set(new Series(stopping, new SystemUnderTest(LIBRARY, Optional.empty()), 1, 1000));

        Series stopped = running.get().run(1, _ -> {});

        Series three = new Series(whole, new SystemUnderTest(LIBRARY, Optional.empty()), 1, 3).run(1, _ -> {});
        assertEquals(3, stopped.count());
        assertEquals(three.digest(), stopped.digest());
        assertTrue(SeriesText.lines(stopped).getFirst().endsWith("1 to 3: stopped after 3 of 1,000 runs"));
    }

    @Test
    void everyPlantedBugFitsTheMachinesAsTheyAre() {
        for (Bug bug : LIBRARY.bugs()) {
            new SystemUnderTest(LIBRARY, Optional.of(bug));
        }
    }

    @Test
    void anotherJvmComesToTheSameDigest() throws IOException, InterruptedException {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-classpath",
                        System.getProperty("java.class.path"),
                        "-XX:+UnlockExperimentalVMOptions",
                        "-XX:hashCode=0",
                        "-Duser.language=tr",
                        "--sun-misc-unsafe-memory-access=allow",
                        "dst.scenarios.Main",
                        "run",
                        "everything",
                        "--seeds",
                        "16",
                        "--jobs",
                        "1")
                .redirectErrorStream(true)
                .start();
        String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(ExitCode.HOLDS, other.waitFor(), said);
        String digest = Words.hex(series("everything", Optional.empty(), 16).digest());
        assertTrue(said.contains("digest " + digest), () -> digest + " is not in\n" + said);
    }

    @Test
    void whatComesOutDoesNotDependOnTheNumberOfThreads() {
        Scenario scenario = LIBRARY.scenario("dropped-links");
        SystemUnderTest system = new SystemUnderTest(LIBRARY, Optional.of(LIBRARY.bug("no-duplicate-record")));
        Series one = new Series(scenario, system, 1, SEEDS).run(1, _ -> {});
        Series four = new Series(scenario, system, 1, SEEDS).run(4, _ -> {});

        assertEquals(one.digest(), four.digest());
        assertEquals(one.kept().keySet(), four.kept().keySet());
        assertEquals(one.firstSeeds(), four.firstSeeds());
        assertEquals(withoutTime(one), withoutTime(four));
    }

    private static List<String> withoutTime(Series series) {
        Stream<String> lines = SeriesText.lines(series).stream();
        return lines.filter(line -> !line.contains("  took ")).toList();
    }

    private static Series series(String name, Optional<Bug> bug, long seeds) {
        Series series = new Series(LIBRARY.scenario(name), new SystemUnderTest(LIBRARY, bug), 1, seeds).run(2, _ -> {});
        assertEquals(Optional.empty(), series.fault());
        return series;
    }
}
