package dst.realnode.net;

import dst.realnode.WrongInput;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Opens and accepts connections, each of which is one event loop's own. */
public final class Network {
    /** What one read of a socket takes at most: many small requests, or a good part of a large one. */
    private static final int RECEIVED_MAX = 256 << 10;

    private final Transport transport;

    public Network(Transport transport) {
        this.transport = transport;
    }

    public Transport transport() {
        return transport;
    }

    public EventLoopGroup loops(int threads, String name) {
        return transport.loops(threads, name);
    }

    /** As below, with no limit but the kernel's; that somebody cannot be let in is told to nobody. */
    public Channel listen(Address address, EventLoopGroup loops, Consumer<Channel> accepted) {
        return listen(address, loops, accepted, _ -> {}, Integer.MAX_VALUE);
    }

    /**
     * Listens; whoever comes is handed over, on the loop that will own him. If the kernel gives no connection, for want of
     * descriptors as a rule, that is told, and tried again after a pause. While so many connections are open that there shall not be
     * more, those that are being closed included, newcomers wait with the kernel.
     */
    public Channel listen(
            Address address,
            EventLoopGroup loops,
            Consumer<Channel> accepted,
            Consumer<String> cannotAccept,
            int connectionsMax) {
        if (address instanceof Address.Unix unix) {
            removeDeadSocket(unix.path());
        }
        ChannelFuture bound;
        try {
            bound = transport
                    .server(address)
                    .group(loops)
                    .handler(new Pausing(cannotAccept, connectionsMax))
                    .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                    .childOption(
                            ChannelOption.RECVBUF_ALLOCATOR,
                            new AdaptiveRecvByteBufAllocator(4096, 16_384, RECEIVED_MAX))
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            accepted.accept(channel);
                        }
                    })
                    .bind(transport.socketAddress(address))
                    .awaitUninterruptibly();
        } catch (UnknownHostException e) {
            throw new WrongInput("cannot listen at " + address + ": there is no host '" + e.getMessage() + "'");
        }
        if (!bound.isSuccess()) {
            throw new WrongInput("cannot listen at " + address + ": " + Failure.ofListening(address, bound.cause()));
        }
        return bound.channel();
    }

    /** Connects; the callbacks come on the loop. */
    public void connect(Address address, EventLoop loop, Consumer<Channel> connected, Consumer<String> failed) {
        try {
            transport
                    .client(address)
                    .group(loop)
                    .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                    .option(
                            ChannelOption.RECVBUF_ALLOCATOR,
                            new AdaptiveRecvByteBufAllocator(4096, 16_384, RECEIVED_MAX))
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {}
                    })
                    .connect(transport.socketAddress(address))
                    .addListener((ChannelFuture future) -> {
                        if (future.isSuccess()) {
                            connected.accept(future.channel());
                        } else {
                            failed.accept(Failure.words(future.cause()));
                        }
                    });
        } catch (UnknownHostException e) {
            loop.execute(() -> failed.accept("there is no host '" + e.getMessage() + "'"));
        }
    }

    /** What cannot be accepted stays with the kernel: to ask again at once would only take all of the processor. */
    private static final class Pausing extends ChannelInboundHandlerAdapter {
        private static final long PAUSE_MILLIS = 100;

        private final Consumer<String> cannotAccept;
        private final int connectionsMax;
        private int connections;
        private boolean pausing;

        Pausing(Consumer<String> cannotAccept, int connectionsMax) {
            this.cannotAccept = cannotAccept;
            this.connectionsMax = connectionsMax;
            // Where there are no descriptors left no class can be loaded any more to tell it.
            Failure.words(new IOException("nothing failed"));
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            Channel listener = context.channel();
            connections++;
            ((Channel) message)
                    .closeFuture()
                    .addListener(_ -> listener.eventLoop().execute(() -> {
                        connections--;
                        listenOn(listener);
                    }));
            listenOn(listener);
            context.fireChannelRead(message);
        }

        private void listenOn(Channel listener) {
            if (listener.isOpen()) {
                listener.config().setAutoRead(!pausing && connections < connectionsMax);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            cannotAccept.accept(Failure.words(cause));
            Channel listener = context.channel();
            if (!pausing) {
                pausing = true;
                listenOn(listener);
                listener.eventLoop()
                        .schedule(
                                () -> {
                                    pausing = false;
                                    listenOn(listener);
                                },
                                PAUSE_MILLIS,
                                TimeUnit.MILLISECONDS);
            }
        }
    }

    /** A socket's file outlives the process that listened; one on which somebody answers is left alone. */
    private static void removeDeadSocket(Path path) {
        if (!Files.exists(path)) {
            return;
        }
        if (Files.isRegularFile(path) || Files.isDirectory(path)) {
            throw new WrongInput("cannot listen at unix:" + path + ": there is a file of that name that is no socket");
        }
        try (var probe = java.nio.channels.SocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            probe.connect(java.net.UnixDomainSocketAddress.of(path));
        } catch (IOException _) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                throw new WrongInput("cannot remove the old socket " + path + ": " + e.getMessage());
            }
            return;
        }
        throw new WrongInput("cannot listen at unix:" + path + ": " + Listening.at(new Address.Unix(path))
                + " listens there: stop that one, or choose another address");
    }
}
