package dst.scenarios.trial;

import dst.nbd.rules.NbdJudge;
import dst.protocol.Finding;
import dst.protocol.Machines;
import dst.protocol.Side;
import dst.protocol.referee.Referee;
import dst.protocol.trace.Digest;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import dst.reports.Expectation;
import dst.reports.Judgement;
import dst.reports.check.History;
import dst.scenarios.library.HistoryChecker;
import dst.sim.Counts;
import dst.sim.Plan;
import dst.sim.Run;
import dst.sim.World;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One run of a plan, judged: the digest of everything that crossed a boundary, and what that came to.
 *
 * @param noticed what the world itself saw: leaks, hangs, machines that fell over
 */
public record Trial(
        Plan plan, Judgement judgement, List<Finding> noticed, Counts counts, Traffic traffic, long digest) {

    /** Runs it. The referee, the history and the digest always watch; others may as well. */
    static Trial of(Plan plan, Machines machines, Optional<Expectation> expected, Tap... others) {
        Watchers watchers = new Watchers(plan, others);
        try {
            Run run = new World(plan, machines, watchers).run();
            Judgement judgement = Judgement.of(
                    new Judgement.Found(
                            watchers.referee.findings(),
                            watchers.history.check(),
                            Stream.concat(run.findings().stream(), watchers.nbd.findings().stream())
                                    .toList(),
                            run.counts().struck()),
                    expected);
            boolean noneStruck = plan.asksForFaults() && run.counts().struck().isEmpty();
            return new Trial(
                    plan,
                    noneStruck ? judgement.ofNothingStruck() : judgement,
                    run.findings(),
                    run.counts(),
                    watchers.traffic,
                    watchers.digest.value());
        } finally {
            watchers.referee.discard();
        }
    }

    /** The same run with what the scenario's own checkers found. */
    Trial judgedBy(HistoryChecker.Checked checked) {
        return new Trial(plan, judgement.with(checked.findings(), checked.unknown()), noticed, counts, traffic, digest);
    }

    /** All who see what crosses a boundary, in a fixed order. */
    private static final class Watchers implements Tap {
        final Digest digest = new Digest();
        final Referee referee;
        final History history;

        /** All NBD servers are within clients here. What the referee finds comes first. */
        final NbdJudge nbd = new NbdJudge(Side.CLIENT);

        final Traffic traffic = new Traffic();
        private final Tap[] others;

        Watchers(Plan plan, Tap... others) {
            this.referee = Watched.referee(plan);
            this.history = Watched.history(plan);
            this.others = others;
        }

        @Override
        public void saw(long now, Layer layer, Object value) {
            digest.saw(now, layer, value);
            referee.saw(now, layer, value);
            nbd.saw(now, layer, value);
            history.saw(now, layer, value);
            traffic.saw(now, layer, value);
            for (Tap other : others) {
                other.saw(now, layer, value);
            }
        }
    }
}
