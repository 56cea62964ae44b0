package dst.realnode.net;

import dst.realnode.WrongInput;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.spi.SelectorProvider;
import java.util.Locale;

/** Which of the kernel's ways to wait for sockets is used. */
public enum Transport {
    EPOLL(
            EpollSocketChannel.class,
            EpollServerSocketChannel.class,
            EpollDomainSocketChannel.class,
            EpollServerDomainSocketChannel.class),
    IO_URING(
            IoUringSocketChannel.class,
            IoUringServerSocketChannel.class,
            IoUringDomainSocketChannel.class,
            IoUringServerDomainSocketChannel.class),
    NIO(
            NioSocketChannel.class,
            NioServerSocketChannel.class,
            NioDomainSocketChannel.class,
            NioServerDomainSocketChannel.class);

    private final Class<? extends Channel> tcp;
    private final Class<? extends ServerChannel> tcpServer;
    private final Class<? extends Channel> unix;
    private final Class<? extends ServerChannel> unixServer;

    Transport(
            Class<? extends Channel> tcp,
            Class<? extends ServerChannel> tcpServer,
            Class<? extends Channel> unix,
            Class<? extends ServerChannel> unixServer) {
        this.tcp = tcp;
        this.tcpServer = tcpServer;
        this.unix = unix;
        this.unixServer = unixServer;
    }

    /** The best that is here: epoll before io_uring, since it costs less CPU for many small messages; and NIO anywhere. */
    public static Transport best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    public static Transport of(String name) {
        for (Transport transport : values()) {
            if (transport.word().equals(name)) {
                transport.check();
                return transport;
            }
        }
        throw new WrongInput("there is no transport '" + name + "': there are epoll, io_uring and nio");
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    private void check() {
        Throwable cause = switch (this) {
            case EPOLL -> Epoll.unavailabilityCause();
            case IO_URING -> IoUring.unavailabilityCause();
            case NIO -> null;
        };
        if (cause != null) {
            throw new WrongInput("the transport " + word() + " does not work here: " + cause.getMessage()
                    + "; leave it out to have the best that does");
        }
    }

    /** Threads that each own what is given to them. */
    public EventLoopGroup loops(int threads, String name) {
        IoHandlerFactory factory = switch (this) {
            case EPOLL -> EpollIoHandler.newFactory(0, Alert::new);
            case IO_URING -> IoUringIoHandler.newFactory();
            case NIO -> NioIoHandler.newFactory(SelectorProvider.provider(), Alert::new);
        };
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), factory);
    }

    /** A listener's bootstrap, with the address reused, so that a server is back at once (TIME_WAIT). */
    ServerBootstrap server(Address address) {
        ServerBootstrap bootstrap = new ServerBootstrap();
        if (address instanceof Address.Tcp) {
            bootstrap.channel(tcpServer).option(ChannelOption.SO_REUSEADDR, true);
            bootstrap.childOption(ChannelOption.TCP_NODELAY, true).childOption(ChannelOption.SO_KEEPALIVE, true);
        } else {
            bootstrap.channel(unixServer);
        }
        return bootstrap.option(ChannelOption.SO_BACKLOG, 1024);
    }

    Bootstrap client(Address address) {
        Bootstrap bootstrap = new Bootstrap();
        if (address instanceof Address.Tcp) {
            bootstrap.channel(tcp).option(ChannelOption.TCP_NODELAY, true).option(ChannelOption.SO_KEEPALIVE, true);
        } else {
            bootstrap.channel(unix);
        }
        return bootstrap.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 10_000);
    }

    SocketAddress socketAddress(Address address) throws UnknownHostException {
        return switch (address) {
            case Address.Tcp it -> it.resolve();
            case Address.Unix it ->
                this == NIO
                        ? UnixDomainSocketAddress.of(it.path())
                        : new DomainSocketAddress(it.path().toFile());
        };
    }
}
