package dst.protocol.digest;

import dst.protocol.Machine;
import dst.protocol.Signal;
import dst.protocol.trace.Digest;
import dst.protocol.trace.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A machine on its way; what it does is summed up, and shown to a tour if there is one. */
final class Traveller {
    final Machine machine;
    private final Bytes bytes = new Bytes();

    Traveller(Function<Bytes, Machine> make) {
        machine = make.apply(bytes);
    }

    /** A sum over everything that the machine wanted done, contents included. */
    long step(long now, Event<Signal> event, java.util.function.Consumer<Signal> seen) {
        List<Signal> outputs = new ArrayList<>();
        machine.step(now, event.make(bytes), outputs);
        Digest sum = new Digest();
        for (Signal output : outputs) {
            sum.saw(0, Layer.world("it"), output);
            seen.accept(output);
            if (output instanceof Signal signal) {
                Signal.release(signal);
            }
        }
        return sum.value();
    }

    /** The machine is not used again; whether everything came back. */
    boolean end() {
        machine.discard();
        return bytes.pages.live() == 0;
    }
}
