package dst.protocol.referee;

import dst.protocol.Boot;
import dst.protocol.Sentence.Crossing;
import dst.protocol.wire.Message;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** What one client process has come to, as its boundary shows it; what several observers need to know. */
final class ClientLife {
    /** Counts inputs: what comes out between two belongs to one step. */
    long step;

    long lastId;
    Crossing lastSeen = Crossing.NONE;
    /** Submitted, and not told how it ended. */
    int open;
    /** Sent and not settled. */
    final ArrayList<Sending> live = new ArrayList<>();

    /** The newest boot that this client has attached and used. */
    Boot newest = Boot.NONE;
    /** On which it attached it. */
    @Nullable WatchedLink newestOn;
    /** A grant that came in this step; taken if its link is still open at the end of it. */
    private @Nullable WatchedLink granted;
    /** The device has failed, or was detached. */
    boolean failed;
    /** Its server contradicted itself, or was found wrong: what this client makes of what is durable is not its own doing any more. */
    boolean misled;

    void began() {
        lastId = 0;
        lastSeen = Crossing.NONE;
        open = 0;
        live.clear();
        newest = Boot.NONE;
        newestOn = null;
        granted = null;
        failed = false;
        misled = false;
    }

    /** The step before is over. */
    void next() {
        step++;
        WatchedLink link = granted;
        if (link != null) {
            granted = null;
            if (link.open) {
                uses(link);
            }
        }
    }

    /** T4: from here on nothing of an earlier boot counts, on whatever link it comes. */
    void granted(WatchedLink link) {
        granted = link;
    }

    /** The client took that link's grant: it uses the link, or has not closed it. */
    void uses(WatchedLink link) {
        Message.Attached attached = link.attached;
        if (attached != null && attached.boot().counter() >= newest.counter()) {
            newest = attached.boot();
            newestOn = link;
        }
    }

    /** T4: of the link's own grant, and of no earlier boot than the newest one used. */
    boolean isCurrent(WatchedLink link, Message.Answer answer) {
        Message.Attached attached = link.attached;
        return attached != null
                && answer.boot().equals(attached.boot())
                && answer.epoch() == attached.holder().epoch()
                && answer.boot().counter() >= newest.counter();
    }

    /** What gave it that boot. */
    Crossing newestSeen() {
        return newestOn == null ? Crossing.NONE : newestOn.attachedSeen;
    }

    int blockSize(WatchedLink link) {
        Message.Attached attached = link.attached;
        return attached == null ? 0 : attached.agreement().device().blockSize();
    }
}
