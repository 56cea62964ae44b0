package dst.scenarios.search;

import dst.reports.Verdict;
import dst.scenarios.cli.CodeIdentity;
import dst.scenarios.library.Library;
import dst.scenarios.library.Scenario;
import dst.scenarios.trial.Series;
import dst.scenarios.trial.SystemUnderTest;
import java.nio.file.Path;
import java.util.Comparator;

/** One scenario of a search: how much work earlier searches and this one had with it, and what this one has seen of it. */
final class Searched {
    /** Who has not had a turn yet comes first; then whoever had the least time, in all searches with this code together. */
    static final Comparator<Searched> TURN =
            Comparator.<Searched, Boolean>comparing(Searched::isTried).thenComparingLong(Searched::nanos);

    private final Scenario scenario;
    private final String what;
    private final String of;
    private final long earlierNanos;
    private long left;
    private long runs;
    private long nanos;
    private long unknown;
    private boolean struck;

    private Searched(Scenario scenario, String what, String of, long earlierNanos, long left) {
        this.scenario = scenario;
        this.what = what;
        this.of = of;
        this.earlierNanos = earlierNanos;
        this.left = left;
    }

    /** With so many seeds to be run. */
    static Searched of(Scenario scenario, SystemUnderTest system, SearchLedger ledger, long seeds) {
        String what = scenario.name() + system.bug().map(bug -> "+" + bug.id()).orElse("");
        String text = scenario.called().equals(scenario.name()) ? "" : Library.textOf(Path.of(scenario.called()));
        String of = CodeIdentity.of(text);
        return new Searched(scenario, what, of, ledger.nanos(what, of), seeds);
    }

    /** A batch of it was run. */
    void add(Series series) {
        runs += series.count();
        left -= Math.max(1, series.count());
        nanos += series.nanos();
        unknown += series.batch().count(Verdict.UNKNOWN);
        struck |= series.count() > 0 && series.batch().verdict() != Verdict.VACUOUS;
    }

    Scenario scenario() {
        return scenario;
    }

    /** By what the ledger knows it: its name, with the bug that is planted. */
    String what() {
        return what;
    }

    /** By what the ledger sees that its text was changed. */
    String of() {
        return of;
    }

    long left() {
        return left;
    }

    long runs() {
        return runs;
    }

    boolean isTried() {
        return runs > 0;
    }

    /** Whether it was run and nothing came of it: none of its faults struck, or what it expects to break never did. */
    boolean isVacuous() {
        return isTried() && !struck;
    }

    /** In so many runs a checker could not judge. */
    long unknown() {
        return unknown;
    }

    /** The time that it had, in earlier searches too. */
    long nanos() {
        return earlierNanos + nanos;
    }
}
