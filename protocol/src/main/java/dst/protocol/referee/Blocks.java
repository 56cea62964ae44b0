package dst.protocol.referee;

import dst.protocol.BlockPort;
import dst.protocol.Signal;
import dst.protocol.WholeBlocksControl;
import io.netty.util.collection.LongObjectHashMap;

/** The boundary of what makes whole blocks of that which programs ask of an attached device. */
final class Blocks {
    private final Programs programs;
    private final Edges edges;

    /** By the ticket of what the client is asked for: the tag here of what that is for. */
    private final LongObjectHashMap<Long> madeFor = new LongObjectHashMap<>();

    Blocks(Programs programs, Charges charges) {
        this.programs = programs;
        this.edges = new Edges(charges);
    }

    void began() {
        madeFor.clear();
        edges.began();
    }

    void saw(long now, Signal signal) {
        switch (signal) {
            case WholeBlocksControl.Reblocked it -> edges.reblocked(it.blockSize());
            case BlockPort.Submit it ->
                edges.entered(it.tag(), programs.entered(now, it.tag(), it.operation()), it.operation());
            case WholeBlocksControl.MadeFor it -> madeFor.put(it.ticket(), Long.valueOf(it.tag()));
            case BlockPort.Ask(int _, BlockPort.Submit it) ->
                edges.submitted(now, it.tag(), tagOf(it.tag()), it.operation());
            case BlockPort.Heard(int _, BlockPort.Completed it) -> {
                edges.settled(it.tag(), it.outcome());
                madeFor.remove(it.tag());
            }
            case BlockPort.Completed it -> {
                edges.left(now, it.tag(), it.outcome());
                programs.left(now, it.tag(), it.outcome());
            }
            default -> {}
        }
    }

    private long tagOf(long ticket) {
        Long tag = madeFor.get(ticket);
        return tag == null ? 0 : tag;
    }

    /** What people know it by: the tag of whoever asked. */
    long nameOf(long ticket) {
        Long tag = madeFor.get(ticket);
        return tag == null ? ticket : programs.nameOf(tag);
    }
}
