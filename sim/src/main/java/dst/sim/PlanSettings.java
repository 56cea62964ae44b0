package dst.sim;

import static dst.protocol.setting.Usual.fixed;

import dst.protocol.Access;
import dst.protocol.Device;
import dst.protocol.Machines;
import dst.protocol.Permission;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.setting.Measure;
import dst.protocol.setting.Setting;
import dst.protocol.setting.Settings;
import dst.protocol.setting.Spread;
import dst.sim.Plan.DiskPlan;
import dst.sim.Plan.ExportPlan;
import dst.sim.Plan.HostPlan;
import dst.sim.Plan.NodePlan;
import dst.sim.Plan.PathPlan;
import java.util.List;

/** What can be set of the parts of a world: of hosts, of nodes beside what their machines are told, of exports, disks and paths. */
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

    public static final Measure<Permission> PERMISSIONS = Measure.oneOf(List.of(Permission.values()));

    private static final Setting<ExportPlan, Long> SIZE =
            new Setting<>("size", Measure.size(0), export -> export.device().size(), fixed("64 KiB"));
    private static final Setting<ExportPlan, Integer> BLOCK_SIZE = new Setting<>(
            "block-size",
            Measure.powerOfTwo(PAGE_MIN, PAGE_MAX),
            export -> export.device().blockSize(),
            fixed("512"));
    private static final Setting<ExportPlan, Permission> PERMISSION =
            new Setting<>("permission", PERMISSIONS, export -> export.device().permission(), fixed("both"));
    private static final Setting<ExportPlan, Boolean> SHARED =
            new Setting<>("shared", Measure.TRUTH, ExportPlan::shared, fixed("false"));

    public static final List<Setting<ExportPlan, ?>> OF_EXPORT = List.of(SIZE, BLOCK_SIZE, PERMISSION, SHARED);

    /** What differs from that export in these. */
    public static Settings<ExportPlan> export(ExportPlan one) {
        return export(one.name(), one.start(), one.device().identity(), one.terms(), one.access());
    }

    public static Settings<ExportPlan> export(String name, long start, Unique identity, Terms terms, Access access) {
        return Settings.of(
                OF_EXPORT,
                values -> new ExportPlan(
                        name,
                        start,
                        new Device(identity, values.get(SIZE), values.get(BLOCK_SIZE), values.get(PERMISSION)),
                        terms,
                        values.get(SHARED),
                        access));
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
