package dst.sim;

import dst.protocol.Machines;
import dst.protocol.trace.Layer;
import dst.sim.Plan.NodePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Every computer of a world, by the name of its node. */
final class Hosts {
    private final Map<String, Host> byName = new TreeMap<>();
    private final List<Host> all;

    Hosts(Scene scene, Machines machines, Disks disks) {
        List<Host> hosts = new ArrayList<>();
        for (NodePlan plan : scene.plan.nodes()) {
            Host host = switch (plan.kind()) {
                case Layer.CLIENT -> new ClientHost(scene, machines, plan, disks);
                case Layer.SERVER -> new ServerHost(scene, machines, plan, disks);
                default -> new PlainHost(scene, machines, plan, disks);
            };
            hosts.add(host);
            byName.put(plan.name(), host);
        }
        all = List.copyOf(hosts);
    }

    /** As the plan has them. */
    List<Host> all() {
        return all;
    }

    <H extends Host> List<H> all(Class<H> kind) {
        return all.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Null if the plan has no such node. */
    @Nullable Host named(String name) {
        return byName.get(name);
    }

    /** Null if there is no such node of that kind. */
    <H extends Host> @Nullable H named(String name, Class<H> kind) {
        Host host = byName.get(name);
        return kind.isInstance(host) ? kind.cast(host) : null;
    }
}
