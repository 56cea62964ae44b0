package dst.realnode.net;

import dst.protocol.Patience;
import dst.protocol.net.NetworkContract;
import dst.protocol.net.Talker;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.io.TempDir;

/** What every network and every timer has to do, done by real ones. */
abstract class RealNetworkContract extends NetworkContract {

    @TempDir
    Path folder;

    abstract Transport transport();

    /** Where they meet. */
    Address address() {
        return Address.parse("127.0.0.1:0", 0);
    }

    @Override
    protected final void join(Talker client, Talker server, long cutAfter, BooleanSupplier done) {
        client.takeMemoryFrom(PooledByteBufAllocator.DEFAULT);
        server.takeMemoryFrom(PooledByteBufAllocator.DEFAULT);
        Network network = new Network(transport());
        EventLoopGroup loops = network.loops(2, "contract");
        try {
            Channel listener = network.listen(address(), loops, accepted -> {
                new RealEnd(accepted, server).begin();
                if (cutAfter != NEVER_CUT) {
                    accepted.eventLoop().schedule(() -> reset(accepted), cutAfter, TimeUnit.NANOSECONDS);
                }
            });
            network.connect(
                    Address.parse(Connection.local(listener), 0),
                    loops.next(),
                    connected -> new RealEnd(connected, client).begin(),
                    reason -> client.complaints().add("it cannot connect: " + reason));
            Patience.until(done::getAsBoolean, () -> "nothing comes any more");
            listener.close().awaitUninterruptibly();
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    /** As a cut in between would look to both. */
    private static void reset(Channel channel) {
        if (channel instanceof io.netty.channel.socket.SocketChannel) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        channel.close();
    }
}
