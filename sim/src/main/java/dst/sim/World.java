package dst.sim;

import dst.protocol.Machines;
import dst.protocol.Rules;
import dst.protocol.Side;
import dst.protocol.trace.Tap;
import dst.protocol.trace.WorldEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A virtual world with clients, servers and a disk in it. Everything that happens is a function of the code and the plan. First
 * the faults are on; then they are healed and everything has to settle; then the clients are detached and the media are read.
 */
public final class World {
    private static final long EVENTS_MAX = 20_000_000;
    private static final long EVENTS_PER_OPERATION_MAX = 2_000;

    private final Scene scene;
    private final Hosts hosts;
    private final Network network;
    private final Storage storage;
    private final Course course;

    public World(Plan plan, Machines machines, Tap tap) {
        scene = new Scene(plan, tap);
        DiskFaults diskFaults = new DiskFaults(scene);
        storage = new Storage(scene, diskFaults);
        List<ClientHost> clients = new ArrayList<>();
        for (int i = 0; i < plan.clients().size(); i++) {
            clients.add(new ClientHost(scene, machines, i));
        }
        List<ServerHost> servers = new ArrayList<>();
        for (int i = 0; i < plan.servers().size(); i++) {
            servers.add(new ServerHost(scene, machines, i, storage));
        }
        hosts = new Hosts(clients, servers);
        network = new Network(scene, hosts.servers());
        Faults faults = new Faults(scene, new Strikes(scene, hosts, network, diskFaults, storage));
        hosts.all().forEach(host -> host.join(network, faults));
        course = new Course(scene, hosts, storage, faults, new Workload(scene, hosts.clients()));
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
        hosts.clients().forEach(client -> client.end(false));
        hosts.servers().forEach(server -> server.end(false));
        int blockSize = scene.plan.blockSize();
        SimulatedDisk disk = storage.disk();
        for (long offset : touched(blockSize, disk.size())) {
            WorldEvent.MediaHolds holds = new WorldEvent.MediaHolds(offset, disk.durable(offset, blockSize));
            scene.tap.saw(scene.now(), hosts.firstServer().layer, holds);
        }
    }

    /** Where on the disk an operation of the plan may have changed something. */
    private long[] touched(int blockSize, long size) {
        LongStream.Builder touched = LongStream.builder();
        for (Plan.OperationPlan operation : scene.plan.operations()) {
            long start = storage.exported.startFor(scene.plan.clients().get(operation.client()));
            if (operation.kind().changes() && operation.offset() >= 0 && start >= 0) {
                long from = start + operation.offset();
                long end = Math.min(Clock.plus(from, operation.length()), size - size % blockSize);
                for (long at = from - from % blockSize; at < end; at += blockSize) {
                    touched.add(at);
                }
            }
        }
        long[] offsets = touched.build().toArray();
        Arrays.sort(offsets);
        int distinct = 0;
        for (long offset : offsets) {
            if (distinct == 0 || offsets[distinct - 1] != offset) {
                offsets[distinct++] = offset;
            }
        }
        return Arrays.copyOf(offsets, distinct);
    }
}
