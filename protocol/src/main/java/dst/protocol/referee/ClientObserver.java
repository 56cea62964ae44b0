package dst.protocol.referee;

import dst.protocol.Outcome;
import dst.protocol.Signal;
import dst.protocol.wire.Message;
import org.jspecify.annotations.Nullable;

/** What only a client's boundary shows. */
abstract class ClientObserver extends Observer {
    void submitted(long now, Submission submission) {}

    /** A request goes out; the copy is the transaction's first or a later one. */
    void requests(long now, WatchedLink link, Sending sending, Message.Request request, boolean first) {}

    /**
     * An answer came in. Current: it is of the newest boot and of the epoch that this client holds. The transaction is null if
     * nothing is known of it any more.
     */
    void answered(long now, WatchedLink link, @Nullable Sending sending, Message.Answer answer, boolean current) {}

    /** The submission is null if there is none of that tag. */
    void completed(long now, long tag, @Nullable Submission submission, Outcome outcome) {}

    /** Changed, Failed, Detached. */
    void told(long now, Signal output) {}

    void connects(long now, long link, int slot) {}

    /** A link ends, also one that was never open. */
    void ends(long now, long link) {}

    void asksToDetach(long now, long deadlineNanos) {}
}
