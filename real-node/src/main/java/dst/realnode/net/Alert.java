package dst.realnode.net;

import io.netty.channel.SelectStrategy;
import io.netty.util.IntSupplier;
import java.util.function.LongSupplier;

/**
 * How a loop waits for its sockets. To be woken takes longer than a small operation does; so a loop whose last rest was short, after
 * little work, stays awake for as long again before it sleeps. It yields to whoever else wants the processor, and after one longer
 * rest it is not awake any more.
 */
final class Alert implements SelectStrategy {
    /** A rest that is longer is slept through. */
    static final long REST_NANOS = 50_000;

    /** About what it takes to be woken: beside more work than that it does not count. */
    static final long WORK_NANOS = 25_000;

    private final LongSupplier clock;
    private long wokenAt;
    private long restingSince;
    private boolean resting;
    private boolean asleep;
    private boolean awake;

    Alert() {
        this(System::nanoTime);
    }

    Alert(LongSupplier clock) {
        this.clock = clock;
        this.wokenAt = clock.getAsLong();
    }

    @Override
    public int calculateStrategy(IntSupplier ready, boolean hasTasks) throws Exception {
        if (asleep || hasTasks) {
            rested();
        }
        if (hasTasks) {
            return ready.get();
        }
        if (!resting) {
            resting = true;
            restingSince = clock.getAsLong();
            awake = awake && restingSince - wokenAt < WORK_NANOS;
        }
        if (awake) {
            int events = ready.get();
            if (events > 0) {
                rested();
                return events;
            }
            if (clock.getAsLong() - restingSince < REST_NANOS) {
                Thread.yield();
                return 0;
            }
        }
        asleep = true;
        return SELECT;
    }

    /** There is something to do. */
    private void rested() {
        asleep = false;
        if (resting) {
            resting = false;
            wokenAt = clock.getAsLong();
            awake = wokenAt - restingSince < REST_NANOS;
        }
    }
}
