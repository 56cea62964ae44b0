package dst.reports;

import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What many runs of one scenario came to. A batch in which nothing that was planned struck is vacuous, not green. */
public final class Batch {
    private final Optional<Expectation> expected;
    private final SortedSet<String> planned;
    private final SortedMap<String, Long> struck = new TreeMap<>();
    private final SortedMap<String, Long> failures = new TreeMap<>();
    private final long[] verdicts = new long[Verdict.values().length];

    /** Planned: the kinds of fault that the runs are meant to meet; may be empty. */
    public Batch(Optional<Expectation> expected, SortedSet<String> planned) {
        this.expected = expected;
        this.planned = new TreeSet<>(planned);
    }

    public void add(Judgement judgement) {
        verdicts[judgement.verdict().ordinal()]++;
        judgement.struck().forEach((fault, times) -> struck.merge(fault, times, Long::sum));
        judgement.blame().ifPresent(blame -> failures.merge(blame.words(), 1L, Long::sum));
    }

    public Verdict verdict() {
        if (count(Verdict.BROKEN) > 0) {
            return Verdict.BROKEN;
        }
        if (count(Verdict.UNKNOWN) > 0) {
            return Verdict.UNKNOWN;
        }
        if (count(Verdict.HOLDS) == 0) {
            return Verdict.VACUOUS;
        }
        boolean noneStruck = planned.stream().noneMatch(fault -> struck.getOrDefault(fault, 0L) > 0);
        return expected.isEmpty() && !planned.isEmpty() && noneStruck ? Verdict.VACUOUS : Verdict.HOLDS;
    }

    public long count(Verdict verdict) {
        return verdicts[verdict.ordinal()];
    }

    /** Planned kinds of fault that never struck. */
    public SortedSet<String> missed() {
        SortedSet<String> missed = new TreeSet<>(planned);
        missed.removeAll(struck.keySet());
        return missed;
    }

    /** How often each kind of fault struck, over all runs. */
    public SortedMap<String, Long> struck() {
        return struck;
    }

    /** How many runs failed in the same way, by rule and side. */
    public SortedMap<String, Long> failures() {
        return failures;
    }
}
