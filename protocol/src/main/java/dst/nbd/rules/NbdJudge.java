package dst.nbd.rules;

import dst.nbd.port.NbdServerControl;
import dst.protocol.BlockPort;
import dst.protocol.LinkPort;
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
    private final Accused accused;

    /** Null where there is no connection any more. */
    private @Nullable Requests requests;

    /** @param side whose part an NBD server is */
    public NbdJudge(Side side, Charges charges) {
        this.accused = new Accused("NBD server", side, charges);
    }

    @Override
    public void saw(long now, Signal signal) {
        accused.now = now;
        if (signal instanceof NbdServerControl.Accepted) {
            requests = new Requests(accused);
        }
        Requests present = requests;
        if (present != null) {
            saw(signal, present);
        }
    }

    private void saw(Signal signal, Requests present) {
        switch (signal) {
            case LinkPort.Received it -> present.conversation.asks(it.bytes());
            case LinkPort.Send it -> present.conversation.says(it.bytes());
            case NbdServerControl.Opened it -> present.opened(it.export());
            case NbdServerControl.Wants _ -> present.wants();
            case NbdServerControl.Granted it -> present.granted(it.bytes());
            case NbdServerControl.GivesBack it -> present.granted(-it.bytes());
            case BlockPort.Ask it
            when !present.conversation.isLost() && it.request() instanceof BlockPort.Submit submit ->
                present.asks(submit.tag(), submit.operation());
            case BlockPort.Heard it
            when it.event() instanceof BlockPort.Completed completed ->
                present.heard(completed.tag(), completed.outcome());
            case LinkPort.Closed _, LinkPort.Close _ -> requests = null;
            default -> {}
        }
    }

    /** Every connection of a process ends with it. */
    @Override
    public void happened(long now, WorldEvent event) {
        if (event.isOfProcess()) {
            requests = null;
        }
    }

    @Override
    public boolean isOver() {
        return requests == null;
    }
}
