package dst.scenarios.trial;

import dst.protocol.ClientSettings;
import dst.protocol.ServerSettings;
import dst.protocol.referee.Limits;
import dst.protocol.referee.Referee;
import dst.reports.check.History;
import dst.sim.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Who is judged in a plan's run, and what the history is to know of its world. */
final class Watched {
    private Watched() {}

    /** Of nodes that are up to no good nothing is demanded. */
    static Referee referee(Plan plan) {
        Map<String, ClientSettings> clients = new TreeMap<>();
        Map<String, ServerSettings> servers = new TreeMap<>();
        Set<String> ignored = new TreeSet<>();
        for (int client = 0; client < plan.clients().size(); client++) {
            clients.put(Plan.clientName(client), plan.clients().get(client).settings());
        }
        for (int server = 0; server < plan.servers().size(); server++) {
            servers.put(Plan.serverName(server), plan.servers().get(server).settings());
        }
        ignored.addAll(clients.keySet());
        ignored.addAll(servers.keySet());
        ignored.removeIf(plan::isHonest);
        return new Referee(new Limits(clients, servers, ignored));
    }

    static History history(Plan plan) {
        List<History.Place> places = new ArrayList<>();
        for (Plan.ExportPlan export : plan.exports()) {
            List<String> clients = new ArrayList<>();
            boolean judged = true;
            for (int client = 0; client < plan.clients().size(); client++) {
                String name = Plan.clientName(client);
                if (!plan.clients().get(client).settings().export().equals(export.name())) {
                    continue;
                }
                if (plan.isHonest(name)) {
                    clients.add(name);
                } else {
                    judged &= export.shared() || !export.access().of(name).writes();
                }
            }
            if (judged && !clients.isEmpty() && serversAreHonest(plan)) {
                // The only one may grow.
                long length = plan.exports().size() == 1
                        ? Long.MAX_VALUE
                        : export.device().size();
                places.add(new History.Place(export.name(), export.start(), length, plan.blockSize(), clients));
            }
        }
        return new History(places);
    }

    /** What one says that is up to no good was read or written, nobody can check. */
    private static boolean serversAreHonest(Plan plan) {
        return plan.servers().stream().allMatch(server -> server.host().isHonest());
    }
}
