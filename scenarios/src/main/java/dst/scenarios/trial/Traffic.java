package dst.scenarios.trial;

import dst.protocol.LinkPort;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import dst.protocol.wire.Glance;
import dst.protocol.wire.Message;

/** How many requests a client sent, and how many of them again or as a replay. Only ever rises. */
public final class Traffic implements Tap {
    private long values;
    private long requests;
    private long resends;
    private long replays;

    @Override
    public void saw(long now, Layer layer, Object value) {
        values++;
        if (value instanceof LinkPort.Send send && layer.is(Layer.CLIENT)) {
            int flags = Glance.requestFlags(send.bytes());
            if (flags >= 0) {
                requests++;
                resends += (flags & Message.Request.RESEND) != 0 ? 1 : 0;
                replays += (flags & Message.Request.REPLAY) != 0 ? 1 : 0;
            }
        }
    }

    void add(Traffic other) {
        values += other.values;
        requests += other.requests;
        resends += other.resends;
        replays += other.replays;
    }

    public long values() {
        return values;
    }

    long requests() {
        return requests;
    }

    long resends() {
        return resends;
    }

    long replays() {
        return replays;
    }
}
