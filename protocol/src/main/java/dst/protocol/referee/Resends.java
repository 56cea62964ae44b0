package dst.protocol.referee;

import dst.protocol.ClientSettings;
import dst.protocol.Kind;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Side;
import dst.protocol.wire.Message;
import org.jspecify.annotations.Nullable;

/**
 * T2 as it binds a client: what lost its link is sent again before anything new is, none of several that time out is
 * passed over, and the pauses between their copies double.
 */
final class Resends extends ClientObserver {
    /** A pause doubles, up to sixteen times the first; four times that is beyond any honest backoff, whatever clocks jump. */
    private static final int FACTOR = 4 * 16;

    /** So often a pause doubles. */
    private static final int DOUBLINGS = 4;

    /** So often others have to be sent again meanwhile, each time in another step: one pass may be too short for all. */
    private static final int PASSES = 3;

    private final ClientLife life;
    private final Charge t2;
    private final Suspicions suspicions = new Suspicions();
    private boolean linkLost;
    private long firstPauseMax;
    /** Zero if it is not known. */
    private final long firstPause;

    private long clockSetAt;

    Resends(ClientLife life, Charges charges, @Nullable ClientSettings settings) {
        this.life = life;
        this.firstPause = settings == null ? 0 : settings.resendNanos();
        this.t2 = charges.charge(Rules.T2, Side.CLIENT);
    }

    @Override
    void began() {
        suspicions.began();
        linkLost = false;
        firstPauseMax = 0;
    }

    @Override
    void stepped(long now) {
        suspicions.stepped();
    }

    @Override
    void clockSet(long now) {
        clockSetAt = now;
    }

    @Override
    void gone(long now, WatchedLink link) {
        linkLost = true;
    }

    @Override
    void requests(long now, WatchedLink link, Sending sending, Message.Request request, boolean first) {
        if (first) {
            if (linkLost && !request.replay()) {
                linkLost = false;
                checkLost(now, link, sending);
            }
        } else if (sending.link.open) {
            timedOut(now, link, sending);
        } else {
            sending.timeouts = 0;
        }
        sending.sentAt = now;
        sending.passedOver = 0;
    }

    private void timedOut(long now, WatchedLink link, Sending sending) {
        t2.seen();
        if (sending.pause == 0) {
            firstPauseMax = Math.max(firstPauseMax, now - sending.sentAt);
        }
        sending.pause = now - sending.sentAt;
        checkPause(now, sending);
        for (Sending other : life.live) {
            boolean couldGo = other.link == link || (other.link.open && link.unsent == 0 && other.link.unsent == 0);
            if (other != sending && isOwed(other) && couldGo && isOverdue(now, other)) {
                passOver(now, sending, other);
            }
        }
    }

    /** Half of what was due is too little by any clock that nobody has set meanwhile. */
    private void checkPause(long now, Sending sending) {
        long due = firstPause << Math.min(sending.timeouts, DOUBLINGS);
        sending.timeouts++;
        if (sending.pause < due / 2 && sending.sentAt >= clockSetAt) {
            t2.broken(
                    now,
                    "the client sent ",
                    sending,
                    " again at ",
                    new Sentence.Time(now),
                    ", ",
                    new Sentence.Time(sending.pause),
                    " after the copy before; it was its time-out number ",
                    sending.timeouts,
                    " in a row, and the first pause is ",
                    new Sentence.Time(firstPause));
        }
    }

    private boolean isOverdue(long now, Sending sending) {
        return now - sending.sentAt > FACTOR * Math.max(sending.pause, firstPauseMax);
    }

    private void passOver(long now, Sending sent, Sending waiting) {
        if (waiting.passedOverStep == life.step) {
            return;
        }
        waiting.passedOverStep = life.step;
        waiting.passedOver++;
        if (waiting.passedOver >= PASSES) {
            lookAfterStep();
            suspicions.suspect(
                    now,
                    waiting,
                    t2,
                    "the client sent ",
                    sent,
                    " again and again, but ",
                    waiting,
                    " has waited since ",
                    new Sentence.Time(waiting.sentAt),
                    " and was passed over");
        }
    }

    private void checkLost(long now, WatchedLink link, Sending newer) {
        for (Sending older : life.live) {
            if (isOwed(older) && !older.link.open) {
                lookAfterStep();
                suspicions.suspect(
                        now,
                        older,
                        t2,
                        "the client sent the new ",
                        newer,
                        " on link ",
                        link.id,
                        " before it sent ",
                        older,
                        " again, whose link had broken");
            }
        }
    }

    private static boolean isOwed(Sending sending) {
        return sending.submission != null && !sending.replay && sending.kind != Kind.FLUSH && !sending.settled();
    }
}
