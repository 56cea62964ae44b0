package dst.scenarios;

import dst.scenarios.planting.Bug;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Planted bugs that any search worth its name sees within a few runs, one for each way of seeing: if one of them is missed, that
 * nothing was found proves nothing.
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
    private final List<String> bugs;
    private final Optional<String> elsewhere;
    private final Map<String, Subject> planted = new HashMap<>();
    private final List<String> missed = new ArrayList<>();
    private long count;
    private long nanos;

    Canaries(Library library) {
        this(library, BUGS, Optional.empty());
    }

    /** Others, which may be planted in a scenario that is not theirs. */
    Canaries(Library library, List<String> bugs, Optional<String> elsewhere) {
        this.library = library;
        this.bugs = bugs;
        this.elsewhere = elsewhere;
    }

    /** The next one in turn, over seeds that differ each time. */
    void next() {
        long began = System.nanoTime();
        Bug bug = library.bug(bugs.get((int) (count % bugs.size())));
        Scenario scenario = library.scenario(elsewhere.orElse(bug.scenario()));
        Subject subject = planted.computeIfAbsent(bug.id(), _ -> new Subject(library, Optional.of(bug)));
        Series series = new Series(scenario, subject, RunCommand.FIRST_SEED + count * RUNS, RUNS);
        series.run(1, done -> {
            if (!series.kept().isEmpty()) {
                series.stop();
            }
        });
        count++;
        if (series.kept().isEmpty()) {
            missed.add(bug.id());
        }
        nanos += System.nanoTime() - began;
    }

    /** Whether one of them has not had its turn yet. */
    boolean hasUntried() {
        return count < bugs.size();
    }

    /** How many different ones had their turn. */
    long kinds() {
        return Math.min(count, bugs.size());
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
}
