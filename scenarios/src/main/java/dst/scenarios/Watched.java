package dst.scenarios;

import dst.protocol.referee.Referee;
import dst.reports.check.History;
import dst.sim.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Who is judged in a plan's run, and what the history is to know of its world. */
final class Watched {
    private Watched() {}

    /** Of nodes that are up to no good nothing is demanded. */
    static Referee referee(Plan plan) {
        Set<String> ignored = new TreeSet<>();
        for (int client = 0; client < plan.clients().size(); client++) {
            ignored.add(Plan.clientName(client));
        }
        for (int server = 0; server < plan.servers().size(); server++) {
            ignored.add(Plan.serverName(server));
        }
        ignored.removeIf(plan::isHonest);
        return new Referee(ignored);
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
