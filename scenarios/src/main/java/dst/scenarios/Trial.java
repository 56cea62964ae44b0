package dst.scenarios;

import dst.protocol.Machines;
import dst.protocol.referee.Referee;
import dst.protocol.trace.Digest;
import dst.protocol.trace.Tap;
import dst.reports.Expectation;
import dst.reports.Judgement;
import dst.reports.check.History;
import dst.sim.Counts;
import dst.sim.Plan;
import dst.sim.Run;
import dst.sim.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One run of a plan, judged: the digest of everything that crossed a boundary, and what that came to. */
record Trial(Plan plan, Judgement judgement, Counts counts, Traffic traffic, long digest) {

    /** Runs it. The referee, the history and the digest always watch; others may as well. */
    static Trial of(Plan plan, Machines machines, Optional<Expectation> expected, Tap... others) {
        Watchers watchers = new Watchers(plan, others);
        try {
            Run run = new World(plan, machines, watchers).run();
            Judgement judgement = Judgement.of(
                    new Judgement.Found(
                            watchers.referee.findings(),
                            watchers.history.check(),
                            run.findings(),
                            run.counts().struck()),
                    expected);
            return new Trial(plan, judgement, run.counts(), watchers.traffic, watchers.digest.value());
        } finally {
            watchers.referee.discard();
        }
    }

    /**
     * The exports that can be judged by what was read there: not those that a hostile client wrote to, and none of a hostile server,
     * who may say Done and do nothing.
     */
    private static List<History.Place> places(Plan plan) {
        List<History.Place> places = new ArrayList<>();
        boolean honestServers =
                plan.servers().stream().allMatch(server -> server.host().isHonest());
        for (Plan.ExportPlan export : plan.exports()) {
            List<String> clients = new ArrayList<>();
            boolean honest = honestServers;
            for (int i = 0; i < plan.clients().size(); i++) {
                if (plan.clients().get(i).settings().export().equals(export.name())) {
                    clients.add(Plan.clientName(i));
                    honest &= plan.clients().get(i).host().isHonest();
                }
            }
            if (honest && !clients.isEmpty()) {
                places.add(new History.Place(
                        export.name(),
                        export.start(),
                        plan.exports().size() == 1
                                ? Long.MAX_VALUE
                                : export.device().size(),
                        plan.blockSize(),
                        clients));
            }
        }
        return places;
    }

    /** Who is up to no good is not judged. */
    private static Set<String> hostile(Plan plan) {
        return RunFolder.nodes(plan).stream()
                .filter(node -> !plan.isHonest(node))
                .collect(Collectors.toSet());
    }

    /** All who see what crosses a boundary, in a fixed order. */
    private static final class Watchers implements Tap {
        final Digest digest = new Digest();
        final Referee referee;
        final History history;
        final Traffic traffic = new Traffic();
        private final Tap[] others;

        Watchers(Plan plan, Tap... others) {
            this.referee = new Referee(hostile(plan));
            this.history = new History(places(plan));
            this.others = others;
        }

        @Override
        public void saw(long now, String node, Object value) {
            digest.saw(now, node, value);
            referee.saw(now, node, value);
            history.saw(now, node, value);
            traffic.saw(now, node, value);
            for (Tap other : others) {
                other.saw(now, node, value);
            }
        }
    }
}
