package dst.sim;

import dst.protocol.LinkPort;
import dst.protocol.Prng;
import dst.protocol.fault.Target;
import dst.sim.Plan.WayPlan;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What lies between the hosts: it makes links, carries bytes, and ends links as hosts and faults demand. */
final class Network {
    /** The longest time after a machine closed a link that a late byte may still come to it. */
    private static final long LATE_NANOS_MAX = 2_000_000_000;

    /** What is told of a link that a fault has cut. */
    static final String RESET = "connection reset";

    final Scene scene;
    final long source;
    final LinkStrikes strikes;
    private final Hosts hosts;
    private final List<Path> paths = new ArrayList<>();
    private final ArrayList<Connection> links = new ArrayList<>();
    private long ordinals;

    Network(Scene scene, Hosts hosts) {
        this.scene = scene;
        this.hosts = hosts;
        this.source = scene.source("network");
        List<Plan.PathPlan> plans = scene.plan.paths();
        for (int i = 0; i < plans.size(); i++) {
            paths.add(new Path(i, plans.get(i)));
        }
        this.strikes = new LinkStrikes(scene, this, source);
    }

    /** Whether there is anything of that name. */
    boolean has(Target target) {
        return switch (target) {
            case Target.All _ -> true;
            case Target.Node(String name) -> hosts.named(name) != null;
            case Target.Path(String name) -> paths.stream().anyMatch(path -> path.name.equals(name));
            case Target.Disk _ -> false;
        };
    }

    private Path path(String name) {
        for (Path path : paths) {
            if (path.name.equals(name)) {
                return path;
            }
        }
        throw new IllegalArgumentException("there is no path " + name);
    }

    // What machines ask for.

    void connect(Host client, long number, int slot) {
        scene.counts.count(Counts.Item.CONNECTS);
        long ordinal = ++ordinals;
        List<WayPlan> ways = client.plan.ways();
        WayPlan way = ways.get(slot % ways.size());
        Host server = Objects.requireNonNull(hosts.named(way.to()));
        Connection link = new Connection(this, ordinal, path(way.path()), client, number, server);
        client.ends.put(number, link.client);
        links.add(link);
        scene.clock.schedule(link, scene.now() + delay(link.toServer, 0));
    }

    void send(Host host, long number, ByteBuf bytes) {
        Connection.End end = host.ends.get(number);
        if (end == null || !end.isOpen()) {
            bytes.release();
        } else {
            end.out().send(bytes);
        }
    }

    void reading(Host host, long number, boolean wanted) {
        Connection.End end = host.ends.get(number);
        if (end != null) {
            end.reading = wanted;
            if (wanted) {
                end.in().unblock();
            }
        }
    }

    /** The machine has closed its end: what it sent still arrives, or is torn off with the link. */
    void close(Host host, long number) {
        Connection.End end = host.ends.remove(number);
        if (end == null) {
            return;
        }
        end.state = Connection.End.State.CLOSED;
        long hash = Prng.hash(source, end.link.ordinal, number, 3);
        // Only the client is asked to bear late bytes: its links carry the ghosts of an old boot.
        if (host.equals(end.link.client.host) && Draw.chance(hash, 1, 4)) {
            end.lateUntil = scene.now() + Draw.between(Prng.mix(hash + 1), 0, LATE_NANOS_MAX);
        }
        Pipe out = end.out();
        boolean abrupt = Draw.chance(Prng.mix(hash), 1, 4);
        long at = scene.now() + delay(out, 4);
        if (abrupt) {
            out.finish("connection reset by the peer", at, kept(end.link, out, 5));
        } else {
            out.finishInOrder("closed by the peer", at);
        }
        end.in().unblock();
        forgetIfOver(end.link);
    }

    // What happens to hosts.

    /** A process is gone; with its kernel too, nobody says so. */
    void hostEnded(Host host, boolean powerLost) {
        host.ends.clear();
        for (Connection link : List.copyOf(links)) {
            if (link.client.host.equals(host)) {
                ended(link, link.client, powerLost);
            } else if (link.isAccepted() && link.server.host.equals(host)) {
                ended(link, link.server, powerLost);
            }
        }
    }

    private void ended(Connection link, Connection.End end, boolean powerLost) {
        Pipe out = end.out();
        if (powerLost) {
            end.state = Connection.End.State.FORGOTTEN;
            out.vanish();
        } else {
            out.finish("connection reset by the peer", scene.now() + delay(out, 6), kept(link, out, 7));
            out.toKernel();
            if (end.state != Connection.End.State.FORGOTTEN) {
                end.state = Connection.End.State.CLOSED;
            }
        }
        end.in().unblock();
        forgetIfOver(link);
    }

    // What faults do to links that are there.

    private static boolean isHit(Connection link, Target target) {
        return switch (target) {
            case Target.All _ -> true;
            case Target.Node(String name) -> link.client.host.name.equals(name) || link.server.host.name.equals(name);
            case Target.Path(String name) -> link.path.name.equals(name);
            case Target.Disk _ -> false;
        };
    }

    /** Those of that target, open or not. */
    List<Connection> links(Target target) {
        return links.stream().filter(link -> isHit(link, target)).toList();
    }

    /** Those that both hosts know, and that are not over. */
    List<Connection> linksThere(Target target) {
        return links.stream()
                .filter(link -> isHit(link, target) && link.isAccepted() && !link.isOver())
                .toList();
    }

    /** The receiver hears of a break; how much of what is on its way still arrives is hashed with that number. */
    void end(Pipe pipe, int what) {
        pipe.finish(RESET, scene.now() + delay(pipe, what), kept(pipe.link, pipe, what));
    }

    /** The world ends: gives back everything that is still on its way. */
    void dropAll() {
        for (Connection link : links) {
            link.toServer.vanish();
            link.toClient.vanish();
        }
    }

    // What links tell.

    /** The server's kernel has taken the connection. */
    void accepted(Connection link) {
        Connection.End far = link.server;
        Host server = far.host;
        far.incarnation = server.incarnation();
        far.state = Connection.End.State.OPEN;
        server.ends.put(far.number, far);
        String peer = link.client.host.name + "/" + link.client.incarnation + "/" + link.client.number;
        server.ports.accepted(far.number, peer);
    }

    void opened(Connection link) {
        link.client.state = Connection.End.State.OPEN;
        scene.counts.opened(link.path.number);
        link.client.host.ports.opened(link.client.number);
    }

    void closed(Connection.End end, String reason) {
        end.state = Connection.End.State.CLOSED;
        end.host.ends.remove(end.number);
        end.host.give(new LinkPort.Closed(end.number, reason));
    }

    void forget(Connection link) {
        links.remove(link);
    }

    void forgetIfOver(Connection link) {
        if (link.isOver()) {
            links.remove(link);
        }
    }

    /** The delay of something about a link that is not a piece. */
    long delay(Pipe pipe, int what) {
        Connection link = pipe.link;
        return link.path.delay(Prng.hash(source, link.ordinal, -1, what), link.befalls, pipe.lane);
    }

    /** How many of the bytes on their way still arrive before a break: none, all or a part. */
    private long kept(Connection link, Pipe pipe, int what) {
        long hash = Prng.hash(source, link.ordinal, -2, what);
        return switch ((int) Draw.between(hash, 0, 2)) {
            case 0 -> 0;
            case 1 -> Long.MAX_VALUE;
            default -> Draw.between(Prng.mix(hash), 0, pipe.bytes());
        };
    }
}
