package dst.scenarios.kinds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.referee.Charge;
import dst.protocol.referee.Limits;
import dst.protocol.referee.Referee;
import dst.reports.Verdict;
import dst.scenarios.library.Library;
import dst.scenarios.library.Scenario;
import dst.scenarios.trial.SystemUnderTest;
import dst.scenarios.trial.Trial;
import dst.sim.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second kind of node is one folder: a server upon a client, of which nobody else knows. */
final class RelayExampleTest {
    private static final Path FOLDER = Path.of("examples/relay");
    private static final int SEEDS = 20;

    /** In so many of them a hostile program is asked long enough to begin. */
    private static final int LIARS_MIN = 3;

    private final Library library = new Library();
    private final SystemUnderTest system = new SystemUnderTest(library, Optional.empty());

    @TempDir
    private Path folder;

    /** The example as it is, but for that: it has to be there. */
    private Scenario changed(String from, String to) throws IOException {
        String source = Files.readString(FOLDER.resolve("Relay.java"));
        assertTrue(source.contains(from), from);
        Files.writeString(folder.resolve("Relay.java"), source.replace(from, to));
        Files.copy(FOLDER.resolve("relay.edn"), folder.resolve("relay.edn"));
        return library.scenario(folder.resolve("relay.edn").toString());
    }

    @Test
    void holdsAndEachOfItsMachinesIsJudged() {
        Scenario scenario = library.scenario(FOLDER.resolve("relay.edn").toString());
        Set<String> judged = new TreeSet<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            Referee referee = new Referee(Limits.UNKNOWN);
            Trial trial = system.run(scenario.plan(seed), Optional.empty(), (now, layer, value) -> {
                if (layer.node().equals("relay")) {
                    referee.saw(now, layer, value);
                }
            });
            assertEquals(Verdict.HOLDS, trial.judgement().verdict(), "seed " + seed);
            judged.addAll(referee.charges().stream()
                    .filter(Charge::observed)
                    .map(charge -> charge.side() + " " + charge.rule().name())
                    .collect(Collectors.toSet()));
            referee.discard();
        }
        assertTrue(judged.containsAll(Set.of("CLIENT T1", "CLIENT G5", "SERVER T3", "SERVER D1")), judged::toString);
    }

    @Test
    void aRunHappensAgainAsItDid() {
        Scenario scenario = library.scenario(FOLDER.resolve("relay.edn").toString());
        Plan plan = scenario.plan(3);
        assertEquals(
                system.run(plan, Optional.empty()).digest(),
                system.run(plan, Optional.empty()).digest());
    }

    /** Where somebody on the way decides which disk it is, nobody is accused of what one of them does not hold. */
    @Test
    void whoMayGoToSeveralDisksIsJudgedByWhatIsRead() throws IOException {
        Scenario several = several("[{} {}]", "");
        for (long seed = 1; seed <= 5; seed++) {
            Trial trial = system.run(several.plan(seed), Optional.empty());
            assertEquals(Verdict.HOLDS, trial.judgement().verdict(), "seed " + seed);
            assertTrue(trial.judgement().history().counts().readBlocks() > 0, "something was judged");
        }
    }

    private Scenario several(String servers, String more) throws IOException {
        String scenario = Files.readString(FOLDER.resolve("relay.edn"))
                .replace(":to [:server]", ":to [:server :server-2]")
                .replace(":nodes ", ":disks [{} {}] :servers " + servers + more + " :nodes ");
        Files.copy(FOLDER.resolve("Relay.java"), folder.resolve("Relay.java"), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(folder.resolve("relay.edn"), scenario);
        return library.scenario(folder.resolve("relay.edn").toString());
    }

    /** From a server that lies nobody can be saved, be it that others are honest: what was read through it accuses nobody. */
    @Test
    void whatComesFromAHostileServerBehindSomebodyAccusesNobody() throws IOException {
        Scenario hostile = several("[{:program :hostile} {}]", " :standing [:hostile]");
        int struck = 0;
        Set<String> judged = new TreeSet<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            Referee referee = new Referee(Limits.UNKNOWN);
            Plan plan = hostile.plan(seed);
            Trial trial = system.run(plan, Optional.empty(), (now, layer, value) -> {
                if (layer.node().equals("relay") || layer.node().equals("client")) {
                    referee.saw(now, layer, value);
                }
            });
            assertEquals(Optional.empty(), trial.judgement().blame(), "seed " + seed);
            assertEquals(0, trial.judgement().history().counts().readBlocks(), "what was read may be anything");
            struck += trial.counts().struck().containsKey("hostile") ? 1 : 0;
            referee.charges().stream()
                    .filter(Charge::observed)
                    .forEach(charge ->
                            judged.add(charge.side() + " " + charge.rule().name()));
            referee.discard();
        }
        assertTrue(struck >= LIARS_MIN, "it was hostile in " + struck);
        assertTrue(judged.containsAll(Set.of("CLIENT T1", "CLIENT G5", "SERVER T3")), judged::toString);
    }

    /** A liar in front is one of those who use it: who is honest there is served as before. */
    @Test
    void aHostileClientInFrontOfItHarmsNobodyElse() throws IOException {
        String scenario = Files.readString(FOLDER.resolve("relay.edn"))
                .replace(
                        ":client  {:server :relay}",
                        ":clients [{:server :relay} {:server :relay :program :hostile :workload {:operations 20}}]"
                                + " :standing [:hostile]");
        Files.copy(FOLDER.resolve("Relay.java"), folder.resolve("Relay.java"));
        Files.writeString(folder.resolve("relay.edn"), scenario);
        Scenario hostile = library.scenario(folder.resolve("relay.edn").toString());
        int struck = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            Trial trial = system.run(hostile.plan(seed), Optional.empty());
            assertEquals(Optional.empty(), trial.judgement().blame(), "seed " + seed);
            struck += trial.counts().struck().containsKey("hostile") ? 1 : 0;
        }
        assertTrue(struck >= LIARS_MIN, "it was hostile in " + struck);
    }

    /** It is no rule of a client's or a server's that it breaks; what is left in the end shows it. */
    @Test
    void aRelayThatDoesNotPassFlushesOnIsFound() throws IOException {
        Scenario scenario = changed(
                "ask(it.ticket(), new Operation.Flush());",
                "toServer.add(new DiskPort.Ended(0, it.ticket(), new DiskResult.Transferred(0)));");
        Trial trial = system.run(scenario.plan(1), Optional.empty());
        assertEquals(Verdict.BROKEN, trial.judgement().verdict());
        assertEquals("G1", trial.judgement().blame().orElseThrow().rule().name());
    }
}
