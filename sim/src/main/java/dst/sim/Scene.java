package dst.sim;

import dst.protocol.Finding;
import dst.protocol.Prng;
import dst.protocol.Range;
import dst.protocol.Rule;
import dst.protocol.Sentence;
import dst.protocol.Side;
import dst.protocol.Stack;
import dst.protocol.fault.FaultKind;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import dst.protocol.trace.WorldEvent;
import java.util.ArrayList;
import java.util.List;

/** What everything in one world shares: the plan, the clock, who watches, what was counted and what was found. */
final class Scene {
    static final Layer WORLD = Layer.world("world");

    private static final Range NOWHERE = new Range(0, 0);

    final Plan plan;
    final Tap tap;
    final Clock clock = new Clock();
    final Counts counts = new Counts();
    private final List<Finding> findings = new ArrayList<>();
    private boolean healed;
    private boolean ended;

    Scene(Plan plan, Tap tap) {
        this.plan = plan;
        this.tap = tap;
    }

    long now() {
        return clock.now();
    }

    /** The seed of a named source of chance. */
    long source(String name) {
        return Prng.hash(plan.seed(), name);
    }

    /** When a fault that lasts so long is over: at the healing at the latest. */
    long until(long nanos) {
        return Math.max(now(), Math.min(Clock.plus(now(), nanos), plan.healAt()));
    }

    void struck(FaultKind kind, String what) {
        struck(kind, what, now());
    }

    /** A fault has struck whose effect ends at that time. */
    void struck(FaultKind kind, String what, long until) {
        struck(kind.key(), what, NOWHERE, until);
    }

    /** The same, at a place of a disk. */
    void struck(FaultKind kind, String what, Range hit, long until) {
        struck(kind.key(), what, hit, until);
    }

    /** Something of the make has: it has a name and no kind. */
    void struck(String fault, String what) {
        struck(fault, what, NOWHERE, now());
    }

    private void struck(String fault, String what, Range hit, long until) {
        counts.struck(fault);
        tap.saw(now(), WORLD, new WorldEvent.Struck(fault, what, until, hit));
    }

    /** A fault of the make has made a difference; of those that nobody asked for nothing is said. */
    void stood(Standing standing, String what) {
        if (asksFor(standing)) {
            struck(standing.kind(), what);
        }
    }

    boolean asksFor(Standing standing) {
        return plan.standing().contains(standing);
    }

    /** At the end of the run. */
    void missStanding() {
        plan.standing().stream()
                .map(Standing::kind)
                .filter(kind -> !counts.struck().containsKey(kind))
                .forEach(counts::missed);
    }

    void missed(FaultKind kind) {
        counts.missed(kind.key());
    }

    void heal() {
        healed = true;
        tap.saw(now(), WORLD, new WorldEvent.Healed());
    }

    boolean isHealed() {
        return healed;
    }

    /** What a machine within a machine is given and gives is seen as its own, on the same node. */
    void lookInside(Object machine, Layer layer) {
        if (machine instanceof Stack stack) {
            stack.watch((_, kind, instance, signal) -> tap.saw(now(), new Layer(layer.node(), kind, instance), signal));
        }
    }

    void find(Rule rule, Side side, Object... sentence) {
        findings.add(new Finding(rule, side, now(), Sentence.of(sentence)));
    }

    /** Nothing that comes after this can be judged. */
    void end() {
        ended = true;
    }

    boolean isEnded() {
        return ended;
    }

    List<Finding> findings() {
        return findings;
    }
}
