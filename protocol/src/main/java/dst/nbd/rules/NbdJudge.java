package dst.nbd.rules;

import dst.nbd.port.NbdServerControl;
import dst.protocol.Rule;
import dst.protocol.Sentence;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.referee.Charges;
import dst.protocol.referee.Judge;
import dst.protocol.trace.WorldEvent;
import org.jspecify.annotations.Nullable;

/**
 * Judges an NBD server by what it had received and heard before it sent: each request is answered once (G5), and not before all of it is
 * done (T4); a READ gives what the device gave (R5); nothing is asked of the device that its export does not permit (R6), and no more is
 * under way than was granted (R7). In doubt it acquits.
 */
public final class NbdJudge implements Judge {
    private final Side side;
    private final Charges charges;
    private @Nullable Conversation conversation;
    private long time;

    /** @param side whose part an NBD server is */
    public NbdJudge(Side side, Charges charges) {
        this.side = side;
        this.charges = charges;
    }

    @Override
    public void saw(long now, Signal signal) {
        time = now;
        if (signal instanceof NbdServerControl.Accepted) {
            conversation = new Conversation(this::broken);
        }
        Conversation present = conversation;
        if (present != null && present.saw(signal)) {
            conversation = null;
        }
    }

    /** Every connection of a process ends with it. */
    @Override
    public void happened(long now, WorldEvent event) {
        switch (event) {
            case WorldEvent.ProcessStarted _,
                    WorldEvent.ProcessCrashed _,
                    WorldEvent.ProcessEnded _,
                    WorldEvent.PowerCut _ -> conversation = null;
            default -> {}
        }
    }

    private void broken(Rule rule, Object... words) {
        charges.charge(rule, side)
                .broken(time, "the NBD server of the ", new Sentence.Name(charges.node()), " ", Sentence.of(words));
    }
}
