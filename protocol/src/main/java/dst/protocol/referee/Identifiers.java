package dst.protocol.referee;

import dst.protocol.Kind;
import dst.protocol.Range;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Side;
import dst.protocol.wire.Message;
import dst.protocol.wire.Settled;

/**
 * T1, T2, T3 and T6 as they bind a client: ids rise by one, a copy repeats its content and says that it is one, and the settled
 * set says the truth.
 */
final class Identifiers extends ClientObserver {
    private final ClientLife life;
    private final Charge t1;
    private final Charge t2;
    private final Charge t3;
    private final Charge t6;
    private final Suspicions suspicions = new Suspicions();

    Identifiers(ClientLife life, Charges charges) {
        this.life = life;
        this.t1 = charges.charge(Rules.T1, Side.CLIENT);
        this.t2 = charges.charge(Rules.T2, Side.CLIENT);
        this.t3 = charges.charge(Rules.T3, Side.CLIENT);
        this.t6 = charges.charge(Rules.T6, Side.CLIENT);
    }

    @Override
    void began() {
        suspicions.began();
    }

    @Override
    void stepped(long now) {
        suspicions.stepped();
    }

    @Override
    void requests(long now, WatchedLink link, Sending sending, Message.Request request, boolean first) {
        t3.seen();
        if (request.settled().contains(request.id())) {
            t3.broken(
                    now,
                    "the client sent ",
                    sending,
                    " at ",
                    new Sentence.Time(now),
                    " and calls it settled in the same request");
        } else if (first) {
            checkNew(now, sending);
        } else {
            checkCopy(now, sending, request);
        }
        checkSettled(now, request.settled());
    }

    private void checkNew(long now, Sending sending) {
        t1.seen();
        if (sending.id <= life.lastId) {
            t1.broken(
                    now,
                    "the client sent ",
                    sending,
                    " at ",
                    new Sentence.Time(now),
                    life.lastSeen,
                    ", but had used ids up to ",
                    life.lastId,
                    " before");
        } else if (sending.id != life.lastId + 1) {
            t1.broken(
                    now,
                    life.lastSeen,
                    "the client went from id ",
                    life.lastId,
                    " to ",
                    sending,
                    " at ",
                    new Sentence.Time(now));
        }
        Submission submission = sending.submission;
        if (sending.kind == Kind.WRITE && submission != null) {
            t6.seen();
            if (submission.checksum != sending.checksum) {
                t6.broken(
                        now,
                        "the client sent ",
                        sending,
                        " at ",
                        new Sentence.Time(now),
                        " with other bytes than those of the ",
                        submission);
            }
        }
    }

    private void checkCopy(long now, Sending sending, Message.Request copy) {
        t2.seen();
        if (!sending.sameContent(copy)) {
            t2.broken(
                    now,
                    "the client sent ",
                    sending,
                    " again at ",
                    new Sentence.Time(now),
                    ", but as ",
                    new Sentence.Access(0, copy.kind(), new Range(copy.offset(), copy.length())),
                    (copy.durable() == sending.durable ? "" : " with another durability"));
        } else if (copy.payloadChecksum() != sending.checksum) {
            t6.broken(
                    now,
                    "the client sent ",
                    sending,
                    " again at ",
                    new Sentence.Time(now),
                    " with other bytes than before");
        } else if (!copy.resend()) {
            t2.broken(now, "the client sent ", sending, " again at ", new Sentence.Time(now), " without saying so");
        }
    }

    private void checkSettled(long now, Settled settled) {
        for (int i = 0; i < life.live.size(); i++) {
            Sending sending = life.live.get(i);
            if (sending.submission == null
                    || sending.kind == Kind.FLUSH
                    || !settled.contains(sending.id)
                    || sending.twin) {
                continue;
            }
            lookAfterStep();
            suspicions.suspect(
                    now, sending, t3, "the client calls ", sending, " settled, but has told nobody how it ended");
        }
    }
}
