package dst.sim.hostile;

import dst.protocol.ClientSettings;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.ServerSettings;
import io.netty.buffer.ByteBufAllocator;

/** Each machine keeps to the protocol for a while, and then to nothing, in its own way: a function of the seed that its host drew. */
public final class HostileMachines implements Machines {
    private final Machines honest;

    public HostileMachines(Machines honest) {
        this.honest = honest;
    }

    @Override
    public Machine client(ClientSettings settings, ByteBufAllocator pages) {
        return new HostileClient(honest.client(settings, pages));
    }

    @Override
    public Machine server(ServerSettings settings, ByteBufAllocator pages) {
        return new HostileServer(honest.server(settings, pages));
    }
}
