package dst.nbd.rules;

import dst.nbd.port.NbdClientControl;
import dst.protocol.BlockPort;
import dst.protocol.LinkPort;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.referee.Charges;
import dst.protocol.referee.Judge;
import dst.protocol.trace.WorldEvent;
import org.jspecify.annotations.Nullable;

/**
 * Judges an NBD client by what was submitted to it and what its server had said: it asks for what was submitted and for nothing else
 * (R5), as durable as that has to be (T4), and for nothing that the export does not permit (R6); each operation settles once (G5), Done
 * only when the server said so (T4), a READ with the data that came (R5), and Refused only if nothing can have been done (T8).
 */
public final class NbdClientJudge implements Judge {
    private final Accused accused;

    /** Null where there is no connection any more. */
    private @Nullable Commands commands;

    private boolean closed;

    /** @param side whose part an NBD client is */
    public NbdClientJudge(Side side, Charges charges) {
        this.accused = new Accused("NBD client", side, charges);
    }

    @Override
    public void saw(long now, Signal signal) {
        accused.now = now;
        if (signal instanceof NbdClientControl.Use) {
            commands = new Commands(accused);
            closed = false;
        }
        Commands present = commands;
        if (present != null) {
            saw(signal, present);
        }
    }

    private void saw(Signal signal, Commands present) {
        switch (signal) {
            case LinkPort.Received it -> present.conversation.says(it.bytes());
            case LinkPort.Send it -> present.conversation.asks(it.bytes());
            case NbdClientControl.Attached it -> present.attached(it.export());
            case BlockPort.Submit it -> present.submitted(it.tag(), it.operation());
            case NbdClientControl.Map it -> present.asked(it.tag(), it.offset(), it.length());
            case BlockPort.Completed it -> present.completed(it.tag(), it.outcome(), present.conversation.isLost());
            case NbdClientControl.Mapped it -> present.mapped(it.tag());
            case LinkPort.Closed _, LinkPort.Close _ -> closed = true;
            default -> {}
        }
        // What it could not do is told behind the end.
        if (closed && present.isSettled()) {
            commands = null;
        }
    }

    /** Every connection of a process ends with it. */
    @Override
    public void happened(long now, WorldEvent event) {
        if (event.isOfProcess()) {
            commands = null;
        }
    }

    @Override
    public boolean isOver() {
        return commands == null;
    }
}
