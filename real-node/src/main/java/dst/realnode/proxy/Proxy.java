package dst.realnode.proxy;

import dst.protocol.Words;
import dst.protocol.fault.Fault;
import dst.protocol.fault.Fault.Direction;
import dst.protocol.fault.Fault.Strike;
import dst.protocol.fault.Fault.Strike.OnLinks;
import dst.protocol.fault.Fault.Strike.OnNextPiece;
import dst.protocol.fault.LinkShape;
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
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Listens at one address and passes everything on to another, but for what the plan or a caller strikes it with. */
public final class Proxy implements AutoCloseable {
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

    private final List<OnNextPiece> forNextPiece = new ArrayList<>();
    private final LinkShape shape = new LinkShape(this::hits);

    // Of each direction.
    private final long[] bytes = new long[Direction.values().length];
    private final long[] messages = new long[Direction.values().length];
    private final long[] stalls = new long[Direction.values().length];

    private long holeUntil;
    private Direction holed = Direction.BOTH;
    private long refuseUntil;
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
            int none = missed + waiting.size() + forNextPiece.size();
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
            hits(strike -> strike instanceof Strike.Refuse);
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
                        hits(strike -> strike instanceof Strike.BlackHole);
                        way.hole(holed);
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
            case Strike.Shaping shaping -> {
                awaitHit(strike, shaping.nanos());
                shape.add(shaping, until(shaping.nanos()));
            }
            case Strike.OnNextPiece waits -> forNextPiece.add(waits);
            case Strike.Stall(Direction direction, long nanos) -> {
                awaitHit(strike, nanos);
                for (Direction lane : List.of(Direction.TO_SERVER, Direction.TO_CLIENT)) {
                    if (direction.covers(lane)) {
                        stalls[lane.ordinal()] = Math.max(stalls[lane.ordinal()], until(nanos));
                    }
                }
            }
            case Strike.Refuse(long nanos) -> {
                awaitHit(strike, nanos);
                refuseUntil = until(nanos);
            }
            case Strike.BlackHole(Direction direction, long nanos) -> {
                awaitHit(strike, nanos);
                holeUntil = until(nanos);
                holed = direction;
                if (!ways.isEmpty()) {
                    hits(strike);
                }
                ways.forEach(way -> way.hole(direction));
            }
            case Strike.Rebind _ -> hit(strike, way -> way.hole(Direction.BOTH));
            case Strike.Cut _ -> hit(strike, Way::cut);
            case Strike.CutLate(long nanos) -> hit(strike, way -> way.cutLate(nanos));
        }
    }

    /** Strikes the connections that are there, and no others. */
    private void hit(OnLinks strike, Consumer<Way> hit) {
        if (ways.isEmpty()) {
            missed(strike, "no connection was there");
            return;
        }
        struck(strike);
        new ArrayList<>(ways).forEach(hit);
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

    /** All of these that still wait have hit something. */
    private void hits(Predicate<OnLinks> which) {
        if (!waiting.isEmpty()) {
            List.copyOf(waiting).stream().filter(which).forEach(this::hits);
        }
    }

    private void hits(OnLinks strike) {
        if (waiting.remove(strike)) {
            struck(strike);
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

    /** When what lasts so long is over. */
    private long until(long nanos) {
        long now = now();
        return nanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + nanos;
    }

    // What a lane has to know.

    long now() {
        return System.nanoTime() - began;
    }

    long delay(Direction lane) {
        return shape.extraNanos(now(), lane);
    }

    long stalledUntil(Direction lane) {
        long until = stalls[lane.ordinal()];
        if (now() < until) {
            hits(strike ->
                    strike instanceof Strike.Stall stall && stall.direction().covers(lane));
        }
        return until;
    }

    /** When the lane is free again after so many bytes sent then. */
    long freeAfter(long then, Direction lane, int length) {
        long rate = shape.bytesPerSecond(then, lane, 0);
        return rate == 0 ? then : then + length * 1_000_000_000L / rate;
    }

    /** Of a piece that long. */
    int splitMax(Direction lane, int length) {
        return shape.pieceMax(now(), lane, length);
    }

    ByteBuf harmed(Direction lane, ByteBuf passing) {
        for (OnNextPiece strike : forNextPiece) {
            if (strike.direction().covers(lane)) {
                forNextPiece.remove(strike);
                // What arrived may be read by others: a copy is damaged.
                ByteBuf damaged = passing.copy();
                passing.release();
                strike.harm(damaged, chance.nextLong());
                struck(strike);
                return damaged;
            }
        }
        return passing;
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
