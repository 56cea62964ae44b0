package dst.scenarios.trial;

import dst.protocol.fault.Fault;
import dst.sim.Plan;
import dst.sim.Plan.ClientPlan;
import dst.sim.Plan.ExportPlan;
import dst.sim.Plan.LinkPlan;
import dst.sim.Plan.OperationPlan;
import dst.sim.Plan.ServerPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Plans without some of their parts. */
public final class Parts {
    private Parts() {}

    public static Plan with(
            Plan plan,
            List<ClientPlan> clients,
            List<ServerPlan> servers,
            List<ExportPlan> exports,
            List<LinkPlan> paths) {
        return new Plan(
                plan.scenario(),
                plan.seed(),
                clients,
                servers,
                exports,
                plan.disk(),
                paths,
                plan.operations(),
                plan.faults(),
                plan.standing(),
                plan.healAt(),
                plan.settleWithin());
    }

    /** Without the operations of these tags: what would have followed one of them follows what it followed. */
    public static Plan withoutOperations(Plan plan, Set<Long> gone) {
        Map<Long, OperationPlan> removed = new HashMap<>();
        List<OperationPlan> left = new ArrayList<>();
        for (OperationPlan one : plan.operations()) {
            OperationPlan moved = moved(one, removed);
            if (gone.contains(one.tag())) {
                removed.put(one.tag(), moved);
            } else {
                left.add(moved);
            }
        }
        return plan.withOperations(left);
    }

    private static OperationPlan moved(OperationPlan one, Map<Long, OperationPlan> removed) {
        OperationPlan before = removed.get(one.after());
        return before == null
                ? one
                : new OperationPlan(
                        one.tag(),
                        one.client(),
                        before.at() + one.at(),
                        before.after(),
                        one.kind(),
                        one.offset(),
                        one.length(),
                        one.durable());
    }

    /** The operations counted from 1 on, in their order. */
    public static Plan renumbered(Plan plan) {
        Map<Long, Long> tags = new HashMap<>();
        tags.put(OperationPlan.NOTHING, OperationPlan.NOTHING);
        List<OperationPlan> renumbered = new ArrayList<>();
        for (OperationPlan one : plan.operations()) {
            long tag = renumbered.size() + 1L;
            tags.put(one.tag(), tag);
            renumbered.add(new OperationPlan(
                    tag,
                    one.client(),
                    one.at(),
                    tags.getOrDefault(one.after(), OperationPlan.NOTHING),
                    one.kind(),
                    one.offset(),
                    one.length(),
                    one.durable()));
        }
        return plan.withOperations(renumbered);
    }

    /** Without that fault, by its place. */
    public static Plan withoutFault(Plan plan, int place) {
        List<Fault> left = new ArrayList<>(plan.faults());
        left.remove(place);
        return plan.withFaults(left);
    }

    /** Without the last client and all that it does. The others keep their names, by which everything knows them. */
    public static Plan withoutLastClient(Plan plan) {
        int last = plan.clients().size() - 1;
        List<OperationPlan> operations = new ArrayList<>();
        for (OperationPlan one : plan.operations()) {
            if (one.client() != last) {
                operations.add(one);
            }
        }
        return with(plan, plan.clients().subList(0, last), plan.servers(), plan.exports(), plan.paths())
                .withOperations(operations);
    }

    /** Without the last server; whoever used it uses the first one. */
    public static Plan withoutLastServer(Plan plan) {
        int last = plan.servers().size() - 1;
        List<ClientPlan> clients = new ArrayList<>();
        for (ClientPlan one : plan.clients()) {
            int server = one.server() == last ? 0 : one.server();
            clients.add(new ClientPlan(one.host(), one.settings(), one.startAt(), server, one.buffers()));
        }
        return with(plan, clients, plan.servers().subList(0, last), plan.exports(), plan.paths());
    }

    /** Whether somebody attaches it. */
    public static boolean isUsed(Plan plan, ExportPlan export) {
        return plan.clients().stream()
                .anyMatch(client -> client.settings().export().equals(export.name()));
    }
}
