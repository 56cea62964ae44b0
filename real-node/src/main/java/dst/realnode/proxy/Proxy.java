package dst.realnode.proxy;

import dst.protocol.Words;
import dst.realnode.net.Address;
import dst.realnode.net.Connection;
import dst.realnode.net.Network;
import dst.realnode.proxy.Strike.Direction;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Listens at one address and passes everything on to another, but for what the plan or a caller strikes it with. */
public final class Proxy implements AutoCloseable {
    private static final int REFUSED_MAX = Integer.MAX_VALUE;

    private final Network network;
    private final EventLoopGroup loops;
    private final Address target;
    private final RandomGenerator chance;
    private final long began = System.nanoTime();
    private final Channel listener;
    private final List<Way> ways = new ArrayList<>();
    private final Consumer<String> struckBy;
    private final List<ProxyPlan.Fault> byCount = new ArrayList<>();

    // Of each direction.
    private final long[] bytes = new long[Direction.values().length];
    private final long[] messages = new long[Direction.values().length];
    private final long[] stalls = new long[Direction.values().length];
    private final boolean[] flips = new boolean[Direction.values().length];

    private long holeUntil;
    private Direction holed = Direction.BOTH;
    private long refuseUntil;
    private long delayUntil;
    private long delayExtra;
    private long slowUntil;
    private long rate;
    private long splitUntil;
    private int splitSize = REFUSED_MAX;
    private volatile int struck;

    /** The seed decides which bit flips; what strikes is said as it does, in words. */
    public Proxy(
            Network network, Address listen, Address target, ProxyPlan plan, long seed, Consumer<String> struckBy) {
        this.network = network;
        this.target = target;
        this.struckBy = struckBy;
        this.chance = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        this.loops = network.loops(1, "proxy");
        this.listener = network.listen(listen, loops, this::accepted);
        for (ProxyPlan.Fault fault : plan.faults()) {
            if (fault.when() instanceof ProxyPlan.When.At(long nanos)) {
                loops.schedule(() -> carryOut(fault.strike()), nanos, TimeUnit.NANOSECONDS);
            } else {
                byCount.add(fault);
            }
        }
    }

    /** Where it listens: the port may have been left to the kernel. */
    public Address address() {
        return Address.parse(Connection.local(listener), 0);
    }

    /** Strikes now, and returns when it has. */
    public void strike(Strike strike) {
        try {
            loops.submit(() -> carryOut(strike)).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How often something has struck. */
    public int struck() {
        return struck;
    }

    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        strike(new Strike.Cut());
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void accepted(Channel client) {
        client.config().setAutoRead(false);
        if (now() < refuseUntil) {
            client.close();
            return;
        }
        network.connect(
                target,
                client.eventLoop(),
                server -> {
                    Way way = new Way(this, client, server);
                    ways.add(way);
                    if (now() < holeUntil) {
                        hole(way, holed);
                    }
                    way.begin();
                },
                _ -> client.close());
    }

    void forget(Way way) {
        ways.remove(way);
    }

    private void carryOut(Strike strike) {
        struck++;
        long now = now();
        struckBy.accept(Words.seconds(now) + " " + ProxyPlan.words(strike)
                + (ways.isEmpty() ? ": no connection was there" : ": of connections there were " + ways.size()));
        switch (strike) {
            case Strike.Cut _ -> new ArrayList<>(ways).forEach(Way::cut);
            case Strike.CutLate(long nanos) -> new ArrayList<>(ways).forEach(way -> way.cutLate(nanos));
            case Strike.BlackHole(Direction direction, long nanos) -> {
                holeUntil = now + nanos;
                holed = direction;
                ways.forEach(way -> hole(way, direction));
            }
            case Strike.Rebind _ -> ways.forEach(way -> hole(way, Direction.BOTH));
            case Strike.Stall(Direction direction, long nanos) -> {
                for (Direction lane : List.of(Direction.TO_SERVER, Direction.TO_CLIENT)) {
                    if (direction.hits(lane)) {
                        stalls[lane.ordinal()] = Math.max(stalls[lane.ordinal()], now + nanos);
                    }
                }
            }
            case Strike.Delay(long extra, long nanos) -> {
                delayExtra = extra;
                delayUntil = now + nanos;
            }
            case Strike.Slow(long bytesPerSecond, long nanos) -> {
                rate = bytesPerSecond;
                slowUntil = now + nanos;
            }
            case Strike.Split(int bytesMax, long nanos) -> {
                splitSize = bytesMax;
                splitUntil = now + nanos;
            }
            case Strike.Refuse(long nanos) -> refuseUntil = now + nanos;
            case Strike.Flip(Direction direction) -> flips[direction.ordinal()] = true;
        }
    }

    private static void hole(Way way, Direction direction) {
        if (direction.hits(Direction.TO_SERVER)) {
            way.toServer.hole();
        }
        if (direction.hits(Direction.TO_CLIENT)) {
            way.toClient.hole();
        }
    }

    // What a lane has to know.

    long now() {
        return System.nanoTime() - began;
    }

    long delay() {
        return now() < delayUntil ? delayExtra : 0;
    }

    long stalledUntil(Direction direction) {
        return stalls[direction.ordinal()];
    }

    /** When the lane is free again after so many bytes sent then. */
    long freeAfter(long then, int length) {
        return then < slowUntil ? then + length * 1_000_000_000L / rate : then;
    }

    int splitMax() {
        return now() < splitUntil ? splitSize : Integer.MAX_VALUE;
    }

    ByteBuf flipped(Direction direction, ByteBuf passing) {
        if (!flips[direction.ordinal()] && !flips[Direction.BOTH.ordinal()]) {
            return passing;
        }
        flips[direction.ordinal()] = false;
        flips[Direction.BOTH.ordinal()] = false;
        // What arrived may be read by others: a copy is damaged.
        ByteBuf damaged = passing.copy();
        passing.release();
        int at = damaged.readerIndex() + chance.nextInt(damaged.readableBytes());
        damaged.setByte(at, damaged.getByte(at) ^ 1 << chance.nextInt(8));
        return damaged;
    }

    // Counting.

    void passed(Direction direction, int length) {
        bytes[direction.ordinal()] += length;
    }

    void messageBegins(Direction direction) {
        long nth = ++messages[direction.ordinal()];
        strikeAt(new ProxyPlan.When.AtMessage(direction, nth));
    }

    /** How many more bytes may pass until something strikes. */
    long bytesUntilStrike(Direction direction) {
        long next = Long.MAX_VALUE;
        for (ProxyPlan.Fault fault : byCount) {
            if (fault.when() instanceof ProxyPlan.When.AtByte(Direction lane, long nth) && lane == direction) {
                next = Math.min(next, Math.max(0, nth - 1 - bytes[direction.ordinal()]));
            }
        }
        return next;
    }

    void byteReached(Direction direction) {
        strikeAt(new ProxyPlan.When.AtByte(direction, bytes[direction.ordinal()] + 1));
    }

    private void strikeAt(ProxyPlan.When moment) {
        List<ProxyPlan.Fault> due =
                byCount.stream().filter(fault -> fault.when().equals(moment)).toList();
        byCount.removeAll(due);
        due.forEach(fault -> carryOut(fault.strike()));
    }
}
