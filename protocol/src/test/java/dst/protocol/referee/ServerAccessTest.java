package dst.protocol.referee;

import dst.protocol.Access;
import dst.protocol.Agreement;
import dst.protocol.BootCause;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.Device;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.DurablePort;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.Kind;
import dst.protocol.LinkPort;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.ServerControl;
import dst.protocol.ServerSettings;
import dst.protocol.Side;
import dst.protocol.Unique;
import dst.protocol.trace.ByteSum;
import dst.protocol.trace.Layer;
import dst.protocol.trace.WorldEvent;
import dst.protocol.wire.Message;
import dst.protocol.wire.Settled;
import io.netty.buffer.Unpooled;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** H5, R2, R6, R7 and L4 as they bind a server: who shares an export, who may do what, and how much it bears. */
class ServerAccessTest {
    private static final Unique OTHER = new Unique(8, 9);
    private static final Holder NEXT = new Holder(6, OTHER);

    private final ServerScript it = ServerScript.attached();

    private static Message.Hello hello(Unique token, int slot, long generation, Holder held) {
        return new Message.Hello("disk", token, slot, generation, Script.TERMS, held, Unique.NONE);
    }

    /** Another link, up to the client's Attach. */
    private void greet(Message.Hello hello, boolean joins) {
        it.link++;
        it.in(new LinkPort.Accepted(it.link, "peer", "somebody"));
        it.receive(new Message.Preamble(1, 1));
        it.send(new Message.Preamble(1, 1));
        it.receive(hello);
        it.send(new Message.Welcome(Script.AGREEMENT, it.boot, BootCause.STARTED, 5));
        it.receive(new Message.Attach(Script.AGREEMENT, 5, joins));
    }

    private void close(long link) {
        it.out(new LinkPort.Close(link, Closing.of(Closing.Cause.SUPERSEDED, "")));
    }

    private void next() {
        it.in(new Control.TimerFired());
    }

    // Sharing.

    private static final Device READABLE =
            new Device(Script.DEVICE.identity(), Script.DEVICE.size(), Script.BLOCK, Permission.READ);
    private static final Agreement TO_READ = new Agreement(1, Script.TERMS, READABLE);

    private ServerScript shared() {
        ServerScript shared = new ServerScript();
        shared.tap(Layer.server("server"), new WorldEvent.ProcessStarted());
        shared.in(new DiskPort.Opened(0, Script.BOOT, BootCause.STARTED));
        shared.in(new ServerControl.ExportOpened(
                new Export("disk", 0, 0, READABLE, Script.TERMS, true),
                Script.HOLDER,
                Access.ofEverybody(Permission.BOTH)));
        for (Unique token : new Unique[] {Script.TOKEN, OTHER}) {
            shared.link++;
            shared.in(new LinkPort.Accepted(shared.link, "peer", "somebody"));
            shared.receive(new Message.Preamble(1, 1));
            shared.send(new Message.Preamble(1, 1));
            shared.receive(hello(token, 0, 1, Holder.NOBODY));
            shared.send(new Message.Welcome(TO_READ, Script.BOOT, BootCause.STARTED, 5));
            shared.receive(new Message.Attach(TO_READ, 5, false));
            shared.send(new Message.Attached(TO_READ, new Holder(0, token), Script.BOOT, true));
        }
        return shared;
    }

    private static Message.Request read(long id, long block) {
        return new Message.Request(
                id,
                Kind.READ,
                0,
                block * Script.BLOCK,
                Script.BLOCK,
                0,
                Script.BOOT,
                Settled.NONE,
                0,
                Unpooled.EMPTY_BUFFER);
    }

    private static Message.Answer answer(long id, int content) {
        return new Message.Answer(id, Problem.NONE, 0, Script.BOOT, 0, 0, Script.data(content));
    }

    @Test
    void h5ReadersWithTheSameIdsAreNotMistakenForEachOther() {
        ServerScript shared = shared();
        shared.link = 1;
        shared.receive(read(1, 0));
        shared.link = 2;
        shared.receive(read(1, 0));
        long second = shared.startRead(1, 0, 1);
        shared.read(second, Script.data(7));
        shared.send(answer(1, 7));
        shared.link = 1;
        long first = shared.startRead(1, 0, 1);
        shared.read(first, Script.data(7));
        shared.send(answer(1, 7));
        shared.accusesNobody();
    }

    @Test
    void r5AnswersOneReaderWithOtherBytes() {
        ServerScript shared = shared();
        shared.link = 1;
        shared.receive(read(1, 0));
        shared.read(shared.startRead(1, 0, 1), Script.data(7));
        shared.send(answer(1, 8));
        shared.accuses("R5", Side.SERVER, "other bytes");
    }

    @Test
    void h5MakesSomebodyHolderOfASharedExport() {
        ServerScript shared = shared();
        shared.out(new DurablePort.Keep("disk", NEXT));
        shared.accuses("H5", Side.SERVER, "nobody holds it");
    }

    @Test
    void r2WritesOnASharedExport() {
        ServerScript shared = shared();
        shared.link = 1;
        shared.receive(new Message.Request(
                1,
                Kind.WRITE,
                0,
                0,
                Script.BLOCK,
                0,
                Script.BOOT,
                Settled.NONE,
                new ByteSum().of(Script.data(1)),
                Script.data(1)));
        shared.startWrite(1, 0, 1);
        shared.accuses("R2", Side.SERVER, "the device permits READ");
    }

    // Limits.

    private static ServerScript limited() {
        ServerSettings settings = new ServerSettings(3, 1, 1, 1 << 20);
        ServerScript script = new ServerScript(new Referee(new Limits(Map.of(), Map.of("server", settings), Set.of())));
        script.open(Script.BOOT);
        return script;
    }

    @Test
    void r7HoldsTooManyHandshakes() {
        ServerScript script = limited();
        script.greet();
        script.greet();
        script.in(new Control.TimerFired());
        script.accuses("R7", Side.SERVER, "2 unfinished handshakes");
    }

    // H5: who has echoed waits for the disk; a server cannot let him go for being slow.
    @Test
    void r7CountsNoTakerThatWaitsForTheDisk() {
        ServerScript script = limited();
        script.greet();
        script.send(new Message.Welcome(Script.AGREEMENT, Script.BOOT, BootCause.STARTED, Script.HOLDER.epoch()));
        script.receive(new Message.Attach(Script.AGREEMENT, Script.HOLDER.epoch(), false));
        script.greet();
        script.in(new Control.TimerFired());
        script.accusesNobody();
    }

    @Test
    void r7EndsTheOldestHandshake() {
        ServerScript script = limited();
        script.attach();
        script.greet();
        script.in(new LinkPort.Accepted(3, "peer", "somebody"));
        script.out(new LinkPort.Close(2, Closing.of(Closing.Cause.REFUSED, "")));
        script.in(new Control.TimerFired());
        script.accusesNobody();
    }

    @Test
    void l4StopsReceivingThoughNothingIsUnderWay() {
        it.in(new LinkPort.Sent(1, 1 << 20));
        it.out(new LinkPort.Reading(1, false));
        next();
        it.accuses("L4", Side.SERVER, "it will never go on");
    }

    @Test
    void l4StaysDeafThoughWhatRanHasEnded() {
        long ticket = deafWhileItRuns();
        it.moved(ticket, 1);
        it.send(it.done(1, 1, 0));
        it.in(new LinkPort.Sent(1, 1 << 20));
        next();
        it.accuses("L4", Side.SERVER, "it will never go on");
    }

    @Test
    void l4HearsAgainWhenWhatRanHasEnded() {
        long ticket = deafWhileItRuns();
        it.moved(ticket, 1);
        it.send(it.done(1, 1, 0));
        it.out(new LinkPort.Reading(1, true));
        next();
        next();
        it.accusesNobody();
    }

    private long deafWhileItRuns() {
        it.in(new LinkPort.Sent(1, 1 << 20));
        it.receive(it.write(1, 0, 0, 1));
        long ticket = it.startWrite(1, 0, 1);
        it.out(new LinkPort.Reading(1, false));
        next();
        return ticket;
    }

    @Test
    void l4StopsReceivingWhileSomethingRuns() {
        it.in(new LinkPort.Sent(1, 1 << 20));
        it.receive(it.write(1, 0, 0, 1));
        it.startWrite(1, 0, 1);
        it.out(new LinkPort.Reading(1, false));
        next();
        it.accusesNobody();
    }

    @Test
    void aHostileClientConvictsNobody() {
        it.receive(it.answer(1, Problem.NONE, 1, 1));
        it.out(new LinkPort.Close(1, Closing.peerWrong("H1", "not due")));
        next();
        it.accusesNobody();
    }

    @Test
    void aSettledSetThatContradictsMayBeCalledWrong() {
        it.settled = new Settled(64, new long[] {0}, new long[0]);
        it.receive(it.write(65, 0, 0, 1));
        it.settled = new Settled(0, new long[] {-1L, -1L}, new long[0]);
        it.receive(it.write(200, 0, 4, 1));
        it.out(new LinkPort.Close(1, Closing.peerWrong("T3", "contradicts")));
        next();
        it.accusesNobody();
    }

    // Access.

    private void permit(Permission permission) {
        it.in(new ServerControl.AccessChanged("disk", Access.ofEverybody(permission)));
    }

    @Test
    void r6StartsWhatIsNotPermittedAnyMore() {
        it.receive(it.write(1, 0, 0, 1));
        permit(Permission.READ);
        it.startWrite(1, 0, 1);
        it.accuses("R6", Side.SERVER, "may READ");
    }

    @Test
    void r6KeepsALinkOnWhichMoreWasAgreed() {
        permit(Permission.READ);
        next();
        it.accuses("R6", Side.SERVER, "still held link 1");
    }

    @Test
    void r6ClosesALinkOnWhichMoreWasAgreed() {
        it.receive(it.write(1, 0, 0, 1));
        long running = it.start(ticket -> new DiskRequest.Write(ticket, 1, 0, Script.data(1), false));
        permit(Permission.READ);
        close(1);
        next();
        it.moved(running, 1);
        it.accusesNobody();
    }

    @Test
    void r6OffersMoreThanIsGiven() {
        permit(Permission.READ);
        close(1);
        greet(hello(Script.TOKEN, 0, 2, Script.HOLDER), true);
        it.accuses("R6", Side.SERVER, "but given is READ");
    }

    @Test
    void r6SaysThatNobodyIsAdmittedWhereSomebodyIs() {
        it.greet();
        it.send(new Message.Refuse(Problem.ADMITS_NOBODY, ""));
        it.accuses("R6", Side.SERVER, "it permits BOTH");
    }
}
