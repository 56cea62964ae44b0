package dst.scenarios.shrink;

import dst.protocol.Access;
import dst.protocol.ClientSettings;
import dst.protocol.Device;
import dst.protocol.Permission;
import dst.protocol.ServerSettings;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.fault.Fault;
import dst.sim.Plan;
import dst.sim.Plan.DiskPlan;
import dst.sim.Plan.ExportPlan;
import dst.sim.Plan.HostPlan;
import dst.sim.Plan.NodePlan;
import dst.sim.Plan.OperationPlan;
import dst.sim.Plan.PathPlan;
import dst.sim.Plan.WayPlan;
import java.util.ArrayList;
import java.util.List;

/** Plans to make smaller. */
final class Worlds {
    private static final HostPlan HOST = new HostPlan(4096, 0, "present");
    private static final NodePlan SERVER = NodePlan.server("server", HOST, ServerSettings.DEFAULT, List.of("disk"));
    private static final PathPlan PATH = new PathPlan("path", 1, 1, 0, 65_536, 0);

    private Worlds() {}

    private static NodePlan client(String name, HostPlan host) {
        List<WayPlan> ways = List.of(new WayPlan("server", "path"));
        return NodePlan.client(name, host, ClientSettings.of("disk"), 0, ways, 0);
    }

    private static ExportPlan export(String name, long start) {
        Device device = new Device(new Unique(1, 2), 1 << 20, 512, Permission.BOTH);
        return new ExportPlan(name, start, device, Terms.DEFAULT, false, Access.ofEverybody(Permission.BOTH));
    }

    private static Plan plan(
            List<NodePlan> clients,
            List<ExportPlan> exports,
            List<PathPlan> paths,
            List<OperationPlan> operations,
            List<Fault> faults) {
        List<NodePlan> nodes = new ArrayList<>(clients);
        nodes.add(SERVER);
        return new Plan(
                "x",
                1,
                nodes,
                List.of(new DiskPlan("disk", 1, 2, 3, 4, exports)),
                paths,
                operations,
                faults,
                500_000_000,
                10_000_000_000L);
    }

    static Plan ordinary(List<OperationPlan> operations, List<Fault> faults) {
        return plan(List.of(client("client", HOST)), List.of(export("disk", 0)), List.of(PATH), operations, faults);
    }

    static Plan odd(List<OperationPlan> operations) {
        return plan(
                List.of(client("client", new HostPlan(512, 700, "older"))),
                List.of(export("disk", 0)),
                List.of(new PathPlan("path", 5, 6, 100_000, 3, 700)),
                operations,
                List.of());
    }

    static Plan twoClients(List<OperationPlan> operations) {
        return plan(
                List.of(client("client", HOST), client("client-2", HOST)),
                List.of(export("disk", 0), export("other", 1 << 20)),
                List.of(PATH, new PathPlan("path-2", 1, 1, 0, 65_536, 0)),
                operations,
                List.of());
    }
}
