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
import dst.protocol.nbd.NbdServer;
import dst.protocol.nbd.NbdServerInput;
import dst.protocol.nbd.NbdServerOutput;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Function;

/** The same machines, but that whoever submits to a client speaks NBD to it. */
public final class AttachedMachines implements Machines {
    private final Machines present;
    private final Function<ByteBufAllocator, Machine<NbdServerInput, NbdServerOutput>> servers;

    public AttachedMachines(Machines present) {
        this(present, NbdServer::new);
    }

    /** With another NBD server in front of the device than the honest one. */
    public AttachedMachines(
            Machines present, Function<ByteBufAllocator, Machine<NbdServerInput, NbdServerOutput>> servers) {
        this.present = present;
        this.servers = servers;
    }

    @Override
    public Machine<ClientInput, ClientOutput> client(ClientSettings settings, ByteBufAllocator pages) {
        return new AttachedClient(
                new Attach(present.client(settings, pages), () -> servers.apply(pages)), new Program(pages));
    }

    @Override
    public Machine<ServerInput, ServerOutput> server(ServerSettings settings, ByteBufAllocator pages) {
        return present.server(settings, pages);
    }
}
