package dst.sim;

import dst.protocol.LinkPort;
import dst.protocol.Prng;
import dst.protocol.fault.Fault;
import dst.sim.Plan.WayPlan;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What lies between the hosts: it makes links, carries bytes, and ends links as hosts and faults demand. */
final class Network {
    /** The longest time after a machine closed a link that a late byte may still come to it. */
    private static final long LATE_NANOS_MAX = 2_000_000_000;

    final Scene scene;
    final long source;
    final NetworkConditions conditions;
    private final Hosts hosts;
    private final List<Path> paths = new ArrayList<>();
    private final ArrayList<Link> links = new ArrayList<>();
    private long ordinals;

    Network(Scene scene, Hosts hosts) {
        this.scene = scene;
        this.hosts = hosts;
        this.source = scene.source("network");
        this.conditions = new NetworkConditions(scene, source);
        for (int i = 0; i < scene.plan.paths().size(); i++) {
            paths.add(new Path(scene, conditions, i));
        }
    }

    List<Path> paths() {
        return paths;
    }

    private Path path(String name) {
        return paths.stream().filter(path -> path.name.equals(name)).findFirst().orElseThrow();
    }

    // What machines ask for.

    void connect(Host client, long number, int slot) {
        scene.counts.count(Counts.Item.CONNECTS);
        long ordinal = ++ordinals;
        List<WayPlan> ways = client.plan.ways();
        WayPlan way = ways.get(slot % ways.size());
        Host server = Objects.requireNonNull(hosts.named(way.to()));
        Link link = new Link(this, ordinal, path(way.path()), client, number, server);
        client.ends.put(number, link.client);
        links.add(link);
        scene.clock.schedule(link, scene.now() + delay(link, 0));
    }

    void send(Host host, long number, ByteBuf bytes) {
        Link.End end = host.ends.get(number);
        if (end == null || !end.isOpen()) {
            bytes.release();
        } else {
            end.out().send(bytes);
        }
    }

    void reading(Host host, long number, boolean wanted) {
        Link.End end = host.ends.get(number);
        if (end != null) {
            end.reading = wanted;
            if (wanted) {
                end.in().unblock();
            }
        }
    }

    /** The machine has closed its end: what it sent still arrives, or is torn off with the link. */
    void close(Host host, long number) {
        Link.End end = host.ends.remove(number);
        if (end == null) {
            return;
        }
        end.state = Link.End.State.CLOSED;
        long hash = Prng.hash(source, end.link.ordinal, number, 3);
        // Only the client is asked to bear late bytes: its links carry the ghosts of an old boot.
        if (host.equals(end.link.client.host) && Draw.chance(hash, 1, 4)) {
            end.lateUntil = scene.now() + Draw.between(Prng.mix(hash + 1), 0, LATE_NANOS_MAX);
        }
        Pipe out = end.out();
        boolean abrupt = Draw.chance(Prng.mix(hash), 1, 4);
        long at = scene.now() + delay(end.link, 4);
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
        for (Link link : List.copyOf(links)) {
            if (link.client.host.equals(host)) {
                ended(link, link.client, powerLost);
            } else if (link.isAccepted() && link.server.host.equals(host)) {
                ended(link, link.server, powerLost);
            }
        }
    }

    private void ended(Link link, Link.End end, boolean powerLost) {
        Pipe out = end.out();
        if (powerLost) {
            end.state = Link.End.State.FORGOTTEN;
            out.vanish();
        } else {
            out.finish("connection reset by the peer", scene.now() + delay(link, 6), kept(link, out, 7));
            out.toKernel();
            if (end.state != Link.End.State.FORGOTTEN) {
                end.state = Link.End.State.CLOSED;
            }
        }
        end.in().unblock();
        forgetIfOver(link);
    }

    // What faults do to links that are there; each says how many it hit.

    int cut() {
        return paths.stream().mapToInt(this::cut).sum();
    }

    int cut(Path path) {
        int hit = 0;
        for (Link link : links) {
            if (link.path.equals(path) && link.isAccepted() && !link.isOver()) {
                end(link.toServer, "connection reset", 8);
                end(link.toClient, "connection reset", 9);
                hit++;
            }
        }
        return hit;
    }

    int cutLate(long until) {
        int hit = 0;
        for (Link link : links) {
            if (link.isAccepted() && !link.isOver()) {
                end(link.toClient, "connection reset", 8);
                link.toServer.arriveNotBefore(until);
                link.toServer.finish("connection reset", until, Long.MAX_VALUE);
                hit++;
            }
        }
        return hit;
    }

    int hole(Fault.Direction direction) {
        return paths.stream().mapToInt(path -> hole(path, direction)).sum();
    }

    int hole(Path path, Fault.Direction direction) {
        int hit = 0;
        for (Link link : links) {
            if (!link.path.equals(path)) {
                continue;
            }
            if (direction != Fault.Direction.TO_CLIENT) {
                link.toServer.hole();
            }
            if (direction != Fault.Direction.TO_SERVER) {
                link.toClient.hole();
            }
            hit++;
        }
        return hit;
    }

    /** What is there goes silent both ways for good; what connects later passes. */
    int rebind() {
        int hit = 0;
        for (Link link : links) {
            if (link.isAccepted() && !link.isOver()) {
                link.toServer.hole();
                link.toClient.hole();
                hit++;
            }
        }
        return hit;
    }

    /** The world ends: gives back everything that is still on its way. */
    void dropAll() {
        for (Link link : links) {
            link.toServer.vanish();
            link.toClient.vanish();
        }
    }

    // What links tell.

    boolean refuses(Link link) {
        return !link.server.host.isListening() || conditions.refuses();
    }

    /** The server's kernel has taken the connection. */
    void accepted(Link link) {
        Link.End far = link.server;
        Host server = far.host;
        far.incarnation = server.incarnation();
        far.state = Link.End.State.OPEN;
        server.ends.put(far.number, far);
        String peer = link.client.host.name + "/" + link.client.incarnation + "/" + link.client.number;
        server.ports.accepted(far.number, peer);
    }

    void opened(Link link) {
        link.client.state = Link.End.State.OPEN;
        scene.counts.opened(link.path.number);
        link.client.host.ports.opened(link.client.number);
    }

    void closed(Link.End end, String reason) {
        end.state = Link.End.State.CLOSED;
        end.host.ends.remove(end.number);
        end.host.give(new LinkPort.Closed(end.number, reason));
    }

    void forget(Link link) {
        links.remove(link);
    }

    void forgetIfOver(Link link) {
        if (link.isOver()) {
            links.remove(link);
        }
    }

    /** The delay of something about a link that is not a piece. */
    long delay(Link link, int what) {
        return link.path.delay(Prng.hash(source, link.ordinal, -1, what));
    }

    private void end(Pipe pipe, String reason, int what) {
        pipe.finish(reason, scene.now() + delay(pipe.link, what), kept(pipe.link, pipe, what));
    }

    /** How many of the bytes on their way still arrive before a break: none, all or a part. */
    private long kept(Link link, Pipe pipe, int what) {
        long hash = Prng.hash(source, link.ordinal, -2, what);
        return switch ((int) Draw.between(hash, 0, 2)) {
            case 0 -> 0;
            case 1 -> Long.MAX_VALUE;
            default -> Draw.between(Prng.mix(hash), 0, pipe.bytes());
        };
    }
}
