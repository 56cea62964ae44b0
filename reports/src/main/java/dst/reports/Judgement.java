package dst.reports;

import dst.protocol.Finding;
import dst.protocol.Rule;
import dst.protocol.Side;
import dst.reports.check.Checked;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one run came to: the one model that every renderer shows.
 *
 * @param blame who broke what, if anything is broken
 * @param findings everything that was found, in the order of time
 * @param struck how often each kind of fault struck
 */
public record Judgement(
        Verdict verdict,
        Optional<Blame> blame,
        Optional<Expectation> expected,
        List<Finding> findings,
        Checked history,
        SortedMap<String, Long> struck) {

    /** What was found about one run. World: leaks, hangs and other things that the world itself noticed. */
    public record Found(List<Finding> referee, Checked history, List<Finding> world, Map<String, Long> struck) {}

    public static Judgement of(Found found, Optional<Expectation> expected) {
        Optional<Blame> blame = blame(found);
        List<Finding> all = new ArrayList<>(found.referee());
        all.addAll(found.history().findings());
        all.addAll(found.world());
        all.sort(Comparator.comparingLong(Finding::at));
        return new Judgement(
                verdict(blame, found.history(), expected),
                blame,
                expected,
                List.copyOf(all),
                found.history(),
                new TreeMap<>(found.struck()));
    }

    /** The same of a run in which none of the planned faults struck: that nothing broke says nothing. */
    public Judgement ofNothingStruck() {
        return verdict == Verdict.HOLDS && expected.isEmpty()
                ? new Judgement(Verdict.VACUOUS, blame, expected, findings, history, struck)
                : this;
    }

    /**
     * The same, with what checkers of the scenario's own found. Blamed is what they name only if nothing else is broken: by whom,
     * they cannot know.
     */
    public Judgement with(List<Finding> others, Optional<String> unknown) {
        if (others.isEmpty() && unknown.isEmpty()) {
            return this;
        }
        List<Finding> all = new ArrayList<>(findings);
        all.addAll(others);
        all.sort(Comparator.comparingLong(Finding::at));
        boolean isMet = blame.isPresent()
                && expected.filter(that -> that.isMetBy(blame.get())).isPresent();
        // What is expected to break explains nothing that the scenario's own checkers find.
        Optional<Blame> named = blame.filter(_ -> others.isEmpty() || !isMet)
                .or(() -> earliest(others).map(finding -> blame(finding, Optional.empty(), struck)));
        Checked checked = history.unknown().isPresent() || unknown.isEmpty()
                ? history
                : new Checked(history.findings(), history.evidence(), unknown, history.counts());
        Verdict verdict =
                !others.isEmpty() ? Verdict.BROKEN : isMet ? Verdict.UNKNOWN : verdict(named, checked, expected);
        return new Judgement(verdict, named, expected, List.copyOf(all), checked, struck);
    }

    private static Verdict verdict(Optional<Blame> blame, Checked history, Optional<Expectation> expected) {
        if (blame.isPresent()) {
            return expected.filter(that -> that.isMetBy(blame.get())).isPresent() ? Verdict.HOLDS : Verdict.BROKEN;
        }
        if (history.unknown().isPresent()) {
            return Verdict.UNKNOWN;
        }
        return expected.isPresent() ? Verdict.VACUOUS : Verdict.HOLDS;
    }

    /** The earliest conviction by a side's own boundary; else what the world saw; else a broken promise that a fault explains. */
    private static Optional<Blame> blame(Found found) {
        Optional<Finding> promise = earliest(found.history().findings());
        Optional<Rule> broken = promise.map(Finding::rule);
        Optional<Finding> convicted = earliest(found.referee().stream()
                .filter(finding -> finding.side() != Side.OPEN)
                .toList());
        if (convicted.isPresent()) {
            return Optional.of(blame(convicted.get(), broken, found.struck()));
        }
        Optional<Finding> seen = earliest(found.world());
        if (seen.isPresent() && (promise.isEmpty() || seen.get().side() != Side.OPEN)) {
            boolean explained = seen.get().side() == Side.OPEN && Culprits.ofGround(found.struck());
            return Optional.of(
                    explained ? Culprits.of(seen.get(), found.struck()) : blame(seen.get(), broken, found.struck()));
        }
        return promise.map(finding -> Culprits.of(finding, found.struck()));
    }

    private static Blame blame(Finding finding, Optional<Rule> broken, Map<String, Long> struck) {
        return finding.side() == Side.DISK
                ? Culprits.behind(finding, broken, struck)
                : new Blame(
                        finding,
                        finding.rule(),
                        finding.side(),
                        finding.said(),
                        broken.filter(rule -> !rule.equals(finding.rule())),
                        Optional.empty());
    }

    private static Optional<Finding> earliest(List<Finding> findings) {
        return findings.stream().min(Comparator.comparingLong(Finding::at));
    }
}
