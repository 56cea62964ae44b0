package dst.scenarios.search;

import dst.scenarios.library.Library;
import dst.scenarios.library.Scenario;
import dst.scenarios.planting.Bug;
import dst.scenarios.planting.DoesNotApply;
import dst.scenarios.trial.Series;
import dst.scenarios.trial.SystemUnderTest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Planted bugs that any search worth its name sees within a few runs, one for each way of seeing: if one of them is missed, that
 * nothing was found proves nothing. One that cannot be planted in the code as it is proves nothing either.
 */
final class Canaries {
    /** Each of them shows in nearly every run of its scenario. */
    private static final List<String> BUGS = List.of(
            "answer-before-executing", // the referee, about a server
            "ids-skipped", // the referee, about a client
            "lying-flush", // the history
            "content-not-given-back"); // the world

    private static final int RUNS = 20;

    private final Library library;
    private final List<Bug> bugs;
    private final Optional<String> elsewhere;
    private final Map<String, SystemUnderTest> planted = new HashMap<>();
    private final List<String> missed = new ArrayList<>();
    private final List<String> unfit = new ArrayList<>();
    private int turns;
    private long count;
    private long nanos;

    Canaries(Library library) {
        this(library, BUGS.stream().map(library::bug).toList(), Optional.empty());
    }

    /** Others, which may be planted in a scenario that is not theirs. */
    Canaries(Library library, List<Bug> bugs, Optional<String> elsewhere) {
        this.library = library;
        this.bugs = List.copyOf(bugs);
        this.elsewhere = elsewhere;
    }

    /** The next one in turn, over seeds that differ each time. */
    void next() {
        long began = System.nanoTime();
        Bug bug = bugs.get(turns++ % bugs.size());
        if (canBePlanted(bug)) {
            fly(bug);
        }
        nanos += System.nanoTime() - began;
    }

    private boolean canBePlanted(Bug bug) {
        if (unfit.contains(bug.id())) {
            return false;
        }
        try {
            planted.computeIfAbsent(bug.id(), _ -> new SystemUnderTest(library, Optional.of(bug)));
            return true;
        } catch (DoesNotApply changed) {
            unfit.add(bug.id());
            return false;
        }
    }

    private void fly(Bug bug) {
        Scenario scenario = library.scenario(elsewhere.orElse(bug.scenario()));
        Series series = new Series(
                scenario, Objects.requireNonNull(planted.get(bug.id())), Series.FIRST_SEED + count * RUNS, RUNS);
        series.run(1, done -> {
            if (!series.kept().isEmpty()) {
                series.stop();
            }
        });
        count++;
        if (series.kept().isEmpty()) {
            missed.add(bug.id());
        }
    }

    /** Whether one of them has not had its turn yet. */
    boolean hasUntried() {
        return turns < bugs.size();
    }

    /** How many different ones were flown. */
    int kinds() {
        return Math.min(turns, bugs.size()) - unfit.size();
    }

    /** How long all of them took. */
    long nanos() {
        return nanos;
    }

    long count() {
        return count;
    }

    List<String> missed() {
        return missed;
    }

    /** Those that cannot be planted, since the code that they change is another now. */
    List<String> unfit() {
        return unfit;
    }
}
