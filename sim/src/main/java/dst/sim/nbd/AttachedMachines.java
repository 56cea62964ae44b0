package dst.sim.nbd;

import dst.nbd.Places;
import dst.nbd.attach.Attach;
import dst.nbd.attach.Bounds;
import dst.protocol.ClientSettings;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.ServerSettings;
import io.netty.buffer.ByteBufAllocator;

/** The same machines, but that whoever submits to a client speaks NBD to it. */
public final class AttachedMachines implements Machines {
    /** So small that a few visitors come to them. */
    private static final Bounds BOUNDS = new Bounds(new Places.Limits(4, 4, 2), 64 << 10);

    private final Machines present;

    public AttachedMachines(Machines present) {
        this.present = present;
    }

    @Override
    public Machine client(ClientSettings settings, ByteBufAllocator pages) {
        return new AttachedClient(
                new Attach(present.client(settings, pages), pages, BOUNDS),
                new Application(pages),
                new Visitors(pages));
    }

    @Override
    public Machine server(ServerSettings settings, ByteBufAllocator pages) {
        return present.server(settings, pages);
    }
}
