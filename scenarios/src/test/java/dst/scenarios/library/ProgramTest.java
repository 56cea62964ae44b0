package dst.scenarios.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Kind;
import dst.protocol.Side;
import dst.reports.Verdict;
import dst.scenarios.cli.WrongInput;
import dst.scenarios.trial.Series;
import dst.scenarios.trial.SystemUnderTest;
import dst.scenarios.trial.Trial;
import dst.sim.Plan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenarios that are programs. */
final class ProgramTest {
    private static final String READS = "{:doc \"x\" :workload (g/repeat 5 {:f :read :block 1})";

    private final Library library = new Library();

    @TempDir
    private Path folder;

    @Test
    void equalSeedsGiveEqualPlansOnAnyNumberOfThreads() throws Exception {
        Scenario scenario = mine("""
                {:doc "x"
                 :concurrency [:between 2 5]
                 :workload (g/limit 40 (g/stagger "2 ms" (fn [_ c] {:f (g/pick c [:read :write]) :block (g/below c 20)})))
                 :faults (n/every "50 ms" (n/one-of [(n/fault :cut) (n/fault :power-cut)]))}
                """);
        ConcurrentHashMap<Long, Plan> plans = new ConcurrentHashMap<>();
        List<Thread> threads = List.of(
                Thread.ofPlatform().start(() -> draw(scenario, plans)),
                Thread.ofPlatform().start(() -> draw(scenario, plans)));
        for (Thread thread : threads) {
            thread.join();
        }
        Set<Plan> different = new HashSet<>(plans.values());
        assertEquals(40, different.size());
        for (long seed = 1; seed <= 40; seed++) {
            assertEquals(scenario.plan(seed), plans.get(seed));
        }
        assertEquals(Set.of("cut", "power-cut"), scenario.faults());
    }

    private static void draw(Scenario scenario, ConcurrentHashMap<Long, Plan> plans) {
        for (long seed = 1; seed <= 40; seed++) {
            Plan plan = scenario.plan(seed);
            Plan before = plans.putIfAbsent(seed, plan);
            assertTrue(before == null || before.equals(plan));
        }
    }

    @Test
    void aPlanOfAProgramIsReadBackAsItWasWritten() throws IOException {
        Plan plan = library.scenario("side-by-side").plan(3);
        Path file = folder.resolve("plan.edn");
        Files.writeString(file, Library.text(plan));

        assertEquals(plan, Library.plan(file));
    }

    @Test
    void anOperationFollowsTheOneBeforeItOnItsThreadOrTheOneThatItNames() throws IOException {
        List<Plan.OperationPlan> operations = mine("""
                {:doc "x" :concurrency 2
                 :workload {:last-reads false
                            :generator [(g/on-threads #{0} [{:f :write :block 1 :name :a} {:f :write :block 2}])
                                        (g/on-threads #{1} {:f :flush :after :a :pause "3 ms"})]}}
                """).plan(1).operations();

        assertEquals(
                List.of(
                        new Plan.OperationPlan(1, "client", 0, 0, Kind.WRITE, 512, 512, false),
                        new Plan.OperationPlan(2, "client", 0, 1, Kind.WRITE, 1024, 512, false),
                        new Plan.OperationPlan(3, "client", 3_000_000, 1, Kind.FLUSH, 0, 0, false)),
                operations);
    }

    @Test
    void whenAllHasHealedWhatWasTouchedIsReadOnceMore() throws IOException {
        List<Plan.OperationPlan> operations =
                mine("{:doc \"x\" :workload [{:f :write :block 3 :blocks 5} {:f :read :block 20}]}")
                        .plan(1)
                        .operations();

        assertEquals(
                List.of(
                        new Plan.OperationPlan(3, "client", 500_000_000, 0, Kind.READ, 1536, 2048, false),
                        new Plan.OperationPlan(4, "client", 500_000_000, 0, Kind.READ, 3584, 512, false),
                        new Plan.OperationPlan(5, "client", 500_000_000, 0, Kind.READ, 10240, 512, false)),
                operations.subList(2, operations.size()));
    }

    @Test
    void twoFilesOfTheSameNamesKnowNothingOfEachOther() throws IOException {
        Scenario one = mine("(ns mine (:require [dst.harness.generator :as g]))\n(def n 1)\n"
                + "{:doc \"x\" :workload (g/limit 9 (fn [_ _] {:f :read :block n}))}");
        Plan before = one.plan(1);
        mine("(ns mine (:require [dst.harness.generator :as g]))\n(def n 2)\n"
                        + "{:doc \"x\" :workload (g/limit 9 (fn [_ _] {:f :read :block n}))}")
                .plan(1);

        assertEquals(before, one.plan(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{:doc \"x\" \\n :workload (g/limit 3 {:f :read            | line 2: the bracket that opens here is not closed",
                "{:doc \"x\"))                                            | line 1: Unmatched delimiter: )",
                "{:doc \"x                                                | line 1: the file ends too early: is a closing bracket or quote missing?",
                "(def a 1)\\n(g/limitt 3 nil)                              | line 2: there is no g/limitt; did you mean limit?",
                "\\n\\n(defn f [] (lmit 3))                                | line 3: there is no lmit",
                "{:doc \"x\"\\n :workload (fn [] (rand-int 3))}            | line 2: rand-int draws without the seed",
                "{:doc \"x\"\\n :wrkload 3}                                | line 2: :wrkload: there is no such key; did you mean :workload?",
                "{:doc \"x\"\\n :heal 3}                                   | line 2: :heal: 3 is no time",
                "{:doc \"x\" :workload\\n(fn [_ _]\\n(/ 1 0))}             | line 3: Divide by zero",
                "{:doc \"x\" :workload\\n{:f :reed :block 1}}              | line 2: :f: there is no :reed; did you mean :read?",
                "{:doc \"x\" :workload\\n{:f :read :blok 1}}               | line 2: :blok: there is no such key; did you mean :block",
                "{:doc \"x\" :workload\\n{:f :read :block 128}}            | line 2: it ends beyond the device of 65536 bytes",
                "{:doc \"x\" :workload {:f :read :offset 3}}               | line 1: expected whole blocks of 512 bytes",
                "{:doc \"x\" :workload {:f :read}}                         | expected :block (its number) or :offset (in bytes), in the operation {:f :read}",
                "{:doc \"x\" :workload {:f :read :block 1 :durable true}}  | :durable: only of what leaves content",
                "{:doc \"x\" :workload {:f :read :block 1 :after :a}}      | :after: no operation before it has the :name :a",
                "{:doc \"x\" :workload (g/repeat {:f :flush})}             | after 10000 operations it still goes on",
                "{:doc \"x\" :workload (g/limit 3 nil)}                    | the generator has no operation at all",
                "{:doc \"x\" :workload 5}                                  | expected a generator (a map, a sequence",
                "{:doc \"x\" :workload\\n(g/delay \"5 mss\" nil)}          | line 2: \"5 mss\" is no time: write a number with ns, us, ms, s, min or h",
                "{:doc \"x\" :checker {:soon\\n(c/latency 1500)}}          | line 2: 1500 is no time: write a number with ns, us, ms, s, min or h, such as 250ms; a number has no unit: say \"1500 ms\"",
                "{:doc \"x\" :workload\\n(g/stagger 5 {:f :flush})}      | line 2: 5 is no time: write a number with ns, us, ms, s, min or h, such as 250ms; a number has no unit",
                "{:doc \"x\" :faults\\n(n/every \"9 ms\" (n/fault :cutt))} | line 2: there is no fault :cutt; did you mean :cut?",
                "{:doc \"x\" :faults (n/every \"9 ms\" {:fault :cut\\n :t 1})} | line 2: :faults :t: there is no such key",
                "{:doc \"x\" :workload\\n(g/limit 3 (w/random {:mx 1}))}   | line 2: the options of a workload: :mx: there is no such key; did you mean :mix?",
                "{:doc \"x\" :workload\\n(w/shape :jurnal)}                | line 2: there is no workload :jurnal; did you mean :journal?",
                "{:doc \"x\" :workload {:shape :jurnal}}                   | line 1: :workload :shape: expected one of",
                "{:doc \"x\" :concurrency 3}                               | :concurrency: is for a generator in :workload",
                "{:doc \"x\" :checker 3}                                   | :checker: expected a function of test and history",
                "(g/limit 3 nil)                                           | its last value has to be a map such as",
                "(def xs (repeatedly #(clojure.core/rand-int 100)))\\n{:doc \"x\" :workload (g/limit 9 (map (fn [i] {:f :read :block i}) xs))} | the same seed gave two different plans",
            })
    void aMistakeIsToldWithFileLineAndWhatWasExpected(String text, String words) throws IOException {
        WrongInput wrong = assertThrows(
                WrongInput.class, () -> mine(text.replace("\\n", "\n")).plan(1));

        assertTrue(
                wrong.words().startsWith(folder.resolve("mine.clj") + ": " + words)
                        || (!words.startsWith("line ")
                                && wrong.words().startsWith(folder.resolve("mine.clj") + ": ")
                                && wrong.words().contains(words)),
                wrong::words);
        assertFalse(wrong.words().contains("dst.mine"), wrong::words);
    }

    @AfterEach
    void everythingMayTakeLong() {
        System.clearProperty(ProgramThread.LONGEST);
    }

    /** Where it is when it is given up: in the file, in a draw, and in a checker, which leaves the run unknown. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(defn f []\n(while (not (.isInterrupted (Thread/currentThread)))))\n(f)",
                "{:doc \"x\" :workload (g/limit 3 (fn [_ _]\n(while (not (.isInterrupted (Thread/currentThread))))))}",
                "(defn f []\n(deref (promise)))\n(f)"
            })
    void whatComesToNoEndIsToldWithItsLineAndGivenUp(String text) {
        System.setProperty(ProgramThread.LONGEST, "1");
        WrongInput wrong = assertThrows(WrongInput.class, () -> mine(text).plan(1));
        assertTrue(wrong.words().contains("mine.clj: line 2: after "), wrong::words);
        assertTrue(wrong.words().contains("come to no end"), wrong::words);
        assertTrue(
                wrong.words().matches("(?s).*after \\d+ s of processor time or waiting \\(\\d+ s elapsed\\) it .*"),
                wrong::words);
    }

    /** It was told what it has had of a processor, which on a busy machine is much less than what a clock says. */
    @Test
    void whatStillComputesIsToldWithBothTimes() {
        System.setProperty(ProgramThread.LONGEST, "6");
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            assertThrows(WrongInput.class, () -> mine("(deref (promise))").plan(1));
        } finally {
            System.setErr(before);
        }
        String words = said.toString(StandardCharsets.UTF_8);
        assertTrue(
                words.matches(
                        "(?s).*still computing after 5 s of processor time or waiting \\(\\d+ s elapsed\\), and given up after 6 s of them.*"),
                words);
    }

    @Test
    void aCheckerThatComesToNoEndLeavesItUnknown() throws IOException {
        System.setProperty(ProgramThread.LONGEST, "1");
        Series series = series(
                mine(
                        "{:doc \"x\" :workload (g/limit 3 {:f :read :block 1})\n :checker (fn [_ _]\n (while (not (.isInterrupted (Thread/currentThread)))))}"),
                1);
        assertEquals(Verdict.UNKNOWN, series.batch().verdict());
    }

    @Test
    void whatAGeneratorThrowsInOneSeedIsToldWithThatSeed() throws IOException {
        Path file = folder.resolve("mine.clj");
        Files.writeString(
                file,
                "{:doc \"x\"\n :workload (g/limit 9 (fn [test _]\n   {:f :read :block (if (= 25 (:seed test)) (/ 1 0) 1)}))}");
        Series series = series(library.scenario(file.toString()), 30);

        assertTrue(series.fault().orElseThrow().cause() instanceof WrongInput);
        assertEquals(25, series.fault().orElseThrow().seed());
        assertEquals(
                file + ": line 3: Divide by zero",
                ((WrongInput) series.fault().orElseThrow().cause()).words());
    }

    @Test
    void aCheckerThatSaysInvalidBreaksTheRunUnderItsName() throws IOException {
        Trial trial = run(
                READS
                        + ":checker {:my-own (fn [_ history] {:valid? false :op (nth history 9) :message \"I do not like it\"})}}");

        assertEquals(Verdict.BROKEN, trial.judgement().verdict());
        assertEquals("my-own", trial.judgement().blame().orElseThrow().rule().name());
        assertEquals(Side.OPEN, trial.judgement().blame().orElseThrow().side());
        assertEquals("I do not like it", trial.judgement().blame().orElseThrow().sentence());
        assertTrue(trial.judgement().blame().orElseThrow().at() > 0);
    }

    @Test
    void aCheckerThatThrowsLeavesTheRunUnknownWithItsWords() throws IOException {
        Trial trial = run(READS + ":checker\n(fn [_ _] (throw (ex-info \"planted\" {})))}");

        assertEquals(Verdict.UNKNOWN, trial.judgement().verdict());
        assertEquals(
                "the checker checker could not judge: it threw: planted (line 2)",
                trial.judgement().history().unknown().orElseThrow());
    }

    @Test
    void aCheckerThatIsContentSeesTheWholeHistoryAndTheRunHolds() throws IOException {
        Trial trial = run(READS + """
                :checker (fn [test history]
                           {:valid? (and (= 512 (:block-size test)) (= 7 (:seed test))
                                         (= 12 (count history))
                                         (= #{:invoke :ok} (set (map :type history)))
                                         (= (range 12) (map :index history)))
                            :message (pr-str history)})}
                """);

        assertEquals(
                Verdict.HOLDS,
                trial.judgement().verdict(),
                () -> trial.judgement().toString());
    }

    /** What is expected to break must not hide what the scenario's own checker finds, nor that it could not judge. */
    @Test
    void whatIsExpectedExplainsNothingThatACheckerFinds() throws IOException {
        String lying = "{:doc \"x\" :faults [{:fault :lying-flush :at \"0 ms\"} {:fault :power-cut :times 3}]"
                + " :expect {:broken 'D1 :by :disk} :checker ";
        Series calm = series(mine(lying + "nil}"), 40);
        assertTrue(calm.kept().isEmpty());

        Series invalid = series(mine(lying + "(fn [_ _] {:valid? false})}"), 40);
        assertEquals(
                Set.of("checker, by whom is not known"),
                invalid.batch().failures().keySet());
        assertEquals(40L, invalid.batch().failures().values().iterator().next());
        Series unknown = series(mine(lying + "(fn [_ _] nil)}"), 40);
        assertEquals(Verdict.UNKNOWN, unknown.batch().verdict());
    }

    @Test
    void aProgramOfTheLibraryIsListedAndRunsByItsName() {
        assertTrue(library.names().contains("side-by-side"));
        assertEquals(
                Verdict.HOLDS,
                series(library.scenario("side-by-side"), 20).batch().verdict());
    }

    @Test
    void anotherGeneratorLeavesTheFaultsOfTheFileAlone() throws IOException {
        String faults = " :faults [{:fault :cut :times [:between 1 9]}]}";
        Plan one = mine(READS + faults).plan(5);
        Plan other =
                mine("{:doc \"x\" :workload (g/limit 7 (w/journal))" + faults).plan(5);

        assertEquals(one.faults(), other.faults());
        assertNotEquals(one.operations(), other.operations());
    }

    private static Series series(Scenario scenario, long count) {
        return new Series(scenario, new SystemUnderTest(new Library(), Optional.empty()), 1, count).run(2, _ -> {});
    }

    private Trial run(String text) throws IOException {
        Scenario scenario = mine(text);
        SystemUnderTest system = new SystemUnderTest(library, Optional.empty()).judgedBy(scenario.checker());
        return system.run(system.plan(scenario, 7), scenario.expected());
    }

    private Scenario mine(String text) throws IOException {
        Path file = folder.resolve("mine.clj");
        Files.writeString(file, text);
        return library.scenario(file.toString());
    }
}
