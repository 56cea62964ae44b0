package dst.sim;

import static dst.protocol.setting.Usual.fixed;

import dst.protocol.Machines;
import dst.protocol.setting.Measure;
import dst.protocol.setting.Setting;
import dst.protocol.setting.Settings;
import dst.protocol.setting.Spread;
import dst.sim.Plan.DiskPlan;
import dst.sim.Plan.HostPlan;
import dst.sim.Plan.NodePlan;
import dst.sim.Plan.PathPlan;
import java.util.List;

/** What can be set of the parts of a world: of hosts, of nodes beside what their machines are told, of disks, of paths. */
public final class PlanSettings {
    private static final int MANY = 1_000_000;
    private static final int DRIFT_MAX = 100_000;
    private static final int PAGE_MIN = 512;
    private static final int PAGE_MAX = 65_536;

    /** What may run on a host: this program, another version of it, one that is up to no good, or this one with NBD before its client. */
    private static final List<String> PROGRAMS =
            List.of(Machines.PRESENT, "older", "newer", HostPlan.HOSTILE, HostPlan.ATTACHED);

    private static final Setting<HostPlan, Integer> PAGE_SIZE =
            new Setting<>("page-size", Measure.powerOfTwo(PAGE_MIN, PAGE_MAX), HostPlan::pageSize, fixed("4096"));
    private static final Setting<HostPlan, Integer> CLOCK = new Setting<>(
            "clock-ppm", Measure.whole(-DRIFT_MAX, DRIFT_MAX), HostPlan::clockPpm, fixed("0"), "clock's haste in ppm");
    private static final Setting<HostPlan, String> PROGRAM =
            new Setting<>("program", Measure.name(PROGRAMS), HostPlan::program, fixed(Machines.PRESENT));

    public static final Settings<HostPlan> HOST = Settings.of(
            List.of(PAGE_SIZE, CLOCK, PROGRAM),
            values -> new HostPlan(values.get(PAGE_SIZE), values.get(CLOCK), values.get(PROGRAM)));

    private static final Setting<NodePlan, Long> STARTS =
            new Setting<>("starts", Measure.TIME, NodePlan::startAt, fixed("0 ms"), "start");
    private static final Setting<NodePlan, Integer> BUFFERS = new Setting<>(
            "buffers",
            Measure.whole(0, MANY).or("unlimited", 0),
            NodePlan::buffers,
            fixed("unlimited"),
            "write buffers");

    public static final List<Setting<NodePlan, ?>> OF_NODE = List.of(STARTS, BUFFERS);

    /** What differs from that node in these. */
    public static Settings<NodePlan> node(NodePlan one) {
        return Settings.of(OF_NODE, values -> one.with(values.get(STARTS), values.get(BUFFERS)));
    }

    private static final Setting<PathPlan, Long> BANDWIDTH = new Setting<>(
            "bandwidth", Measure.size(1).or("unlimited", 0L), PathPlan::bytesPerSecond, fixed("unlimited"));
    private static final Setting<PathPlan, Integer> SPLIT =
            new Setting<>("split", Measure.whole(1, PAGE_MAX), PathPlan::splitMax, fixed("65536"), "largest piece");
    private static final Setting<PathPlan, Integer> BUFFER = new Setting<>(
            "buffer", Measure.smallSize(1).or("unlimited", 0), PathPlan::bufferBytes, fixed("unlimited"), "buffers");

    public static final List<Setting<PathPlan, ?>> OF_PATH = List.of(BANDWIDTH, SPLIT, BUFFER);

    public static final List<Spread<PathPlan>> SPREADS_OF_PATH = List.of(new Spread<>(
            "delay", PathPlan::delayNanosMin, PathPlan::delayNanosMax, PathPlan::withDelay, 100_000, "delay"));

    /** What differs from that path in these. */
    public static Settings<PathPlan> path(PathPlan one) {
        return Settings.of(
                OF_PATH,
                values -> new PathPlan(
                        one.name(),
                        one.delayNanosMin(),
                        one.delayNanosMax(),
                        values.get(BANDWIDTH),
                        values.get(SPLIT),
                        values.get(BUFFER)));
    }

    public static final List<Spread<DiskPlan>> SPREADS_OF_DISK = List.of(
            new Spread<>(
                    "latency",
                    DiskPlan::latencyNanosMin,
                    DiskPlan::latencyNanosMax,
                    DiskPlan::withLatency,
                    100_000,
                    "latency"),
            new Spread<>(
                    "flush",
                    DiskPlan::flushNanosMin,
                    DiskPlan::flushNanosMax,
                    DiskPlan::withFlush,
                    1_000_000,
                    "time for a flush"));

    private PlanSettings() {}
}
