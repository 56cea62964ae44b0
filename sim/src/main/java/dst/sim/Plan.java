package dst.sim;

import dst.protocol.ClientSettings;
import dst.protocol.Device;
import dst.protocol.Kind;
import dst.protocol.Terms;
import java.util.List;

/**
 * One run, explicit and printable: a world's make, every operation and every fault. A run is a function of the code and this.
 * Whatever is not written here (each delay, each split) is drawn from the seed and a stable name, so that removing one line
 * changes nobody else's luck.
 *
 * @param healAt from here on no fault strikes and those that last are lifted; operations may still follow
 * @param settleWithin how long after healing and the last operation everything has to be settled (G6)
 */
public record Plan(
        String scenario,
        long seed,
        HostPlan client,
        HostPlan server,
        ClientSettings settings,
        ExportPlan export,
        DiskPlan disk,
        LinkPlan link,
        List<OperationPlan> operations,
        List<Fault> faults,
        long healAt,
        long settleWithin) {

    /** A host's page size in bytes, 512 to 65536, and how many parts per million its clock runs fast. */
    public record HostPlan(int pageSize, int clockPpm) {}

    /** What the server exports. */
    public record ExportPlan(Device device, Terms terms) {}

    /** How long each disk operation takes, drawn in between; size and block size are the exported device's. */
    public record DiskPlan(long latencyNanosMin, long latencyNanosMax, long flushNanosMin, long flushNanosMax) {}

    /** A link's delay each way, drawn in between; bytes per second (0: unlimited); the largest piece that arrives at once. */
    public record LinkPlan(long delayNanosMin, long delayNanosMax, long bytesPerSecond, int splitMax) {}

    /**
     * One operation: submitted {@code at} nanoseconds after the start or, if {@code after} names an earlier one's tag, that long
     * after it has settled. Tags are positive and unique. A write's content is its stamp (see {@code Stamp}).
     */
    public record OperationPlan(long tag, long at, long after, Kind kind, long offset, int length, boolean durable) {
        public static final long NOTHING = 0;
    }
}
