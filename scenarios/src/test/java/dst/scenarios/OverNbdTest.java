package dst.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.ClientInput;
import dst.protocol.ClientOutput;
import dst.protocol.ClientSettings;
import dst.protocol.Kind;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.ServerInput;
import dst.protocol.ServerOutput;
import dst.protocol.ServerSettings;
import dst.protocol.Side;
import dst.protocol.nbd.NbdServer;
import dst.protocol.nbd.NbdServerInput;
import dst.protocol.nbd.NbdServerOutput;
import dst.reports.Judgement;
import dst.reports.Verdict;
import dst.sim.nbd.AttachedMachines;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** NBD in front of a client, in a virtual world: its own mistakes are seen there as everybody else's are. */
final class OverNbdTest {
    private final Library library = new Library();
    private final Scenario scenario = library.scenario("over-nbd");
    private final Machines honest = new Subject(library, Optional.empty()).machines();

    @Test
    void honestNbdHolds() {
        for (long seed = 1; seed <= 40; seed++) {
            Judgement judgement = run(seed, honest);
            assertEquals(Verdict.HOLDS, judgement.verdict(), "seed " + seed + ": " + judgement.blame());
        }
    }

    @Test
    void sameSeedIsTheSameRun() {
        assertEquals(
                Trial.of(scenario.plan(7), honest, Optional.empty()).digest(),
                Trial.of(scenario.plan(7), honest, Optional.empty()).digest());
    }

    @Test
    void flushThatIsAnsweredAndNotDoneIsFound() {
        assertFound("T4", (server) -> new Forgetful(server, Kind.FLUSH));
    }

    @Test
    void writeThatIsAnsweredAndNotDoneIsFound() {
        assertFound("T4", (server) -> new Forgetful(server, Kind.WRITE));
    }

    @Test
    void readOfAnotherPlaceIsFound() {
        assertFound("T4", Astray::new);
    }

    private void assertFound(String rule, UnaryOperator<Machine<NbdServerInput, NbdServerOutput>> lie) {
        Machines lying = new Machines() {
            @Override
            public Machine<ClientInput, ClientOutput> client(ClientSettings settings, ByteBufAllocator pages) {
                return honest.client(settings, pages);
            }

            @Override
            public Machine<ServerInput, ServerOutput> server(ServerSettings settings, ByteBufAllocator pages) {
                return honest.server(settings, pages);
            }

            @Override
            public Machines variant(String name) {
                return name.equals(PRESENT)
                        ? this
                        : new AttachedMachines(this, pages -> lie.apply(new NbdServer(pages)));
            }
        };
        Judgement judgement = run(1, lying);
        assertEquals(Verdict.BROKEN, judgement.verdict());
        assertEquals(Side.CLIENT, judgement.blame().orElseThrow().side());
        assertTrue(
                judgement.findings().stream().anyMatch(one -> one.rule().equals(rule)),
                () -> judgement.findings().toString());
    }

    private Judgement run(long seed, Machines machines) {
        return Trial.of(scenario.plan(seed), machines, Optional.empty()).judgement();
    }

    /** An NBD server that wants something else done than it was asked for. */
    private abstract static class Lying implements Machine<NbdServerInput, NbdServerOutput> {
        private final Machine<NbdServerInput, NbdServerOutput> server;

        Lying(Machine<NbdServerInput, NbdServerOutput> server) {
            this.server = server;
        }

        /** What it wants done instead; empty: nothing, and it says that it was done. */
        abstract Optional<Operation> instead(Operation asked);

        @Override
        public void step(long now, NbdServerInput input, List<? super NbdServerOutput> outbox) {
            List<NbdServerOutput> wanted = new ArrayList<>();
            server.step(now, input, wanted);
            for (NbdServerOutput output : wanted) {
                if (output instanceof NbdServerOutput.Submit(long tag, Operation asked)) {
                    Optional<Operation> other = instead(asked);
                    if (other.isPresent()) {
                        outbox.add(new NbdServerOutput.Submit(tag, other.get()));
                    } else {
                        if (asked instanceof Operation.Write write) {
                            write.data().release();
                        }
                        step(now, new NbdServerInput.Completed(tag, new Outcome.Done(Unpooled.EMPTY_BUFFER)), outbox);
                    }
                } else {
                    outbox.add(output);
                }
            }
        }

        @Override
        public long nextDeadline() {
            return server.nextDeadline();
        }

        @Override
        public long digest() {
            return server.digest();
        }

        @Override
        public void discard() {
            server.discard();
        }
    }

    private static final class Forgetful extends Lying {
        private final Kind what;

        Forgetful(Machine<NbdServerInput, NbdServerOutput> server, Kind what) {
            super(server);
            this.what = what;
        }

        @Override
        Optional<Operation> instead(Operation asked) {
            return asked.kind() == what ? Optional.empty() : Optional.of(asked);
        }
    }

    private static final class Astray extends Lying {
        Astray(Machine<NbdServerInput, NbdServerOutput> server) {
            super(server);
        }

        @Override
        Optional<Operation> instead(Operation asked) {
            return Optional.of(
                    asked instanceof Operation.Read read
                            ? new Operation.Read(read.offset() == 0 ? 512 : 0, read.length())
                            : asked);
        }
    }
}
