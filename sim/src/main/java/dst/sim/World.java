package dst.sim;

import dst.protocol.Machines;
import dst.protocol.Rules;
import dst.protocol.Side;
import dst.protocol.trace.Tap;
import dst.protocol.trace.WorldEvent;

/**
 * A virtual world with nodes, disks and a network in it. Everything that happens is a function of the code and the plan. First
 * the faults are on; then they are healed and everything has to settle; then the clients are detached and the media are read.
 */
public final class World {
    private static final long EVENTS_MAX = 20_000_000;
    private static final long EVENTS_PER_OPERATION_MAX = 2_000;

    private final Scene scene;
    private final Hosts hosts;
    private final Network network;
    private final Disks disks;
    private final Course course;
    private final Reach reach;

    public World(Plan plan, Machines machines, Tap tap) {
        scene = new Scene(plan, tap);
        reach = new Reach(plan);
        disks = new Disks(scene);
        hosts = new Hosts(scene, machines, disks);
        network = new Network(scene, hosts);
        Faults faults = new Faults(scene, new Strikes(scene, hosts, network, disks, reach));
        hosts.all().forEach(host -> host.join(network, faults));
        course = new Course(scene, hosts, disks, faults, new Workload(scene, hosts));
    }

    /** Runs the plan to its end; once. */
    public Run run() {
        Counts counts = scene.counts;
        counts.count(Counts.Item.RUNS);
        course.begin();
        long events = turn();
        if (!scene.isEnded()) {
            tearDown();
        }
        scene.missStanding();
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
            if (scene.isEnded() || course.isOver()) {
                break;
            }
            if (++events > max) {
                scene.find(Rules.G6, Side.OPEN, "the run has not come to its end after ", max, " events");
                scene.end();
                break;
            }
        }
        return events;
    }

    /** All processes end, and all their memory comes back; then the media are read. */
    private void tearDown() {
        network.dropAll();
        hosts.all().forEach(host -> host.end(false));
        for (Storage storage : disks.all()) {
            hosts.all().stream()
                    .filter(host -> host.plan.disks().contains(storage.plan.name()))
                    .findFirst()
                    .ifPresent(host -> read(storage, host, host.plan.disks().indexOf(storage.plan.name())));
        }
    }

    private void read(Storage storage, Host host, int number) {
        int blockSize = scene.plan.blockSize();
        for (long offset : new Touched(scene.plan, reach, storage).blocks()) {
            WorldEvent.MediaHolds holds =
                    new WorldEvent.MediaHolds(number, offset, storage.disk().durable(offset, blockSize));
            scene.tap.saw(scene.now(), host.layer, holds);
        }
    }
}
