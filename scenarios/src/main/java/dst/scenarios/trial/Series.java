package dst.scenarios.trial;

import dst.protocol.Prng;
import dst.reports.Batch;
import dst.reports.Blame;
import dst.reports.Judgement;
import dst.reports.Verdict;
import dst.scenarios.library.Scenario;
import dst.sim.Counts;
import dst.sim.Standing;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Many seeds of one scenario, on several threads, one world on each. What comes out does not depend on who was faster. */
public final class Series {
    public static final long FIRST_SEED = 1;

    /** Of so many failing seeds the judgement is kept: those with the lowest numbers. */
    static final int KEPT_MAX = 3;

    private final Scenario scenario;
    private final SystemUnderTest system;
    private final long first;
    private final long planned;
    private final Batch batch;
    private final Counts counts = new Counts();
    private final Traffic traffic = new Traffic();
    private final TreeMap<Long, Judgement> kept = new TreeMap<>();
    private final TreeMap<String, Long> broken = new TreeMap<>();
    private final BitSet failing = new BitSet();
    private final TreeMap<String, Seen> fingerprints = new TreeMap<>();
    private final TreeMap<String, Long> alone = new TreeMap<>();
    private @Nullable TreeSet<String> always;
    private final AtomicLong done = new AtomicLong();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private long digest;
    private long began;
    private long nanosToFirst;
    private long nanos;
    private Optional<Fault> fault = Optional.empty();

    /** The lowest seed that fails in one way, and how many do. */
    public record Seen(long first, long times) {}

    /** dst itself failed, on that seed. */
    public record Fault(long seed, Throwable cause) {}

    public Series(Scenario scenario, SystemUnderTest system, long first, long count) {
        this.scenario = scenario;
        this.system = system.judgedBy(scenario.checker());
        this.first = first;
        this.planned = count;
        this.batch = new Batch(scenario.expected(), system.faults(scenario));
    }

    /** Runs all of them. Progress is told now and then, by how many are done. */
    public Series run(int jobs, LongConsumer progress) {
        began = System.nanoTime();
        AtomicLong next = new AtomicLong();
        Runnable work = () -> {
            // A seed that was taken is run: stopped or not, those that ran are the first ones without a gap.
            while (!stopped.get()) {
                long i = next.getAndIncrement();
                if (i >= planned || !one(first + i)) {
                    return;
                }
            }
        };
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Math.min(jobs, planned); i++) {
            threads.add(Thread.ofPlatform().name("world-" + i).start(work));
        }
        try {
            for (Thread thread : threads) {
                while (!thread.join(java.time.Duration.ofMillis(200))) {
                    progress.accept(done.get());
                }
            }
        } catch (InterruptedException interrupted) {
            stopped.set(true);
            Thread.currentThread().interrupt();
        }
        nanos = System.nanoTime() - began;
        return this;
    }

    /** From any thread: what runs is finished, and nothing new begins. */
    public void stop() {
        stopped.set(true);
    }

    private boolean one(long seed) {
        try {
            take(seed, system.run(system.plan(scenario, seed), scenario.expected()));
            return true;
        } catch (RuntimeException | Error failed) {
            failed(new Fault(seed, failed));
            stop();
            return false;
        }
    }

    private synchronized void failed(Fault found) {
        if (fault.isEmpty() || found.seed() < fault.get().seed()) {
            fault = Optional.of(found);
        }
    }

    private synchronized void take(long seed, Trial trial) {
        Judgement judgement = trial.judgement();
        batch.add(judgement);
        counts.add(trial.counts());
        traffic.add(trial.traffic());
        // Addition, so that the order in which threads come makes no difference.
        digest += planned == 1 ? trial.digest() : Prng.hash(seed, trial.digest(), 0, 0);
        done.incrementAndGet();
        if (judgement.verdict() == Verdict.BROKEN || judgement.verdict() == Verdict.UNKNOWN) {
            if (kept.isEmpty()) {
                nanosToFirst = System.nanoTime() - began;
            }
            failing.set(Math.toIntExact(seed - first));
            judgement.blame().map(Blame::words).ifPresent(same -> broken.merge(same, seed, Math::min));
            judgement
                    .blame()
                    .map(Blame::fingerprint)
                    .ifPresent(same -> fingerprints.merge(
                            same,
                            new Seen(seed, 1),
                            (a, b) -> new Seen(Math.min(a.first(), b.first()), a.times() + b.times())));
            note(judgement);
            kept.put(seed, judgement);
            if (kept.size() > KEPT_MAX) {
                kept.pollLastEntry();
            }
        }
    }

    private void note(Judgement judgement) {
        SortedSet<String> rules = judgement.findings().stream()
                .map(finding -> finding.rule().name())
                .collect(Collectors.toCollection(TreeSet::new));
        if (rules.size() == 1) {
            alone.merge(rules.first(), 1L, Long::sum);
        }
        TreeSet<String> struck = new TreeSet<>(judgement.struck().keySet());
        struck.removeAll(Standing.kinds());
        if (always == null) {
            always = struck;
        } else {
            always.retainAll(struck);
        }
    }

    public Scenario scenario() {
        return scenario;
    }

    public SystemUnderTest system() {
        return system;
    }

    public long first() {
        return first;
    }

    public long planned() {
        return planned;
    }

    /** So many were run: all of them, if nobody stopped it. */
    public long count() {
        return done.get();
    }

    public Batch batch() {
        return batch;
    }

    public Counts counts() {
        return counts;
    }

    public Traffic traffic() {
        return traffic;
    }

    /** Broken or unknown ones, by seed: the lowest few. */
    public TreeMap<Long, Judgement> kept() {
        return kept;
    }

    /** For each way of failing, by rule and side, the lowest seed that shows it. */
    public TreeMap<String, Long> firstSeeds() {
        return broken;
    }

    /** Which of them, counted from the first one, were broken or unknown. */
    public BitSet failing() {
        return failing;
    }

    /** The same by what happened, too. */
    public SortedMap<String, Seen> fingerprints() {
        return fingerprints;
    }

    /** In how many broken runs this rule was the only one that anybody found broken. */
    public SortedMap<String, Long> alone() {
        return alone;
    }

    /**
     * The kinds of fault that struck in each single run that was broken: only without one of them might none have been. What stands in
     * the make cannot be left out.
     */
    public SortedSet<String> struckInAllBroken() {
        return always == null ? new TreeSet<>() : always;
    }

    /** A digest over all runs; of one run it is its own, as in its folder. */
    long digest() {
        return digest;
    }

    public long nanos() {
        return nanos;
    }

    /** How long it took until the first run that was broken. */
    public long nanosToFirst() {
        return nanosToFirst;
    }

    public Optional<Fault> fault() {
        return fault;
    }
}
