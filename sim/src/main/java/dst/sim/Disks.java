package dst.sim;

import dst.protocol.fault.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Every disk of a world, by its name. */
final class Disks {
    private final Map<String, Storage> all = new LinkedHashMap<>();

    Disks(Scene scene) {
        for (Plan.DiskPlan plan : scene.plan.disks()) {
            all.put(plan.name(), new Storage(scene, plan, all.isEmpty()));
        }
    }

    List<Storage> all() {
        return new ArrayList<>(all.values());
    }

    Storage named(String name) {
        return Objects.requireNonNull(all.get(name));
    }

    List<Storage> of(Target target) {
        return all().stream()
                .filter(storage -> target.equals(Target.ALL) || target.equals(new Target.Disk(storage.plan.name())))
                .toList();
    }

    boolean areIdle() {
        return all.values().stream().allMatch(storage -> storage.disk().isIdle());
    }
}
