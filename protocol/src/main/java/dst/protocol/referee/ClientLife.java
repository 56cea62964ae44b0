package dst.protocol.referee;

import dst.protocol.Boot;
import dst.protocol.wire.Message;
import java.util.ArrayList;

/** What one client process has come to, as its boundary shows it; what several observers need to know. */
final class ClientLife {
    /** Counts inputs: what comes out between two belongs to one step. */
    long step;

    long lastId;
    /** Sent and not settled. */
    final ArrayList<Sending> live = new ArrayList<>();

    /** The newest boot that this client has attached and used. */
    Boot newest = Boot.NONE;
    /** The device has failed, or was detached. */
    boolean failed;

    void began() {
        lastId = 0;
        live.clear();
        newest = Boot.NONE;
        failed = false;
    }

    /** A request on a link: the client took that link's grant. */
    void uses(Link link) {
        Message.Attached attached = link.attached;
        if (attached != null && attached.boot().counter() >= newest.counter()) {
            newest = attached.boot();
        }
    }

    /** T4: of the link's own grant, and of no earlier boot than the newest one used. */
    boolean isCurrent(Link link, Message.Answer answer) {
        Message.Attached attached = link.attached;
        return attached != null
                && answer.boot().equals(attached.boot())
                && answer.epoch() == attached.holder().epoch()
                && answer.boot().counter() >= newest.counter();
    }

    int blockSize(Link link) {
        Message.Attached attached = link.attached;
        return attached == null ? 0 : attached.agreement().device().blockSize();
    }
}
