package dst.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dst.protocol.BlockPort;
import dst.protocol.ClientControl;
import dst.protocol.ClientSettings;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.ServerSettings;
import dst.protocol.Signal;
import dst.protocol.fault.Fault;
import dst.protocol.fault.Fault.Strike;
import dst.protocol.fault.Fault.When;
import dst.protocol.net.Heard;
import dst.protocol.net.NetworkContract;
import dst.protocol.net.Said;
import dst.protocol.net.Talker;
import dst.protocol.trace.Tap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The simulated network and the simulated timer do what real ones do. */
class SimulatedNetworkTest extends NetworkContract {
    private static final long LINK = 1;
    private static final Closing DONE = Closing.of(Closing.Cause.DONE, "");

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
            public Machine<Signal, Signal> client(ClientSettings settings, ByteBufAllocator pages) {
                client.takeMemoryFrom(pages);
                return new ClientSide(client);
            }

            @Override
            public Machine<Signal, Signal> server(ServerSettings settings, ByteBufAllocator pages) {
                server.takeMemoryFrom(pages);
                return new ServerSide(server);
            }
        };
        Run run = new World(Plans.of(seed++, List.of(), faults), machines, Tap.BLIND).run();
        assertEquals(List.of(), run.findings());
    }

    private static final class ClientSide implements Machine<Signal, Signal> {
        private final Talker talker;
        private final List<Said> said = new ArrayList<>();

        ClientSide(Talker talker) {
            this.talker = talker;
        }

        @Override
        public void step(long now, Signal input, List<? super Signal> outbox) {
            switch (input) {
                case Control.Started _ -> outbox.add(new LinkPort.Connect(LINK, 0));
                case LinkPort.Opened _ -> talker.step(now, new Heard.Opened(), said);
                case LinkPort.Received(long _, ByteBuf bytes) -> talker.step(now, new Heard.Received(bytes), said);
                case LinkPort.Sent(long _, long bytes) -> talker.step(now, new Heard.Sent(bytes), said);
                case LinkPort.Closed(long _, String reason) -> talker.step(now, new Heard.Closed(reason), said);
                case Control.TimerFired _ -> talker.step(now, new Heard.TimerFired(), said);
                case ClientControl.Detach _ -> outbox.add(new ClientControl.Detached(List.of()));
                case BlockPort.Submit _ -> {}
                default -> throw Signal.misplaced(input);
            }
            for (Said one : said) {
                outbox.add(
                        switch (one) {
                            case Said.Send(ByteBuf bytes) -> new LinkPort.Send(LINK, bytes);
                            case Said.Reading(boolean wanted) -> new LinkPort.Reading(LINK, wanted);
                            case Said.Close _ -> new LinkPort.Close(LINK, DONE);
                        });
            }
            said.clear();
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

    private static final class ServerSide implements Machine<Signal, Signal> {
        private final Talker talker;
        private final List<Said> said = new ArrayList<>();

        ServerSide(Talker talker) {
            this.talker = talker;
        }

        @Override
        public void step(long now, Signal input, List<? super Signal> outbox) {
            switch (input) {
                case LinkPort.Accepted _ -> talker.step(now, new Heard.Opened(), said);
                case LinkPort.Received(long _, ByteBuf bytes) -> talker.step(now, new Heard.Received(bytes), said);
                case LinkPort.Sent(long _, long bytes) -> talker.step(now, new Heard.Sent(bytes), said);
                case LinkPort.Closed(long _, String reason) -> talker.step(now, new Heard.Closed(reason), said);
                case Control.TimerFired _ -> talker.step(now, new Heard.TimerFired(), said);
                default -> {}
            }
            for (Said one : said) {
                outbox.add(
                        switch (one) {
                            case Said.Send(ByteBuf bytes) -> new LinkPort.Send(LINK, bytes);
                            case Said.Reading(boolean wanted) -> new LinkPort.Reading(LINK, wanted);
                            case Said.Close _ -> new LinkPort.Close(LINK, DONE);
                        });
            }
            said.clear();
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
