package dst.sim;

import dst.protocol.Machines;
import dst.protocol.trace.Layer;
import dst.sim.Plan.NodePlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every computer of a world, by the name of its node. */
final class Hosts {
    private final Map<String, Host> all = new LinkedHashMap<>();

    Hosts(Scene scene, Machines machines, Disks disks) {
        for (NodePlan plan : scene.plan.nodes()) {
            all.put(
                    plan.name(),
                    switch (plan.kind()) {
                        case Layer.CLIENT -> new ClientHost(scene, machines, plan, disks);
                        case Layer.SERVER -> new ServerHost(scene, machines, plan, disks);
                        default -> new PlainHost(scene, machines, plan, disks);
                    });
        }
    }

    /** As the plan has them. */
    List<Host> all() {
        return new ArrayList<>(all.values());
    }

    <H extends Host> List<H> all(Class<H> kind) {
        return all.values().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Null if the plan has no such node. */
    @Nullable Host named(String name) {
        return all.get(name);
    }

    /** Null if there is no such node of that kind. */
    <H extends Host> @Nullable H named(String name, Class<H> kind) {
        Host host = all.get(name);
        return kind.isInstance(host) ? kind.cast(host) : null;
    }
}
