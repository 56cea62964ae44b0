package dst.protocol;

import java.util.List;

/** Operations on a block device, and what becomes of them. */
public interface BlockPort {
    /** By whoever stands above. */
    sealed interface Request extends Signal.Input {}

    /** By whoever stands below. */
    sealed interface Event extends Signal.Output {}

    /**
     * An operation to be done; the tag is the submitter's name for it, unique among those not settled. It waits below for its turn, in
     * the submitter's buffer: how many wait is the submitter's own limit. What a machine adds of its own, copies and retained content,
     * has limits in the settings (T5, D4).
     */
    record Submit(long tag, Operation operation) implements Request {}

    /** An operation settled: the only one for its tag. */
    record Completed(long tag, Outcome outcome) implements Event {}

    /** The content of this operation was copied: the buffer that it came in is the submitter's again (T5, copy). */
    record Copied(long tag) implements Event {}

    /**
     * The device as it now is: after the first attach, and whenever a later one differs (H6). Owed: a predecessor's replay may
     * be missing, so the device is as after a power cut (H5).
     */
    record Changed(Device device, boolean owed) implements Event {}

    /**
     * What a machine wants of a device that it stands on: a request as that device takes it, and the number that the device has for
     * this machine, as links and disks have. What a machine offers has no number, for it offers it once.
     */
    record Ask(int device, Request request) implements Signal.Output {}

    /** What a device says that a machine stands on. */
    record Heard(int device, Event event) implements Signal.Input {}

    /** The device serves nothing more; these acknowledged contents may be lost. */
    record Failed(Problem problem, String text, List<Range> lost) implements Event {}
}
