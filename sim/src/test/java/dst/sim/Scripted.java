package dst.sim;

import dst.protocol.BlockPort;
import dst.protocol.ClientControl;
import dst.protocol.ClientSettings;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.Prng;
import dst.protocol.ServerSettings;
import dst.protocol.Signal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.TreeSet;

/** Two small machines that only talk: a client that sends numbered bytes and a server that sends them back. */
final class Scripted {
    private Scripted() {}

    static Machines talking(long seed) {
        return new Machines() {
            @Override
            public Machine client(ClientSettings settings, ByteBufAllocator pages) {
                return new Talker(pages, seed);
            }

            @Override
            public Machine server(ServerSettings settings, ByteBufAllocator pages) {
                return new Echo(true);
            }
        };
    }

    /** A client that opens a link in each slot once and sends on each all the time; a server that sends it back. */
    static Machines onSlots(int slots) {
        return new Machines() {
            @Override
            public Machine client(ClientSettings settings, ByteBufAllocator pages) {
                return new Spreader(pages, slots);
            }

            @Override
            public Machine server(ServerSettings settings, ByteBufAllocator pages) {
                return new Echo(false);
            }
        };
    }

    private static final class Spreader implements Machine {
        private final ByteBufAllocator pages;
        private final int slots;
        private final TreeSet<Long> open = new TreeSet<>();
        private long deadline = NEVER;

        Spreader(ByteBufAllocator pages, int slots) {
            this.pages = pages;
            this.slots = slots;
        }

        @Override
        public void step(long now, Signal input, List<? super Signal> outbox) {
            switch (input) {
                case Control.Started _ -> {
                    for (int slot = 0; slot < slots; slot++) {
                        outbox.add(new LinkPort.Connect(slot + 1L, slot));
                    }
                    deadline = now;
                }
                case LinkPort.Opened(long link) -> open.add(link);
                case LinkPort.Closed(long link, String _) -> open.remove(link);
                case Control.TimerFired _ -> {
                    deadline = now + 20 * Plans.MILLI;
                    open.forEach(link ->
                            outbox.add(new LinkPort.Send(link, pages.buffer(8).writeLong(now))));
                }
                case LinkPort.Received(long _, ByteBuf bytes) -> bytes.release();
                case ClientControl.Detach _ -> outbox.add(new ClientControl.Detached(List.of()));
                case BlockPort.Submit _, LinkPort.Sent _ -> {}
                default -> throw Signal.misplaced(input);
            }
        }

        @Override
        public long nextDeadline() {
            return deadline;
        }

        @Override
        public long digest() {
            return 0;
        }

        @Override
        public void discard() {}
    }

    /** Byte {@code position} of what is sent on a link, both ways. */
    static byte at(long link, long position) {
        return (byte) Prng.hash(77, link, position, 0);
    }

    /** Sends numbered bytes whenever a timer fires, on a link that it opens again when it is gone. */
    private static final class Talker implements Machine {
        private final ByteBufAllocator pages;
        private final Prng draws;
        private long link;
        private long position;
        private boolean open;
        private boolean closing;
        private long deadline = NEVER;

        Talker(ByteBufAllocator pages, long seed) {
            this.pages = pages;
            this.draws = new Prng(seed);
        }

        @Override
        public void step(long now, Signal input, List<? super Signal> outbox) {
            switch (input) {
                case Control.Started _ -> outbox.add(new LinkPort.Connect(++link, 0));
                case LinkPort.Opened _ -> {
                    open = true;
                    deadline = now;
                }
                case LinkPort.Closed _ -> again(outbox);
                case Control.TimerFired _ -> {
                    deadline = now + draws.below(300 * Plans.MILLI);
                    if (draws.chance(1, 50)) {
                        closing = true;
                        deadline = now + Plans.MILLI;
                        talk(outbox);
                    } else if (closing) {
                        closing = false;
                        outbox.add(new LinkPort.Close(link, Closing.of(Closing.Cause.DONE, "")));
                        again(outbox);
                    } else {
                        talk(outbox);
                    }
                }
                case LinkPort.Received(long _, ByteBuf bytes) -> bytes.release();
                case ClientControl.Detach _ -> outbox.add(new ClientControl.Detached(List.of()));
                case BlockPort.Submit _, LinkPort.Sent _ -> {}
                default -> throw Signal.misplaced(input);
            }
        }

        private void again(List<? super Signal> outbox) {
            open = false;
            deadline = NEVER;
            position = 0;
            outbox.add(new LinkPort.Connect(++link, 0));
        }

        private void talk(List<? super Signal> outbox) {
            for (long sends = draws.between(1, 5); open && sends > 0; sends--) {
                ByteBuf bytes = pages.buffer(512);
                for (long left = draws.between(1, 512); left > 0; left--) {
                    bytes.writeByte(at(link, position++));
                }
                outbox.add(new LinkPort.Send(link, bytes));
            }
        }

        @Override
        public long nextDeadline() {
            return deadline;
        }

        @Override
        public long digest() {
            return 0;
        }

        @Override
        public void discard() {}
    }

    /** Sends back whatever arrives, and now and then does not want to read, if it is like that. */
    private static final class Echo implements Machine {
        private final TreeSet<Long> deaf = new TreeSet<>();
        private final boolean moody;
        private long steps;
        private long deadline = NEVER;

        Echo(boolean moody) {
            this.moody = moody;
        }

        @Override
        public void step(long now, Signal input, List<? super Signal> outbox) {
            switch (input) {
                case LinkPort.Received(long link, ByteBuf bytes) -> {
                    outbox.add(new LinkPort.Send(link, bytes));
                    if (moody && ++steps % 7 == 0) {
                        deaf.add(link);
                        outbox.add(new LinkPort.Reading(link, false));
                        deadline = now + Plans.SECOND / 2;
                    }
                }
                case Control.TimerFired _ -> {
                    deadline = NEVER;
                    deaf.forEach(link -> outbox.add(new LinkPort.Reading(link, true)));
                    deaf.clear();
                }
                default -> {}
            }
        }

        @Override
        public long nextDeadline() {
            return deadline;
        }

        @Override
        public long digest() {
            return 0;
        }

        @Override
        public void discard() {}
    }
}
