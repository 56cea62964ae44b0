package dst.scenarios;

import dst.reports.Blame;
import dst.reports.Judgement;
import dst.reports.Verdict;
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
 * Runs scenario after scenario in batches, each seed with a random part of its faults, on all cores; keeps one failure of each
 * kind and has it made smaller beside the search. What was run stands in the ledger after each batch.
 */
final class Search {
    private static final long FIRST_BATCH = 100;
    private static final long BATCH_MAX = 1_000;

    /** Of so many kinds of failure a report is written, and a small one made. */
    static final int KINDS_MAX = 20;

    private final List<Scenario> scenarios;
    private final Subject subject;
    private final SearchLedger ledger;
    private final RunFolder store;
    private final Canaries canaries;
    private final Watcher watcher;
    private final Counts counts = new Counts();
    private final Map<String, Kind> kinds = new LinkedHashMap<>();
    private final SortedMap<String, Long> unknown = new TreeMap<>();
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
            Subject subject,
            SearchLedger ledger,
            RunFolder store,
            Canaries canaries,
            Watcher watcher) {
        this.scenarios = scenarios;
        this.subject = subject;
        this.ledger = ledger;
        this.store = store;
        this.canaries = canaries;
        this.watcher = watcher;
    }

    /** How much: so many seeds of each scenario, so long, on so many threads; and whether failures are made smaller. */
    record Extent(long seeds, long nanosMax, int jobs, boolean shrinks) {}

    void run(Extent extent) {
        began = System.nanoTime();
        Map<String, Long> left = new LinkedHashMap<>();
        scenarios.forEach(scenario -> left.put(scenario.name(), extent.seeds()));
        long size = FIRST_BATCH;
        while (goesOn(extent) && left.values().stream().anyMatch(seeds -> seeds > 0)) {
            for (Scenario scenario : scenarios) {
                long count = Math.min(size, left.getOrDefault(scenario.name(), 0L));
                if (count > 0 && goesOn(extent)) {
                    left.merge(scenario.name(), -batch(scenario, count, extent), Long::sum);
                }
            }
            size = Math.min(BATCH_MAX, size * 2);
        }
        nanos = System.nanoTime() - began;
        finishShrinking();
    }

    private boolean goesOn(Extent extent) {
        return !stopped.get() && failed.isEmpty() && System.nanoTime() - began < extent.nanosMax();
    }

    /** Runs one batch and a canary; how many runs there were. */
    private long batch(Scenario scenario, long count, Extent extent) {
        String text = scenario.called().equals(scenario.name())
                ? ""
                : Library.textOf(java.nio.file.Path.of(scenario.called()));
        String of = CodeIdentity.of(text);
        String what = scenario.name() + subject.bug().map(bug -> "+" + bug.id()).orElse("");
        Series series = new Series(scenario, subject, ledger.next(what, of), count);
        long before = runs;
        series.run(extent.jobs(), done -> {
            watcher.progress(this, before + done);
            if (!goesOn(extent)) {
                series.stop();
            }
        });
        runs += series.count();
        counts.add(series.counts());
        series.fingerprints().forEach((fingerprint, seen) -> take(series, fingerprint, seen, extent));
        if (series.batch().count(Verdict.UNKNOWN) > 0) {
            unknown.merge(scenario.name(), series.batch().count(Verdict.UNKNOWN), Long::sum);
        }
        if (series.fault().isPresent()) {
            failed = Optional.of(series);
            return series.count();
        }
        ledger.add(what, of, series.first(), series.count(), series.batch().failures());
        if (goesOn(extent)) {
            canaries.next();
        }
        return Math.max(1, series.count());
    }

    private void take(Series series, String fingerprint, Series.Seen seen, Extent extent) {
        Kind known = kinds.get(fingerprint);
        if (known == null && kinds.size() < KINDS_MAX) {
            Plan plan = subject.plan(series.scenario(), seen.first());
            RunFolder.Written written =
                    store.write(plan, subject, series.scenario().expected());
            Failing failing = new Failing(subject, plan, series.scenario().expected(), fingerprint);
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
                    RunFolder.writeSmall(kind.written.folder().resolve(RunFolder.SMALL), kind.failing, plan);
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

    List<Scenario> scenarios() {
        return scenarios;
    }

    Counts counts() {
        return counts;
    }

    Collection<Kind> kinds() {
        return new ArrayList<>(kinds.values());
    }

    /** In how many runs of which scenarios a checker could not judge. */
    SortedMap<String, Long> unknown() {
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

    Verdict verdict() {
        return !kinds.isEmpty()
                ? Verdict.BROKEN
                : !unknown.isEmpty() || !canaries.missed().isEmpty()
                        ? Verdict.UNKNOWN
                        : runs == 0 ? Verdict.VACUOUS : Verdict.HOLDS;
    }
}
