package dst.protocol;

import io.netty.buffer.ByteBuf;
import java.util.List;

/** Everything that a client wants done. */
public sealed interface ClientOutput {
    /** Open a link under this number, by the way that belongs to this slot; answered by {@code LinkOpened} or {@code LinkClosed}. */
    record Connect(long link, int slot) implements ClientOutput {}

    record Send(long link, ByteBuf bytes) implements ClientOutput {}

    /** Nothing more is sent or wanted on this link. */
    record Close(long link, Closing closing) implements ClientOutput {}

    /** Whether the machine wants to be given what arrives on this link (backpressure). */
    record Reading(long link, boolean wanted) implements ClientOutput {}

    /** An operation settled: the only one for its tag. */
    record Completed(long tag, Outcome outcome) implements ClientOutput {}

    /** The content of this operation was copied: the buffer that it came in is the submitter's again (T5, copy). */
    record Copied(long tag) implements ClientOutput {}

    /**
     * The device as it now is: after the first attach, and whenever a later one differs (H6). Owed: a predecessor's replay may
     * be missing, so the device is as after a power cut (H5).
     */
    record Changed(Device device, boolean owed) implements ClientOutput {}

    /** The device serves nothing more; these acknowledged contents may be lost. */
    record Failed(Problem problem, String text, List<Range> lost) implements ClientOutput {}

    /** The machine has ended; these acknowledged contents could not be made durable. */
    record Detached(List<Range> lost) implements ClientOutput {}

    /** For a person to read. */
    record Noted(String text) implements ClientOutput {}
}
