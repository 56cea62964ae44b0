package dst.sim.nbd;

import dst.protocol.ClientInput;
import dst.protocol.ClientOutput;
import dst.protocol.ClientSettings;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.ServerInput;
import dst.protocol.ServerOutput;
import dst.protocol.ServerSettings;
import dst.protocol.attach.Attach;
import dst.protocol.attach.Bounds;
import io.netty.buffer.ByteBufAllocator;

/** The same machines, but that whoever submits to a client speaks NBD to it. */
public final class AttachedMachines implements Machines {
    private final Machines present;

    public AttachedMachines(Machines present) {
        this.present = present;
    }

    @Override
    public Machine<ClientInput, ClientOutput> client(ClientSettings settings, ByteBufAllocator pages) {
        return new AttachedClient(
                new Attach(present.client(settings, pages), pages, Bounds.DEFAULT), new Program(pages));
    }

    @Override
    public Machine<ServerInput, ServerOutput> server(ServerSettings settings, ByteBufAllocator pages) {
        return present.server(settings, pages);
    }
}
