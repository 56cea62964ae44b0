package dst.sim;

import dst.protocol.Words;
import dst.protocol.fault.Fault;
import dst.protocol.fault.Fault.Direction;
import dst.protocol.fault.Fault.Strike;
import dst.protocol.fault.FaultKind;
import dst.protocol.fault.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** Carries out what befalls links, and says of each whether it struck something. What lasts befalls links that come later too. */
final class LinkStrikes {
    private final Scene scene;
    private final Network network;

    /** What befalls all, a path or a node: of those only that any fault of the plan is aimed at. */
    private final Map<Target, NetworkConditions> conditions = new LinkedHashMap<>();

    LinkStrikes(Scene scene, Network network, long source) {
        this.scene = scene;
        this.network = network;
        conditions.put(Target.ALL, new NetworkConditions(scene, source));
        for (Fault fault : scene.plan.faults()) {
            if (FaultKind.of(fault.strike()).aim() == Target.Aim.LINKS) {
                conditions.computeIfAbsent(fault.target(), _ -> new NetworkConditions(scene, source));
            }
        }
    }

    /** What befalls a link over that path between these two. */
    LinkConditions befalls(Path path, Host client, Host server) {
        NetworkConditions ofAll = Objects.requireNonNull(conditions.get(Target.ALL));
        if (conditions.size() == 1) {
            return new LinkConditions(scene, ofAll);
        }
        List<NetworkConditions> these = new ArrayList<>(List.of(ofAll));
        for (Target target :
                List.of(new Target.Path(path.name), new Target.Node(client.name), new Target.Node(server.name))) {
            NetworkConditions its = conditions.get(target);
            if (its != null) {
                these.add(its);
            }
        }
        return new LinkConditions(scene, these.toArray(NetworkConditions[]::new));
    }

    void heal() {
        conditions.values().forEach(NetworkConditions::heal);
    }

    void strike(FaultKind kind, Strike.OnLinks strike, Target target) {
        if (!network.has(target)) {
            scene.missed(kind);
            return;
        }
        NetworkConditions befalls = Objects.requireNonNull(conditions.get(target));
        switch (strike) {
            case Strike.Shaping shaping -> {
                befalls.shape.add(shaping, scene.until(shaping.nanos()));
                lasts(kind, shaping.nanos());
            }
            case Strike.OnNextPiece waits -> befalls.await(waits);
            case Strike.Stall(Direction direction, long nanos) -> {
                befalls.stall(direction, scene.until(nanos));
                lasts(kind, nanos);
            }
            case Strike.Refuse(long nanos) -> befalls.refuse(scene.until(nanos));
            case Strike.BlackHole(Direction direction, long nanos) -> {
                befalls.hole(scene.until(nanos));
                // Those as well that are not open yet.
                hit(kind, nanos, network.links(target), link -> hole(link, direction));
            }
            case Strike.Rebind() -> hit(kind, 0, network.linksThere(target), link -> hole(link, Direction.BOTH));
            case Strike.Cut() ->
                hit(kind, 0, network.linksThere(target), link -> {
                    network.end(link.toServer, 8);
                    network.end(link.toClient, 9);
                });
            case Strike.CutLate(long nanos) -> cutLate(kind, target, nanos);
        }
    }

    private void cutLate(FaultKind kind, Target target, long nanos) {
        long until = scene.until(nanos);
        hit(kind, nanos, network.linksThere(target), link -> {
            network.end(link.toClient, 8);
            link.toServer.arriveNotBefore(until);
            link.toServer.finish(Network.RESET, until, Long.MAX_VALUE);
        });
    }

    private static void hole(Connection link, Direction direction) {
        for (Pipe pipe : List.of(link.toServer, link.toClient)) {
            if (direction.covers(pipe.lane)) {
                pipe.hole();
            }
        }
    }

    private void hit(FaultKind kind, long nanos, List<Connection> links, Consumer<Connection> hit) {
        links.forEach(hit);
        int count = links.size();
        if (count > 0) {
            scene.struck(kind, count == 1 ? "one link" : count + " links", scene.until(nanos));
        } else {
            scene.missed(kind);
        }
    }

    private void lasts(FaultKind kind, long nanos) {
        scene.struck(
                kind, nanos == Fault.FOR_GOOD ? "until healed" : "for " + Words.seconds(nanos), scene.until(nanos));
    }
}
