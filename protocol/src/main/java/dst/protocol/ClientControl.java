package dst.protocol;

import java.util.List;

/** What a client is told and tells beside its ports. */
public interface ClientControl {
    /** Flush, say goodbye and end; what is pending when the deadline comes settles as Unknown (L5). */
    record Detach(long deadlineNanos) implements Control.Told {}

    /** The machine has ended; these acknowledged contents could not be made durable. */
    record Detached(List<Range> lost) implements Control.Tells {}
}
