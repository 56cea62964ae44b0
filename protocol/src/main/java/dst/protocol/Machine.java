package dst.protocol;

import java.util.List;

/**
 * A node of the protocol: a value goes in, values come out; it knows no clock, socket, thread or disk.
 *
 * <p>Ownership, in one sentence: every buffer inside an input belongs to the machine from then on, every buffer inside an
 * output belongs to the host from then on.
 */
public interface Machine {
    /** Nothing is due. */
    long NEVER = Long.MAX_VALUE;

    /** The time so many nanoseconds after another; no time at all if that is beyond all time. */
    static long after(long now, long nanos) {
        return nanos >= NEVER - now ? NEVER : now + nanos;
    }

    /** Takes one input at the time {@code now} (nanoseconds, never falling) and appends what is to be done to the outbox. */
    void step(long now, Signal input, List<? super Signal> outbox);

    /** When the host is to hand over {@code TimerFired}, or {@link #NEVER}; asked again after each step. */
    long nextDeadline();

    /** A digest of everything that decides this machine's future. */
    long digest();

    /** Gives back every buffer that the machine holds; for the host whose process ends. The machine is not used again. */
    void discard();
}
