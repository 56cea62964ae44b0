package dst.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dst.protocol.ClientInput;
import dst.protocol.ClientOutput;
import dst.protocol.ClientSettings;
import dst.protocol.Closing;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.ServerInput;
import dst.protocol.ServerOutput;
import dst.protocol.ServerSettings;
import dst.protocol.net.Heard;
import dst.protocol.net.NetworkContract;
import dst.protocol.net.Said;
import dst.protocol.net.Talker;
import dst.protocol.trace.Tap;
import dst.sim.Fault.Strike;
import dst.sim.Fault.When;
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
            public Machine<ClientInput, ClientOutput> client(ClientSettings settings, ByteBufAllocator pages) {
                client.takeMemoryFrom(pages);
                return new ClientSide(client);
            }

            @Override
            public Machine<ServerInput, ServerOutput> server(ServerSettings settings, ByteBufAllocator pages) {
                server.takeMemoryFrom(pages);
                return new ServerSide(server);
            }
        };
        Run run = new World(Plans.of(seed++, List.of(), faults), machines, Tap.BLIND).run();
        assertEquals(List.of(), run.findings());
    }

    private static final class ClientSide implements Machine<ClientInput, ClientOutput> {
        private final Talker talker;
        private final List<Said> said = new ArrayList<>();

        ClientSide(Talker talker) {
            this.talker = talker;
        }

        @Override
        public void step(long now, ClientInput input, List<? super ClientOutput> outbox) {
            switch (input) {
                case ClientInput.Started _ -> outbox.add(new ClientOutput.Connect(LINK, 0));
                case ClientInput.LinkOpened _ -> talker.step(now, new Heard.Opened(), said);
                case ClientInput.Received(long _, ByteBuf bytes) -> talker.step(now, new Heard.Received(bytes), said);
                case ClientInput.Sent(long _, long bytes) -> talker.step(now, new Heard.Sent(bytes), said);
                case ClientInput.LinkClosed(long _, String reason) -> talker.step(now, new Heard.Closed(reason), said);
                case ClientInput.TimerFired _ -> talker.step(now, new Heard.TimerFired(), said);
                case ClientInput.Detach _ -> outbox.add(new ClientOutput.Detached(List.of()));
                case ClientInput.Submitted _ -> {}
            }
            for (Said one : said) {
                outbox.add(
                        switch (one) {
                            case Said.Send(ByteBuf bytes) -> new ClientOutput.Send(LINK, bytes);
                            case Said.Reading(boolean wanted) -> new ClientOutput.Reading(LINK, wanted);
                            case Said.Close _ -> new ClientOutput.Close(LINK, DONE);
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

    private static final class ServerSide implements Machine<ServerInput, ServerOutput> {
        private final Talker talker;
        private final List<Said> said = new ArrayList<>();

        ServerSide(Talker talker) {
            this.talker = talker;
        }

        @Override
        public void step(long now, ServerInput input, List<? super ServerOutput> outbox) {
            switch (input) {
                case ServerInput.LinkOpened _ -> talker.step(now, new Heard.Opened(), said);
                case ServerInput.Received(long _, ByteBuf bytes) -> talker.step(now, new Heard.Received(bytes), said);
                case ServerInput.Sent(long _, long bytes) -> talker.step(now, new Heard.Sent(bytes), said);
                case ServerInput.LinkClosed(long _, String reason) -> talker.step(now, new Heard.Closed(reason), said);
                case ServerInput.TimerFired _ -> talker.step(now, new Heard.TimerFired(), said);
                default -> {}
            }
            for (Said one : said) {
                outbox.add(
                        switch (one) {
                            case Said.Send(ByteBuf bytes) -> new ServerOutput.Send(LINK, bytes);
                            case Said.Reading(boolean wanted) -> new ServerOutput.Reading(LINK, wanted);
                            case Said.Close _ -> new ServerOutput.Close(LINK, DONE);
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
