package dst.scenarios.generated;

import dst.protocol.Side;
import dst.reports.Blame;
import dst.reports.Judgement;
import dst.reports.Verdict;
import dst.scenarios.generated.Fate.Found;
import dst.scenarios.library.Library;
import dst.scenarios.library.Scenario;
import dst.scenarios.planting.PlantedMachines;
import dst.scenarios.trial.SystemUnderTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs one mutation after the other in every scenario that expects nothing broken, a few seeds of each in turn, until a run is broken
 * or the runs are used up. Which runs those are does not depend on the machine.
 */
final class Trying {
    private static final String EVERYTHING = "everything";

    /** So many seeds of one scenario, before it is the next one's turn. */
    private static final int SEEDS_AT_ONCE = 10;

    private final Library library;
    private final Generator generator;
    private final List<Scenario> scenarios;
    private final long runsMax;
    private final AtomicBoolean stopped;

    Trying(Library library, Generator generator, long runsMax, AtomicBoolean stopped) {
        this.library = library;
        this.generator = generator;
        this.scenarios = scenarios(library);
        this.runsMax = runsMax;
        this.stopped = stopped;
    }

    /** That in which the most can happen comes first. */
    private static List<Scenario> scenarios(Library library) {
        List<Scenario> all = new ArrayList<>();
        all.add(library.scenario(EVERYTHING));
        library.names().stream()
                .filter(name -> !name.equals(EVERYTHING))
                .map(library::scenario)
                .filter(scenario -> scenario.expected().isEmpty())
                .forEach(all::add);
        return all;
    }

    /** From any thread. */
    Fate fate(Mutation mutation) {
        long began = System.nanoTime();
        long runs = 0;
        try {
            SystemUnderTest mutated = new SystemUnderTest(
                    library, new PlantedMachines(mutation.side(), mutation.className(), generator.bytes(mutation)));
            for (long first = 1; runs < runsMax && !stopped.get(); first += SEEDS_AT_ONCE) {
                for (Scenario scenario : scenarios) {
                    SystemUnderTest judged = mutated.judgedBy(scenario.checker());
                    for (long seed = first; seed < first + SEEDS_AT_ONCE && runs < runsMax; seed++) {
                        if (stopped.get()) {
                            return new Fate(mutation, Optional.empty(), runs, since(began), Optional.of("stopped"));
                        }
                        runs++;
                        Optional<Found> found = found(judged, scenario, seed);
                        if (found.isPresent()) {
                            return new Fate(mutation, found, runs, since(began), Optional.empty());
                        }
                    }
                }
            }
            return new Fate(mutation, Optional.empty(), runs, since(began), Optional.empty());
        } catch (RuntimeException | Error failed) {
            // A class that no JVM takes, or a mistake of dst's own that the mutation brought to light.
            return new Fate(mutation, Optional.empty(), runs, since(began), Optional.of(failed.toString()));
        }
    }

    private static Optional<Found> found(SystemUnderTest judged, Scenario scenario, long seed) {
        Judgement judgement =
                judged.run(judged.plan(scenario, seed), scenario.expected()).judgement();
        if (judgement.verdict() != Verdict.BROKEN) {
            return Optional.empty();
        }
        Optional<Blame> blame = judgement.blame();
        return Optional.of(new Found(
                scenario.name(),
                seed,
                blame.map(it -> it.rule().name()).orElse("nothing"),
                blame.map(Blame::side).orElse(Side.OPEN)));
    }

    private static double since(long began) {
        return (System.nanoTime() - began) / 1e9;
    }
}
