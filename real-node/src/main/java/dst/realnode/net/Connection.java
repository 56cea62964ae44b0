package dst.realnode.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.AbstractEpollStreamChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/**
 * One byte stream, owned by one event loop. What is sent waits until {@link #flush}, so that many messages go out with one call of
 * the kernel; its owner hears how much has left this process's memory.
 */
public final class Connection extends ChannelInboundHandlerAdapter {
    /** How long what was sent last may take to leave before a closing connection is cut off. */
    private static final long LINGER_SECONDS = 5;

    /** Less than that is a crumb, and is copied if it takes up more than so many times its length. */
    private static final int CRUMB = 2048;

    private static final int WASTE_MAX = 4;

    private static final String CLOSED = "the peer closed the connection";

    private final Listener listener;
    private final Channel channel;
    private final ArrayDeque<ByteBuf> held = new ArrayDeque<>();
    private long written;
    private boolean dirty;
    private boolean deaf;
    private boolean over;
    /** Bytes were told, and not yet that they were all. */
    private boolean told;
    /** The peer has ended its direction, and nobody was told yet. */
    private boolean ended;
    /** It has, whoever was told. */
    private boolean halfClosed;
    /** So many flushes have not left yet. */
    private int underWay;

    private boolean rejoining;
    /** The kernel's bytes are being handed over. */
    private boolean inRead;

    /** Who listens to a connection; told on its loop. */
    public interface Listener {
        /** The bytes are the listener's from now on. */
        void received(ByteBuf bytes);

        /** Everything that the kernel had for now was told. */
        void receivedAll();

        /** So many bytes have left this process. */
        void sent(long bytes);

        /** The peer has ended its direction, and everything that it said was told; whether the other direction goes on. */
        default boolean ended() {
            return false;
        }

        /** The connection is gone; told once, and not after {@link Connection#close}. */
        void closed(String reason);

        /** Nothing of it is left, whoever ended it. */
        default void over() {}
    }

    public Connection(Channel channel, Listener listener) {
        this.channel = channel;
        this.listener = listener;
    }

    /** Takes over; to be called on the channel's loop. */
    public void begin() {
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.pipeline().addLast(this);
        // Also of a channel that was closed before it got here.
        channel.closeFuture().addListener(_ -> {
            lost(CLOSED);
            listener.over();
        });
    }

    /** Who is at the other end, for people. */
    public String peer() {
        return peer(channel);
    }

    /** Takes the bytes over; whether they are the first since the last flush. */
    public boolean send(ByteBuf bytes) {
        if (over) {
            bytes.release();
            return false;
        }
        boolean first = !dirty;
        written += bytes.readableBytes();
        dirty = true;
        channel.write(bytes, channel.voidPromise());
        return first;
    }

    public void flush() {
        if (!dirty || over || rejoining) {
            return;
        }
        if (halfClosed && underWay == 0 && channel instanceof AbstractEpollStreamChannel) {
            rejoin();
        } else {
            writeOut();
        }
    }

    private void writeOut() {
        dirty = false;
        long bytes = written;
        written = 0;
        underWay++;
        // Bytes leave in order: when this one is out, so is everything before it.
        ChannelPromise promise = channel.newPromise();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER, promise);
        promise.addListener(future -> {
            underWay--;
            if (future.isSuccess() && !over) {
                listener.sent(bytes);
            }
        });
    }

    /**
     * Netty takes a channel that has nothing to read and nothing to write out of epoll, and does not know later that it has: what the
     * kernel does not take at once is then an error. A channel that was registered anew is added again.
     */
    private void rejoin() {
        rejoining = true;
        channel.config().setAutoRead(false);
        EventLoop loop = channel.eventLoop();
        channel.deregister()
                .addListener(_ -> loop.register(channel).addListener(_ -> {
                    rejoining = false;
                    if (dirty && !over) {
                        writeOut();
                    }
                }));
    }

    /** Whether more is wanted; what the kernel had handed over already is kept here meanwhile. */
    public void reading(boolean wanted) {
        deaf = !wanted;
        channel.config().setAutoRead(wanted);
        while (!deaf && !over && !held.isEmpty()) {
            tell(held.remove());
        }
        if (!inRead) {
            toldAll();
        }
        tellEnd();
    }

    /** What was sent still goes out, if the peer takes it in time. */
    public void close() {
        if (over) {
            return;
        }
        end();
        channel.config().setAutoRead(false);
        if (!channel.isActive()) {
            channel.close();
            return;
        }
        var cutOff = channel.eventLoop().schedule(() -> channel.close(), LINGER_SECONDS, TimeUnit.SECONDS);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> {
            cutOff.cancel(false);
            channel.close();
        });
    }

    /** At once: what was sent and has not left is lost. */
    public void drop() {
        end();
        channel.close();
    }

    private void end() {
        over = true;
        held.forEach(ByteBuf::release);
        held.clear();
    }

    private void lost(String reason) {
        if (!over) {
            end();
            // Before the last word, which may be said while the channel is being closed.
            listener.closed(reason);
            channel.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        inRead = true;
        if (over) {
            bytes.release();
        } else if (deaf) {
            held.add(fitting(bytes));
        } else {
            tell(fitting(bytes));
        }
    }

    /** R7: what came in crumbs may be kept for long, and takes no more memory than it is worth. */
    private static ByteBuf fitting(ByteBuf bytes) {
        int length = bytes.readableBytes();
        if (length >= CRUMB || bytes.capacity() <= WASTE_MAX * length) {
            return bytes;
        }
        ByteBuf copy = bytes.alloc().directBuffer(length, length).writeBytes(bytes);
        bytes.release();
        return copy;
    }

    private void tell(ByteBuf bytes) {
        told = true;
        listener.received(bytes);
    }

    /** Whoever was told of bytes is told that they were all, also if they ended the connection. */
    private void toldAll() {
        if (told) {
            told = false;
            listener.receivedAll();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        inRead = false;
        toldAll();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            ended = true;
            halfClosed = true;
            tellEnd();
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    /** After all that was said before it. */
    private void tellEnd() {
        if (ended && !over && held.isEmpty()) {
            ended = false;
            toldAll();
            if (!listener.ended()) {
                lost(CLOSED);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        inRead = false;
        toldAll();
        lost(CLOSED);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        lost(Failure.words(cause));
    }

    /** Who is at the other end, for people. */
    public static String peer(Channel channel) {
        SocketAddress address = channel.remoteAddress();
        if (address instanceof InetSocketAddress it) {
            return host(it.getAddress()) + ":" + it.getPort();
        }
        return principal(channel);
    }

    /** What rules of access call whoever is at the other end. */
    public static String principal(Channel channel) {
        SocketAddress address = channel.remoteAddress();
        if (address instanceof InetSocketAddress it) {
            return host(it.getAddress());
        }
        return channel instanceof SocketChannel ? GONE : UNIX;
    }

    /**
     * What connections of one peer have in common, as far as anybody can tell: its address, and of IPv6 the network of which every host
     * has all addresses.
     */
    public static String origin(Channel channel) {
        if (channel.remoteAddress() instanceof InetSocketAddress it
                && it.getAddress() instanceof Inet6Address address
                && !address.isLinkLocalAddress()
                && !address.isLoopbackAddress()) {
            return HexFormat.of().formatHex(address.getAddress(), 0, 8);
        }
        return principal(channel);
    }

    /** The principal of everybody who comes over a Unix socket: the file's permissions have let him. */
    public static final String UNIX = "unix";

    /** Whoever came over TCP and is gone before he was looked at: no rule for an address means him, and none for Unix sockets. */
    private static final String GONE = "gone";

    private static String host(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }

    /** A listening address as people write it: the port may have been left to the kernel. */
    public static String local(Channel channel) {
        return switch (channel.localAddress()) {
            case InetSocketAddress it -> new Address.Tcp(host(it.getAddress()), it.getPort()).toString();
            case DomainSocketAddress it -> "unix:" + it.path();
            case null, default -> String.valueOf(channel.localAddress());
        };
    }
}
