package dst.scenarios.search;

import dst.reports.Blame;
import dst.reports.Judgement;
import dst.reports.Verdict;
import dst.scenarios.library.Scenario;
import dst.scenarios.shrink.Failing;
import dst.scenarios.store.RunFolder;
import dst.scenarios.trial.Series;
import dst.scenarios.trial.SystemUnderTest;
import dst.sim.Counts;
import dst.sim.Plan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs scenarios in batches, always the one that had the least time, each seed with a random part of its faults, on all cores;
 * keeps one failure of each kind and has it made smaller beside the search. What was run stands in the ledger after each batch.
 */
final class Search {
    private static final long BATCH_MAX = 1_000;

    /** Within a third of the time, so that two thirds are left for what is slow, all scenarios have had a turn. */
    private static final long TURNS_IN_TIME = 3;

    private static final long TURN_NANOS_MIN = 100_000_000L;
    private static final long TURN_NANOS_MAX = 10_000_000_000L;

    /** A tenth of the time at most goes to bugs that are known. */
    private static final long CANARY_SHARE = 10;

    /** Of so many kinds of failure a report is written, and a small one made. */
    static final int KINDS_MAX = 20;

    private final List<Scenario> scenarios;
    private final List<Searched> searched = new ArrayList<>();
    private final SystemUnderTest system;
    private final SearchLedger ledger;
    private final RunFolder store;
    private final Canaries canaries;
    private final Watcher watcher;
    private final Counts counts = new Counts();
    private final Map<String, Kind> kinds = new LinkedHashMap<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final ExecutorService shrinking = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("shrink").daemon().factory());
    private Optional<Series> failed = Optional.empty();
    private long runs;
    private long began;
    private long nanos;

    /** Who is told while it goes on. */
    interface Watcher {
        /** Runs that are done, those of the batch that is under way included. */
        void progress(Search search, long runs);

        /** A kind of failure that was not seen before, in its folder. */
        void found(Kind kind);

        /** It was made as small as it gets. */
        void shrunk(Kind kind, Plan plan);
    }

    /** Failures that look alike, and the first of them that came. */
    static final class Kind {
        final Failing failing;
        final Blame blame;
        final RunFolder.Written written;
        private long times;
        private volatile Optional<Plan> small = Optional.empty();

        Kind(Failing failing, Blame blame, RunFolder.Written written) {
            this.failing = failing;
            this.blame = blame;
            this.written = written;
        }

        long times() {
            return times;
        }

        Optional<Plan> small() {
            return small;
        }
    }

    Search(
            List<Scenario> scenarios,
            SystemUnderTest system,
            SearchLedger ledger,
            RunFolder store,
            Canaries canaries,
            Watcher watcher) {
        this.scenarios = scenarios;
        this.system = system;
        this.ledger = ledger;
        this.store = store;
        this.canaries = canaries;
        this.watcher = watcher;
    }

    /** How much: so many seeds of each scenario, so long, on so many threads; and whether failures are made smaller. */
    record Extent(long seeds, long nanosMax, int jobs, boolean shrinks) {}

    void run(Extent extent) {
        began = System.nanoTime();
        scenarios.forEach(scenario -> searched.add(Searched.of(scenario, system, ledger, extent.seeds())));
        long turn = Math.clamp(
                extent.nanosMax() / TURNS_IN_TIME / Math.max(1, searched.size()), TURN_NANOS_MIN, TURN_NANOS_MAX);
        Optional<Searched> next = next();
        while (next.isPresent() && goesOn(extent)) {
            batch(next.get(), turn, extent);
            next = next();
        }
        // Time or not: without them, that nothing was found would prove nothing.
        while (runs > 0 && !stopped.get() && failed.isEmpty() && canaries.hasUntried()) {
            canaries.next();
        }
        nanos = System.nanoTime() - began;
        finishShrinking();
    }

    private Optional<Searched> next() {
        return searched.stream().filter(each -> each.left() > 0).min(Searched.TURN);
    }

    private boolean goesOn(Extent extent) {
        return !stopped.get() && failed.isEmpty() && System.nanoTime() - began < extent.nanosMax();
    }

    /** Runs one batch, and now and then a canary. */
    private void batch(Searched each, long turn, Extent extent) {
        Series series = new Series(
                each.scenario(), system, ledger.next(each.what(), each.of()), Math.min(BATCH_MAX, each.left()));
        long before = runs;
        long start = System.nanoTime();
        series.run(extent.jobs(), done -> {
            watcher.progress(this, before + done);
            if (!goesOn(extent) || System.nanoTime() - start >= turn) {
                series.stop();
            }
        });
        runs += series.count();
        counts.add(series.counts());
        series.fingerprints().forEach((fingerprint, seen) -> take(series, fingerprint, seen, extent));
        each.add(series);
        watcher.progress(this, runs);
        if (series.fault().isPresent()) {
            failed = Optional.of(series);
            return;
        }
        ledger.add(each.what(), each.of(), series);
        if (goesOn(extent) && canaries.nanos() * CANARY_SHARE <= System.nanoTime() - began) {
            canaries.next();
        }
    }

    private void take(Series series, String fingerprint, Series.Seen seen, Extent extent) {
        Kind known = kinds.get(fingerprint);
        if (known == null && kinds.size() < KINDS_MAX) {
            Plan plan = system.plan(series.scenario(), seen.first());
            RunFolder.Written written =
                    store.write(plan, system, series.scenario().expected());
            Failing failing = new Failing(system, plan, series.scenario().expected(), fingerprint);
            Judgement judgement = written.trial().judgement();
            Kind kind = new Kind(failing, judgement.blame().orElseThrow(), written);
            kinds.put(fingerprint, kind);
            known = kind;
            watcher.found(kind);
            if (extent.shrinks()) {
                shrinking.execute(() -> shrink(kind, extent));
            }
        }
        if (known != null) {
            known.times += seen.times();
        }
    }

    private void shrink(Kind kind, Extent extent) {
        long patience = Failing.PATIENCE.toNanos();
        long start = System.nanoTime();
        long end = Math.min(extent.nanosMax(), Long.MAX_VALUE - patience) + patience;
        kind.failing.shrink(
                () -> !stopped.get() && System.nanoTime() - start < patience && System.nanoTime() - began < end,
                plan -> {
                    kind.failing.write(kind.written.folder().resolve(RunFolder.SMALL), plan);
                    kind.small = Optional.of(plan);
                });
        kind.small().ifPresent(plan -> watcher.shrunk(kind, plan));
    }

    /** What is being made smaller may end, unless that takes too long; Ctrl-C cuts it short. */
    private void finishShrinking() {
        shrinking.shutdown();
        try {
            shrinking.awaitTermination(KINDS_MAX * Failing.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            stop();
            Thread.currentThread().interrupt();
        }
    }

    /** From any thread: what runs is finished, and nothing new begins. */
    void stop() {
        stopped.set(true);
    }

    /** Its scenarios, and what came of each. */
    List<Searched> searched() {
        return searched;
    }

    SearchLedger ledger() {
        return ledger;
    }

    /** Somebody ended it before its time. */
    boolean isStopped() {
        return stopped.get();
    }

    /** Whether all that was asked for was tried: each scenario, with all its seeds if their number was said. */
    boolean isWhole() {
        return !stopped.get()
                && searched.stream().allMatch(each -> each.isTried() && (isEndless(each) || each.left() <= 0));
    }

    private static boolean isEndless(Searched each) {
        return each.left() > Long.MAX_VALUE / 2;
    }

    Counts counts() {
        return counts;
    }

    Collection<Kind> kinds() {
        return new ArrayList<>(kinds.values());
    }

    /** In how many runs of which scenarios a checker could not judge. */
    SortedMap<String, Long> unknown() {
        SortedMap<String, Long> unknown = new TreeMap<>();
        searched.stream()
                .filter(each -> each.unknown() > 0)
                .forEach(each -> unknown.put(each.scenario().name(), each.unknown()));
        return unknown;
    }

    Canaries canaries() {
        return canaries;
    }

    /** The series in which dst itself failed, if it did. */
    Optional<Series> failed() {
        return failed;
    }

    long runs() {
        return runs;
    }

    /** Since it began, and no longer than the search itself. */
    long nanos() {
        return nanos == 0 ? System.nanoTime() - began : nanos;
    }

    /** Holds only if all that was asked for was tried, and something came of it. */
    Verdict verdict() {
        if (!kinds.isEmpty()) {
            return Verdict.BROKEN;
        }
        if (runs == 0 || searched.stream().allMatch(Searched::isVacuous)) {
            return Verdict.VACUOUS;
        }
        boolean isSure = isWhole()
                && unknown().isEmpty()
                && canaries.missed().isEmpty()
                && canaries.unfit().isEmpty()
                && searched.stream().noneMatch(Searched::isVacuous);
        return isSure ? Verdict.HOLDS : Verdict.UNKNOWN;
    }
}
