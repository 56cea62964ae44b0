package dst.protocol.referee;

import dst.protocol.Closing;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.protocol.Side;
import dst.protocol.wire.Message;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * L1: a ping is answered, a silent link is given up, and no other. Clocks drift, jump and stand still, so only what is wrong by any clock
 * is held against a side: it went on using a link for four times the time after which it had to be dead, or was asked twice.
 */
final class Keepalives extends Observer {
    /** Dead after three intervals; four times that is beyond any honest clock. */
    private static final int INTERVALS = 12;

    private static final long LITTLE = 4096;

    private final Side side;
    private final Charge l1;
    private boolean clocksRun = true;
    private long clockSetAt;
    private final ArrayList<Watch> watches = new ArrayList<>();

    private static final class Watch {
        final WatchedLink link;
        long pingAt = -1;
        Crossing pingSeen = Crossing.NONE;
        long pingNonce;
        long lateAt = -1;
        long judgedBy = -1;
        boolean excused;
        /** Silence from before that is not counted. */
        long runsSince;

        Watch(WatchedLink link) {
            this.link = link;
        }
    }

    Keepalives(Side side, Charges charges) {
        this.side = side;
        this.l1 = charges.charge(Rules.L1, side);
    }

    @Override
    void began() {
        watches.clear();
    }

    @Override
    void opened(long now, WatchedLink link) {
        watches.add(new Watch(link));
    }

    @Override
    void gone(long now, WatchedLink link) {
        watches.removeIf(watch -> watch.link == link);
    }

    @Override
    void received(long now, WatchedLink link, Message message) {
        if (!(message instanceof Message.Ping ping)) {
            return;
        }
        Watch watch = watch(link);
        if (watch == null) {
            return;
        }
        if (watch.pingAt >= 0 && now > watch.pingAt && !watch.excused) {
            l1.broken(
                    now,
                    watch.pingSeen,
                    side.words(),
                    " was asked for a sign of life on link ",
                    link.id,
                    " at ",
                    new Sentence.Time(watch.pingAt),
                    " and again at ",
                    new Sentence.Time(now),
                    ", but never answered");
        }
        watch.pingAt = now;
        watch.pingSeen = l1.now();
        watch.pingNonce = ping.nonce();
        watch.excused = link.deaf || link.unsent > LITTLE;
    }

    @Override
    void sent(long now, WatchedLink link, Message message) {
        if (message instanceof Message.Pong pong) {
            Watch watch = watch(link);
            if (watch != null && watch.pingAt >= 0) {
                l1.seen();
                if (pong.nonce() == watch.pingNonce) {
                    watch.pingAt = -1;
                }
            }
        }
    }

    /** Whose clock stands still measures no silence; what was heard while it may have is as good as heard when it ended. */
    @Override
    void clocks(long now, boolean run) {
        clocksRun = run;
        for (Watch watch : watches) {
            watch.lateAt = -1;
            watch.runsSince = now;
        }
    }

    @Override
    void clockSet(long now) {
        clockSetAt = now;
    }

    /** Dead after three intervals without a byte: one is too little by any clock that nobody has set meanwhile. */
    @Override
    void closes(long now, WatchedLink link, Closing closing) {
        Message.Attached attached = link.attached;
        if (closing.cause() != Closing.Cause.PEER_SILENT || attached == null || link.receivedAt < clockSetAt) {
            return;
        }
        l1.seen();
        int interval = attached.agreement().terms().keepaliveMillis();
        if (now - link.receivedAt < 1_000_000L * interval) {
            l1.broken(
                    now,
                    link.receivedSeen,
                    side.words(),
                    " took link ",
                    link.id,
                    " for dead at ",
                    new Sentence.Time(now),
                    ", but had received something there at ",
                    new Sentence.Time(link.receivedAt),
                    "; agreed were ",
                    interval,
                    " ms between signs of life");
        }
    }

    @Override
    boolean watchesSteps() {
        return true;
    }

    /** A link found silent for too long at one step, and still open and silent at a later one, is not being watched. */
    @Override
    void stepped(long now) {
        for (int i = 0; i < watches.size() && clocksRun; i++) {
            Watch watch = watches.get(i);
            WatchedLink link = watch.link;
            Message.Attached attached = link.attached;
            long heardAt = Math.max(link.heardAt, watch.runsSince);
            if (attached == null || link.deaf || now - heardAt < watch.judgedBy) {
                continue;
            }
            long limit = INTERVALS * 1_000_000L * attached.agreement().terms().keepaliveMillis();
            watch.judgedBy = limit;
            if (now - heardAt <= limit) {
                watch.lateAt = -1;
            } else if (watch.lateAt < heardAt) {
                watch.lateAt = now;
            } else if (now - watch.lateAt > limit / 4) {
                l1.broken(
                        now,
                        link.heardSeen,
                        side.words(),
                        " has heard nothing on link ",
                        link.id,
                        " since ",
                        new Sentence.Time(link.heardAt),
                        " and still holds it at ",
                        new Sentence.Time(now),
                        "; agreed were ",
                        attached.agreement().terms().keepaliveMillis(),
                        " ms between signs of life");
            }
        }
    }

    private @Nullable Watch watch(WatchedLink link) {
        for (int i = 0; i < watches.size(); i++) {
            if (watches.get(i).link == link) {
                return watches.get(i);
            }
        }
        return null;
    }
}
