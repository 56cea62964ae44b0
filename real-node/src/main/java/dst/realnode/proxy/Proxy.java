package dst.realnode.proxy;

import dst.protocol.Words;
import dst.protocol.fault.Fault;
import dst.protocol.fault.Fault.Direction;
import dst.protocol.fault.Fault.Strike;
import dst.protocol.fault.Fault.Strike.OnLinks;
import dst.realnode.net.Address;
import dst.realnode.net.Connection;
import dst.realnode.net.Network;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
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
    private final Consumer<String> told;
    private final int planned;
    private final List<ProxyPlan.Fault> byCount = new ArrayList<>();

    /** What came and has hit nothing yet, and may still. */
    private final Set<OnLinks> waiting = Collections.newSetFromMap(new IdentityHashMap<>());

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
    private int struck;
    private int missed;

    /** The seed decides which bit flips; what strikes, and what comes and hits nothing, is told as it does, in words. */
    public Proxy(Network network, Address listen, Address target, ProxyPlan plan, long seed, Consumer<String> told) {
        this.network = network;
        this.target = target;
        this.told = told;
        this.planned = plan.faults().size();
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
    public void strike(OnLinks strike) {
        onLoop(() -> carryOut(strike));
    }

    private void onLoop(Runnable work) {
        try {
            loops.submit(work).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How many of the planned faults have struck so far, how many found nothing to hit, and how many have not come. */
    public String summary() {
        String[] words = {""};
        onLoop(() -> {
            int none = missed + waiting.size();
            int later = planned - struck - none;
            words[0] = "of " + planned + (planned == 1 ? " fault planned " : " faults planned ") + struck + " struck"
                    + (none == 0 ? "" : ", " + none + " missed: there was nothing to hit")
                    + (later == 0 ? "" : ", " + later + " had not come");
        });
        return words[0];
    }

    /** How many bytes have gone that way so far. */
    public long bytesPassed(Direction direction) {
        long[] passed = {0};
        onLoop(() -> passed[0] = bytes[direction.ordinal()]);
        return passed[0];
    }

    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        onLoop(() -> new ArrayList<>(ways).forEach(Way::cut));
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void accepted(Channel client) {
        client.config().setAutoRead(false);
        if (now() < refuseUntil) {
            hits(Strike.Refuse.class);
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
                        hits(Strike.BlackHole.class);
                        hole(way, holed);
                    }
                    way.begin();
                },
                _ -> client.close());
    }

    void forget(Way way) {
        ways.remove(way);
    }

    private void carryOut(OnLinks strike) {
        switch (strike) {
            case Strike.Cut _, Strike.CutLate _, Strike.Rebind _ -> {
                if (ways.isEmpty()) {
                    missed(strike, "no connection was there");
                } else {
                    struck(strike);
                }
            }
            case Strike.BlackHole(Direction _, long nanos) -> awaitHit(strike, nanos);
            case Strike.Stall(Direction _, long nanos) -> awaitHit(strike, nanos);
            case Strike.Delay(long _, long nanos) -> awaitHit(strike, nanos);
            case Strike.Slow(long _, long nanos) -> awaitHit(strike, nanos);
            case Strike.Split(int _, long nanos) -> awaitHit(strike, nanos);
            case Strike.Refuse(long nanos) -> awaitHit(strike, nanos);
            case Strike.Flip _ -> waiting.add(strike);
        }
        switch (strike) {
            case Strike.Cut _ -> new ArrayList<>(ways).forEach(Way::cut);
            case Strike.CutLate(long nanos) -> new ArrayList<>(ways).forEach(way -> way.cutLate(nanos));
            case Strike.BlackHole(Direction direction, long nanos) -> {
                holeUntil = until(nanos);
                holed = direction;
                if (!ways.isEmpty()) {
                    hits(Strike.BlackHole.class);
                }
                ways.forEach(way -> hole(way, direction));
            }
            case Strike.Rebind _ -> ways.forEach(way -> hole(way, Direction.BOTH));
            case Strike.Stall(Direction direction, long nanos) -> {
                for (Direction lane : List.of(Direction.TO_SERVER, Direction.TO_CLIENT)) {
                    if (direction.covers(lane)) {
                        stalls[lane.ordinal()] = Math.max(stalls[lane.ordinal()], until(nanos));
                    }
                }
            }
            case Strike.Delay(long extra, long nanos) -> {
                delayExtra = extra;
                delayUntil = until(nanos);
            }
            case Strike.Slow(long bytesPerSecond, long nanos) -> {
                rate = bytesPerSecond;
                slowUntil = until(nanos);
            }
            case Strike.Split(int bytesMax, long nanos) -> {
                splitSize = bytesMax;
                splitUntil = until(nanos);
            }
            case Strike.Refuse(long nanos) -> refuseUntil = until(nanos);
            case Strike.Flip(Direction direction) -> flips[direction.ordinal()] = true;
        }
    }

    /** What lasts has missed if nothing was hit in all its time. */
    private void awaitHit(OnLinks strike, long nanos) {
        waiting.add(strike);
        if (nanos == Fault.FOR_GOOD) {
            return;
        }
        loops.schedule(
                () -> {
                    if (waiting.remove(strike)) {
                        missed(strike, "in its time there was nothing to hit");
                    }
                },
                nanos,
                TimeUnit.NANOSECONDS);
    }

    private void hits(Class<? extends OnLinks> kind) {
        hits(kind, Direction.BOTH);
    }

    /** Everything of this kind that still waits has hit something that goes there. */
    private void hits(Class<? extends OnLinks> kind, Direction lane) {
        if (waiting.isEmpty()) {
            return;
        }
        for (OnLinks strike : List.copyOf(waiting)) {
            boolean there =
                    !(strike instanceof Strike.Stall stall) || stall.direction().covers(lane);
            if (kind.isInstance(strike)
                    && there
                    && (!(strike instanceof Strike.Flip flip)
                            || flip.direction().covers(lane))) {
                waiting.remove(strike);
                struck(strike);
            }
        }
    }

    private void struck(OnLinks strike) {
        struck++;
        told.accept("struck at " + Words.seconds(now()) + " " + ProxyPlan.words(strike) + ": "
                + (ways.size() == 1 ? "1 connection is open" : ways.size() + " connections are open"));
    }

    private void missed(OnLinks strike, String why) {
        missed++;
        told.accept("missed at " + Words.seconds(now()) + " " + ProxyPlan.words(strike) + ": " + why);
    }

    private static void hole(Way way, Direction direction) {
        if (direction.covers(Direction.TO_SERVER)) {
            way.toServer.hole();
        }
        if (direction.covers(Direction.TO_CLIENT)) {
            way.toClient.hole();
        }
    }

    /** When what lasts so long is over. */
    private long until(long nanos) {
        long now = now();
        return nanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + nanos;
    }

    // What a lane has to know.

    long now() {
        return System.nanoTime() - began;
    }

    long delay() {
        if (now() >= delayUntil) {
            return 0;
        }
        hits(Strike.Delay.class);
        return delayExtra;
    }

    long stalledUntil(Direction direction) {
        long until = stalls[direction.ordinal()];
        if (now() < until) {
            hits(Strike.Stall.class, direction);
        }
        return until;
    }

    /** When the lane is free again after so many bytes sent then. */
    long freeAfter(long then, int length) {
        if (then >= slowUntil) {
            return then;
        }
        hits(Strike.Slow.class);
        return then + length * 1_000_000_000L / rate;
    }

    /** Of a piece that long. */
    int splitMax(int length) {
        if (now() >= splitUntil || length <= splitSize) {
            return Integer.MAX_VALUE;
        }
        hits(Strike.Split.class);
        return splitSize;
    }

    ByteBuf flipped(Direction direction, ByteBuf passing) {
        if (!flips[direction.ordinal()] && !flips[Direction.BOTH.ordinal()]) {
            return passing;
        }
        hits(Strike.Flip.class, direction);
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
