package dst.protocol.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Machine;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What every network and every timer has to do for a machine. A subclass says how two ends come to be joined by a link. */
public abstract class NetworkContract {
    protected static final long NEVER_CUT = Machine.NEVER;
    private static final long MILLI = 1_000_000;

    /**
     * Joins both by one link and lets them talk until it is so, or until it is clear that it will never be.
     *
     * @param cutAfter after so many nanoseconds the link breaks
     */
    protected abstract void join(Talker client, Talker server, long cutAfter, BooleanSupplier done);

    /** Whether what was sent before a close always arrives. A network may tear it off, as one with a reset does. */
    protected boolean keepsWhatWasSent() {
        return true;
    }

    private void talk(Talker client, Talker server, long cutAfter, BooleanSupplier done) {
        join(
                client,
                server,
                cutAfter,
                () -> done.getAsBoolean()
                        || !client.complaints().isEmpty()
                        || !server.complaints().isEmpty());
        assertEquals(List.of(), client.complaints());
        assertEquals(List.of(), server.complaints());
        assertTrue(done.getAsBoolean(), "it never came to its end");
    }

    private static class Echo extends Talker {
        Echo() {
            super(2, 1);
        }

        @Override
        protected void received(int bytes) {
            send(bytes);
        }
    }

    /** Sends so much in pieces of many sizes. */
    private static class Speaker extends Talker {
        private final int bytes;

        Speaker(int bytes) {
            super(1, 2);
            this.bytes = bytes;
        }

        @Override
        protected void opened() {
            for (int done = 0, size = 1; done < bytes; size = size * 3 % 1021 + 1) {
                int part = Math.min(size, bytes - done);
                send(part);
                done += part;
            }
        }
    }

    @Test
    void bytesArriveInOrderBothWaysAndAllAreToldToHaveLeft() {
        int bytes = 100_000;
        Talker client = new Speaker(bytes);
        Talker server = new Echo();
        talk(
                client,
                server,
                NEVER_CUT,
                () -> client.arrived() == bytes && client.left() == bytes && server.left() == bytes);
        assertEquals(bytes, server.arrived());
    }

    @Test
    void whoDoesNotReadGetsNothingAndLosesNothing() {
        int bytes = 100_000;
        Talker client = new Speaker(bytes);
        Talker server = new Talker(2, 1) {
            @Override
            protected void received(int length) {
                reading(false);
                timer(now() + 2 * MILLI);
            }

            @Override
            protected void fired() {
                reading(true);
            }
        };
        talk(client, server, NEVER_CUT, () -> server.arrived() == bytes);
        assertTrue(server.timers() > 0);
    }

    @Test
    void whatWasSentBeforeACloseArrivesAndThenTheEnd() {
        int bytes = 20_000;
        Talker client = new Talker(1, 2) {
            @Override
            protected void opened() {
                send(bytes);
                close();
            }
        };
        Talker server = new Talker(2, 1);
        talk(client, server, NEVER_CUT, () -> server.ends() == 1);
        assertTrue(server.arrived() == bytes || !keepsWhatWasSent(), server.arrived() + " bytes arrived");
        assertEquals(0, client.ends());
    }

    @Test
    void endThatTheServerMakesIsHeardOfOnce() {
        Talker client = new Speaker(10);
        Talker server = new Talker(2, 1) {
            @Override
            protected void received(int length) {
                close();
            }
        };
        talk(client, server, NEVER_CUT, () -> client.ends() == 1);
        assertEquals(0, server.ends());
    }

    @Test
    void linkThatBreaksIsHeardOfAtBothEnds() {
        Talker client = new Speaker(5_000);
        Talker server = new Talker(2, 1);
        talk(client, server, 50 * MILLI, () -> client.ends() == 1 && server.ends() == 1);
        assertTrue(server.arrived() <= 5_000);
    }

    @Test
    void timersFireInTheirTimeAndTheLastWordCounts() {
        Talker client = new Speaker(10);
        Talker server = new Talker(2, 1) {
            private int phase;
            private long earliest;

            @Override
            protected void opened() {
                timer(now() + 3_600_000 * MILLI);
            }

            @Override
            protected void received(int length) {
                // An earlier one instead of a later one.
                again(5 * MILLI);
            }

            private void again(long nanos) {
                earliest = now() + nanos;
                timer(earliest);
            }

            @Override
            protected void fired() {
                if (now() < earliest) {
                    complain("a timer fired early");
                }
                if (++phase < 5) {
                    // One that is taken back at once, and a later one instead.
                    timer(now());
                    timer(Machine.NEVER);
                    again(3 * MILLI);
                }
            }
        };
        talk(client, server, NEVER_CUT, () -> server.timers() == 5);
    }

    @Test
    void timerThatWasCancelledDoesNotFire() {
        Talker client = new Talker(1, 2) {
            @Override
            protected void opened() {
                timer(now() + 20 * MILLI);
                send(1);
            }

            @Override
            protected void received(int length) {
                timer(Machine.NEVER);
            }
        };
        Talker server = new Talker(2, 1) {
            @Override
            protected void received(int length) {
                send(1);
                timer(now() + 100 * MILLI);
            }
        };
        // A talker complains of a timer that fires and is not set.
        talk(client, server, NEVER_CUT, () -> server.timers() == 1 && client.arrived() == 1);
    }
}
