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
import dst.sim.Plan.ClientPlan;
import dst.sim.Plan.DiskPlan;
import dst.sim.Plan.ExportPlan;
import dst.sim.Plan.HostPlan;
import dst.sim.Plan.LinkPlan;
import dst.sim.Plan.OperationPlan;
import dst.sim.Plan.ServerPlan;
import java.util.List;

/** Plans to make smaller. */
final class Worlds {
    private static final HostPlan HOST = new HostPlan(4096, 0, "present");
    private static final ServerPlan SERVER = new ServerPlan(HOST, ServerSettings.DEFAULT);
    private static final LinkPlan LINK = new LinkPlan(1, 1, 0, 65_536, 0);

    private Worlds() {}

    private static ClientPlan client(HostPlan host) {
        return new ClientPlan(host, ClientSettings.of("disk"), 0, 0, 0);
    }

    private static ExportPlan export(String name, long start) {
        Device device = new Device(new Unique(1, 2), 1 << 20, 512, Permission.BOTH);
        return new ExportPlan(name, start, device, Terms.DEFAULT, false, Access.ofEverybody(Permission.BOTH));
    }

    private static Plan plan(
            List<ClientPlan> clients,
            List<ExportPlan> exports,
            List<LinkPlan> paths,
            List<OperationPlan> operations,
            List<Fault> faults) {
        return new Plan(
                "x",
                1,
                clients,
                List.of(SERVER),
                exports,
                new DiskPlan(1, 2, 3, 4),
                paths,
                operations,
                faults,
                500_000_000,
                10_000_000_000L);
    }

    static Plan ordinary(List<OperationPlan> operations, List<Fault> faults) {
        return plan(List.of(client(HOST)), List.of(export("disk", 0)), List.of(LINK), operations, faults);
    }

    static Plan odd(List<OperationPlan> operations) {
        return plan(
                List.of(client(new HostPlan(512, 700, "older"))),
                List.of(export("disk", 0)),
                List.of(new LinkPlan(5, 6, 100_000, 3, 700)),
                operations,
                List.of());
    }

    static Plan twoClients(List<OperationPlan> operations) {
        return plan(
                List.of(client(HOST), client(HOST)),
                List.of(export("disk", 0), export("other", 1 << 20)),
                List.of(LINK, LINK),
                operations,
                List.of());
    }
}
