package dst.scenarios.kinds;

import dst.protocol.Signal;
import dst.protocol.referee.Judge;
import dst.protocol.trace.WorldEvent;
import dst.sim.NodeKind;

/** The judge of a kind that somebody brought. */
final class BroughtJudge implements Judge {
    private final String name;
    private final Judge judge;

    private BroughtJudge(String name, Judge judge) {
        this.name = name;
        this.judge = judge;
    }

    static Judge.Maker of(NodeKind kind) {
        String name = "the judge of nodes of the kind " + kind.name();
        return charges ->
                Brought.called(name, () -> new BroughtJudge(name, kind.judge().of(charges)));
    }

    @Override
    public void saw(long now, Signal signal) {
        Brought.told(name, () -> judge.saw(now, signal));
    }

    @Override
    public void happened(long now, WorldEvent event) {
        Brought.told(name, () -> judge.happened(now, event));
    }

    @Override
    public void sawWithin(long now, String kind, Signal signal) {
        Brought.told(name, () -> judge.sawWithin(now, kind, signal));
    }

    @Override
    public void discard() {
        Brought.told(name, judge::discard);
    }
}
