package dst.realnode.proxy;

import dst.protocol.fault.Fault.Direction;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One connection through the proxy: the client's and the server's half, and a lane each way. */
final class Way {
    private final Proxy proxy;
    private final Channel client;
    private final Channel server;
    final Lane toServer;
    final Lane toClient;

    Way(Proxy proxy, Channel client, Channel server) {
        this.proxy = proxy;
        this.client = client;
        this.server = server;
        this.toServer = new Lane(proxy, Direction.TO_SERVER, client, server);
        this.toClient = new Lane(proxy, Direction.TO_CLIENT, server, client);
    }

    void begin() {
        server.pipeline().addLast(new Half(toClient));
        client.pipeline().addLast(new Half(toServer));
        client.config().setAutoRead(true);
    }

    private final class Half extends ChannelInboundHandlerAdapter {
        private final Lane lane;

        Half(Lane lane) {
            this.lane = lane;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            lane.arrived((ByteBuf) message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            lane.finish();
            if (!client.isActive() && !server.isActive()) {
                proxy.forget(Way.this);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    /** Nothing passes any more in that direction, and nobody is told. */
    void hole(Direction direction) {
        for (Lane lane : List.of(toServer, toClient)) {
            if (direction.covers(lane.direction)) {
                lane.hole();
            }
        }
    }

    /** Both ends hear of it: a reset. */
    void cut() {
        toServer.end();
        toClient.end();
        reset(client);
        reset(server);
    }

    void cutLate(long nanos) {
        toClient.end();
        toServer.late(nanos);
        reset(client);
        server.eventLoop()
                .schedule(
                        () -> {
                            toServer.drain();
                            toServer.finish();
                        },
                        nanos,
                        TimeUnit.NANOSECONDS);
    }

    private static void reset(Channel channel) {
        if (channel instanceof SocketChannel socket && socket.isOpen()) {
            try {
                socket.config().setSoLinger(0);
            } catch (ChannelException _) {
                // It is closed already: there is nothing to reset.
            }
        }
        channel.close();
    }
}
