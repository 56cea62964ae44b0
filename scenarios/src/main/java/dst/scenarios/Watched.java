package dst.scenarios;

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
            for (int client = 0; client < plan.clients().size(); client++) {
                String name = Plan.clientName(client);
                if (plan.clients().get(client).settings().export().equals(export.name()) && plan.isHonest(name)) {
                    clients.add(name);
                }
            }
            places.add(new History.Place(
                    export.name(), export.start(), export.device().size(), plan.blockSize(), clients));
        }
        return new History(places);
    }
}
