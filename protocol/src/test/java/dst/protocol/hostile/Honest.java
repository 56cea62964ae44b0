package dst.protocol.hostile;

import dst.protocol.ClientSettings;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.ServerSettings;
import dst.protocol.client.Client;
import dst.protocol.server.Server;
import io.netty.buffer.ByteBufAllocator;

/** The machines as they are, with nothing planted. */
final class Honest implements Machines {
    static final Machines MACHINES = new Honest();

    @Override
    public Machine client(ClientSettings settings, ByteBufAllocator pages) {
        return new Client(settings, pages);
    }

    @Override
    public Machine server(ServerSettings settings, ByteBufAllocator pages) {
        return new Server(settings, pages);
    }
}
