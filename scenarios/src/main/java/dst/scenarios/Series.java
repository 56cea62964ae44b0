package dst.scenarios;

import dst.protocol.Prng;
import dst.reports.Batch;
import dst.reports.Blame;
import dst.reports.Judgement;
import dst.reports.Verdict;
import dst.sim.Counts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** Many seeds of one scenario, on several threads, one world on each. What comes out does not depend on who was faster. */
final class Series {
    /** Of so many failing seeds the judgement is kept: those with the lowest numbers. */
    static final int KEPT_MAX = 3;

    private final Scenario scenario;
    private final Subject subject;
    private final long first;
    private final long count;
    private final Batch batch;
    private final Counts counts = new Counts();
    private final Traffic traffic = new Traffic();
    private final TreeMap<Long, Judgement> kept = new TreeMap<>();
    private final TreeMap<String, Long> broken = new TreeMap<>();
    private final AtomicLong done = new AtomicLong();
    private long digest;
    private long began;
    private long nanosToFirst;
    private long nanos;
    private Optional<Fault> fault = Optional.empty();

    /** dst itself failed, on that seed. */
    record Fault(long seed, Throwable cause) {}

    Series(Scenario scenario, Subject subject, long first, long count) {
        this.scenario = scenario;
        this.subject = subject;
        this.first = first;
        this.count = count;
        this.batch = new Batch(scenario.expected(), subject.faults(scenario));
    }

    /** Runs all of them. Progress is told now and then, by how many are done. */
    Series run(int jobs, LongConsumer progress) {
        began = System.nanoTime();
        AtomicLong next = new AtomicLong();
        AtomicBoolean stopped = new AtomicBoolean();
        Runnable work = () -> {
            for (long i = next.getAndIncrement(); i < count && !stopped.get(); i = next.getAndIncrement()) {
                if (!one(first + i)) {
                    stopped.set(true);
                }
            }
        };
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Math.min(jobs, count); i++) {
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

    private boolean one(long seed) {
        try {
            take(seed, subject.run(subject.plan(scenario, seed), scenario.expected()));
            return true;
        } catch (RuntimeException | Error failed) {
            failed(new Fault(seed, failed));
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
        digest += Prng.hash(seed, trial.digest(), 0, 0);
        done.incrementAndGet();
        if (judgement.verdict() == Verdict.BROKEN || judgement.verdict() == Verdict.UNKNOWN) {
            if (kept.isEmpty()) {
                nanosToFirst = System.nanoTime() - began;
            }
            judgement.blame().map(Blame::fingerprint).ifPresent(same -> broken.merge(same, seed, Math::min));
            kept.put(seed, judgement);
            if (kept.size() > KEPT_MAX) {
                kept.pollLastEntry();
            }
        }
    }

    Scenario scenario() {
        return scenario;
    }

    Subject subject() {
        return subject;
    }

    long first() {
        return first;
    }

    long count() {
        return count;
    }

    Batch batch() {
        return batch;
    }

    Counts counts() {
        return counts;
    }

    Traffic traffic() {
        return traffic;
    }

    /** Broken or unknown ones, by seed: the lowest few. */
    TreeMap<Long, Judgement> kept() {
        return kept;
    }

    /** For each way of failing, by rule and side, the lowest seed that shows it. */
    TreeMap<String, Long> firstSeeds() {
        return broken;
    }

    /** A digest over all runs. */
    long digest() {
        return digest;
    }

    long nanos() {
        return nanos;
    }

    /** How long it took until the first run that was broken. */
    long nanosToFirst() {
        return nanosToFirst;
    }

    Optional<Fault> fault() {
        return fault;
    }
}
