package dst.sim;

import dst.protocol.Machines;
import dst.protocol.Side;
import dst.protocol.Words;
import dst.protocol.trace.Tap;
import dst.protocol.trace.WorldEvent;
import java.util.TreeSet;

/**
 * A virtual world with one client and one server in it. Everything that happens is a function of the code and the plan. First
 * the faults are on; then they are healed and everything has to settle; then the client is detached and the media are read.
 */
public final class World {
    /** After the client has ended, the server has this long to see it and come to rest. */
    private static final long REST_NANOS = 1_000_000_000;

    private static final long EVENTS_MAX = 20_000_000;
    private static final long EVENTS_PER_OPERATION_MAX = 2_000;

    private final Scene scene;
    private final ClientHost client;
    private final ServerHost server;
    private final Network network;
    private final Strikes strikes;
    private final Workload workload;
    private final Next next = new Next();
    private Phase phase = Phase.FAULTS;
    private long restBy;

    private enum Phase {
        /** Faults strike. */
        FAULTS,
        /** Healed: every operation has to settle. */
        SETTLING,
        /** The client has been asked to detach. */
        DETACHING,
        /** The server comes to rest. */
        RESTING
    }

    public World(Plan plan, Machines machines, Tap tap) {
        scene = new Scene(plan, tap);
        DiskFaults diskFaults = new DiskFaults(scene);
        client = new ClientHost(scene, machines);
        server = new ServerHost(scene, machines, diskFaults);
        network = new Network(scene, server);
        strikes = new Strikes(scene, client, server, network, diskFaults);
        workload = new Workload(scene, client, this::workloadOver);
        client.join(network, strikes);
        server.join(network, strikes);
        client.serve(workload, this::clientDetached);
    }

    /** Runs the plan to its end; once. */
    public Run run() {
        Counts counts = scene.counts;
        counts.count(Counts.Item.RUNS);
        scene.clock.schedule(next, scene.plan.healAt());
        server.startAt(0);
        client.startAt(0);
        strikes.begin();
        workload.begin();
        long events = turn();
        if (!scene.isEnded()) {
            tearDown();
        }
        counts.count(Counts.Item.EVENTS, events);
        counts.count(Counts.Item.VIRTUAL_NANOS, scene.now());
        return new Run(scene.now(), counts, scene.findings());
    }

    private long turn() {
        long events = 0;
        long max =
                EVENTS_MAX + EVENTS_PER_OPERATION_MAX * scene.plan.operations().size();
        for (Event event = scene.clock.next(); event != null; event = scene.clock.next()) {
            event.happen();
            if (scene.isEnded() || (phase == Phase.RESTING && !next.isScheduled())) {
                break;
            }
            if (++events > max) {
                scene.find("G6", Side.OPEN, "the run has not come to its end after " + max + " events");
                scene.end();
                break;
            }
        }
        return events;
    }

    /** What the next phase begins with. */
    private final class Next extends Event {
        @Override
        void happen() {
            switch (phase) {
                case FAULTS -> heal();
                case SETTLING -> checkSettled();
                case DETACHING -> checkDetached();
                case RESTING -> rested();
            }
        }
    }

    private void heal() {
        phase = Phase.SETTLING;
        scene.heal();
        strikes.heal();
        if (workload.isOver()) {
            detachSoon();
        } else {
            scene.clock.schedule(next, settledBy());
        }
    }

    private void workloadOver() {
        if (phase == Phase.SETTLING) {
            detachSoon();
        }
    }

    private void clientDetached() {
        if (phase == Phase.DETACHING) {
            scene.clock.schedule(next, scene.now());
        }
    }

    private void detachSoon() {
        scene.clock.schedule(next, scene.now());
    }

    private long settledBy() {
        return Clock.plus(Math.max(scene.plan.healAt(), workload.lastSubmitted()), scene.plan.settleWithin());
    }

    private void checkSettled() {
        if (workload.isOver()) {
            detach();
        } else if (workload.isIdle()) {
            // Nothing hangs: the next operation's time has not come.
            scene.clock.schedule(next, Clock.plus(scene.now(), scene.plan.settleWithin()));
        } else if (settledBy() > scene.now()) {
            scene.clock.schedule(next, settledBy());
        } else {
            scene.find(
                    "G6",
                    Side.OPEN,
                    "not settled within " + Words.seconds(scene.plan.settleWithin())
                            + " after the faults were healed and the last operation was submitted: "
                            + workload.unsettled());
            detach();
        }
    }

    private void detach() {
        phase = Phase.DETACHING;
        if (!client.isWorking()) {
            rest();
            return;
        }
        long within = scene.plan.settleWithin();
        long deadline = Clock.plus(client.hostNow(), within);
        scene.clock.schedule(next, Clock.plus(client.clock.whenShows(deadline, scene.now()), REST_NANOS));
        client.detach(within);
    }

    private void checkDetached() {
        if (!client.isDetached()) {
            scene.find(
                    "L5",
                    Side.CLIENT,
                    "the client was asked to detach within " + Words.seconds(scene.plan.settleWithin())
                            + " and has not ended");
        }
        rest();
    }

    private void rested() {
        if (!server.disk().isIdle() && scene.now() < restBy) {
            scene.clock.schedule(this.next, scene.now() + REST_NANOS);
        }
    }

    private void rest() {
        phase = Phase.RESTING;
        restBy = Clock.plus(scene.now(), scene.plan.settleWithin());
        scene.clock.schedule(next, scene.now() + REST_NANOS);
    }

    /** Both processes end, and all their memory comes back; then the media are read. */
    private void tearDown() {
        network.dropAll();
        client.end(false);
        server.end(false);
        int blockSize = scene.plan.blockSize();
        TreeSet<Long> touched = new TreeSet<>();
        for (Plan.OperationPlan operation : scene.plan.operations()) {
            if (operation.kind().changes() && operation.offset() >= 0) {
                long end = Math.min(
                        Clock.plus(operation.offset(), operation.length()),
                        server.disk().size());
                for (long at = operation.offset() - operation.offset() % blockSize; at < end; at += blockSize) {
                    touched.add(at);
                }
            }
        }
        for (long offset : touched) {
            scene.tap.saw(
                    scene.now(),
                    server.name,
                    new WorldEvent.MediaHolds(offset, server.disk().durable(offset)));
        }
    }
}
