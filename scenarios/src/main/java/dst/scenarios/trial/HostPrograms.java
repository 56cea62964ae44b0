package dst.scenarios.trial;

import dst.protocol.ClientSettings;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.ServerSettings;
import dst.protocol.Side;
import dst.scenarios.kinds.Kinds;
import dst.scenarios.planting.PlantedMachines;
import dst.scenarios.planting.Version;
import dst.sim.NodeKind;
import dst.sim.Plan;
import dst.sim.hostile.HostileMachines;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Everything that may run on a host of a plan, by its name: the present program, honest or with a bug planted, and others. */
public final class HostPrograms implements Machines {
    private final Machines present;
    private final List<Version> versions;
    private final ConcurrentMap<String, Machines> loaded = new ConcurrentHashMap<>();

    public HostPrograms(Machines present, List<Version> versions) {
        this.present = present;
        this.versions = versions;
    }

    @Override
    public Machine client(ClientSettings settings, ByteBufAllocator pages) {
        return present.client(settings, pages);
    }

    @Override
    public Machine server(ServerSettings settings, ByteBufAllocator pages) {
        return present.server(settings, pages);
    }

    @Override
    public Machine machine(String kind, Record settings, ByteBufAllocator pages) {
        if (settings instanceof ClientSettings || settings instanceof ServerSettings) {
            return Machines.super.machine(kind, settings, pages);
        }
        Optional<Machine> planted = present instanceof PlantedMachines edited
                ? edited.machine(Kinds.of(kind, settings), settings, pages)
                : Optional.empty();
        return planted.orElseGet(() -> Kinds.machine(kind, settings, pages));
    }

    @Override
    public Side side(String kind) {
        return Kinds.find(kind).map(NodeKind::side).orElseGet(() -> Machines.super.side(kind));
    }

    /** A bug is planted in the present program alone. */
    @Override
    public Machines variant(String name) {
        return name.equals(PRESENT) ? this : loaded.computeIfAbsent(name, this::load);
    }

    private Machines load(String name) {
        if (name.equals(Plan.HostPlan.HOSTILE)) {
            return new HostileMachines(present);
        }
        if (name.equals(Plan.HostPlan.ATTACHED)) {
            return present.variant(name);
        }
        return versions.stream()
                .filter(version -> version.id().equals(name))
                .findFirst()
                .<Machines>map(PlantedMachines::new)
                .orElseThrow(() -> new IllegalArgumentException("there is no program " + name));
    }
}
