package dst.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dst.protocol.BlockPort;
import dst.protocol.ClientControl;
import dst.protocol.ClientSettings;
import dst.protocol.Control;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.ServerSettings;
import dst.protocol.Signal;
import dst.protocol.fault.Fault;
import dst.protocol.fault.Fault.Strike;
import dst.protocol.fault.Fault.When;
import dst.protocol.net.NetworkContract;
import dst.protocol.net.Talker;
import dst.protocol.trace.Tap;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The simulated network and the simulated timer do what real ones do. */
class SimulatedNetworkTest extends NetworkContract {
    private static final long LINK = Talker.LINK;

    /** Which world it is. */
    private long seed = 1;

    @Override
    protected boolean keepsWhatWasSent() {
        return false;
    }

    @Override
    protected void join(Talker client, Talker server, long cutAfter, BooleanSupplier done) {
        List<Fault> faults =
                cutAfter == NEVER_CUT ? List.of() : List.of(new Fault(new When.At(cutAfter), new Strike.Cut()));
        Machines machines = new Machines() {
            @Override
            public Machine client(ClientSettings settings, ByteBufAllocator pages) {
                client.takeMemoryFrom(pages);
                return new ClientSide(client);
            }

            @Override
            public Machine server(ServerSettings settings, ByteBufAllocator pages) {
                server.takeMemoryFrom(pages);
                return new ServerSide(server);
            }
        };
        Run run = new World(Plans.of(seed++, List.of(), faults), machines, Tap.BLIND).run();
        assertEquals(List.of(), run.findings());
    }

    private static final class ClientSide implements Machine {
        private final Talker talker;

        ClientSide(Talker talker) {
            this.talker = talker;
        }

        @Override
        public void step(long now, Signal input, List<? super Signal> outbox) {
            switch (input) {
                case Control.Started _ -> outbox.add(new LinkPort.Connect(LINK, 0));
                case LinkPort.Event _, Control.TimerFired _ -> talker.step(now, input, outbox);
                case ClientControl.Detach _ -> outbox.add(new ClientControl.Detached(List.of()));
                case BlockPort.Submit _ -> {}
                default -> throw Signal.misplaced(input);
            }
        }

        @Override
        public long nextDeadline() {
            return talker.nextDeadline();
        }

        @Override
        public long digest() {
            return talker.digest();
        }

        @Override
        public void discard() {}
    }

    private static final class ServerSide implements Machine {
        private final Talker talker;

        ServerSide(Talker talker) {
            this.talker = talker;
        }

        @Override
        public void step(long now, Signal input, List<? super Signal> outbox) {
            switch (input) {
                case LinkPort.Accepted _ -> talker.step(now, new LinkPort.Opened(LINK), outbox);
                case LinkPort.Event _, Control.TimerFired _ -> talker.step(now, input, outbox);
                default -> {}
            }
        }

        @Override
        public long nextDeadline() {
            return talker.nextDeadline();
        }

        @Override
        public long digest() {
            return talker.digest();
        }

        @Override
        public void discard() {}
    }
}
