package dst.realnode.watch;

import dst.protocol.Machine;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import java.util.ArrayList;
import java.util.List;

/** A machine whose boundary is seen although no host is at it. */
final class Tapped<I, O> implements Machine<I, O> {
    private final Machine<I, O> machine;
    private final Layer layer;
    private final Tap tap;
    private final List<O> own = new ArrayList<>();

    Tapped(Machine<I, O> machine, Layer layer, Tap tap) {
        this.machine = machine;
        this.layer = layer;
        this.tap = tap;
    }

    @Override
    public void step(long now, I input, List<? super O> outbox) {
        tap.saw(now, layer, input);
        machine.step(now, input, own);
        for (O output : own) {
            tap.saw(now, layer, output);
        }
        outbox.addAll(own);
        own.clear();
    }

    @Override
    public long nextDeadline() {
        return machine.nextDeadline();
    }

    @Override
    public long digest() {
        return machine.digest();
    }

    @Override
    public void discard() {
        machine.discard();
    }
}
