package dst.protocol.referee;

import dst.protocol.BootCause;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.DiskRequest;
import dst.protocol.DurablePort;
import dst.protocol.Holder;
import dst.protocol.LinkPort;
import dst.protocol.Problem;
import dst.protocol.Side;
import dst.protocol.Unique;
import dst.protocol.wire.Message;
import org.junit.jupiter.api.Test;

/** H5, L2 and T3 as they bind a server: several links, several clients, one holder. */
class ServerTakeoverTest {
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

    private void join(int slot, long generation) {
        greet(hello(Script.TOKEN, slot, generation, Script.HOLDER), true);
        it.send(new Message.Attached(Script.AGREEMENT, Script.HOLDER, it.boot, false));
    }

    private void close(long link) {
        it.out(new LinkPort.Close(link, Closing.of(Closing.Cause.SUPERSEDED, "")));
    }

    private void next() {
        it.in(new Control.TimerFired());
    }

    @Test
    void requestsOfOneAttachmentOverTwoLinksAreRight() {
        join(1, 2);
        next();
        it.receive(it.write(1, 0, 0, 1));
        long first = it.startWrite(1, 0, 1);
        it.link = 1;
        it.settled = Script.settled(1);
        it.receive(it.write(2, 0, 4, 4));
        it.moved(first, 1);
        it.moved(it.startWrite(2, 4, 4), 1);
        it.send(it.done(2, 2, 0));
        it.accusesNobody();
    }

    @Test
    void t3StartsOnOneLinkWhatIsSettledOnAnother() {
        join(1, 2);
        it.receive(it.write(1, 0, 0, 1));
        it.link = 1;
        it.settled = Script.settled(1);
        it.receive(it.write(2, 0, 4, 4));
        it.moved(it.startWrite(2, 4, 4), 1);
        it.send(it.done(2, 1, 0));
        it.startWrite(1, 0, 1);
        it.accuses("T3", Side.SERVER, "a settled set that contains it");
    }

    @Test
    void t3ExecutesAgainWhatCameOnAnotherLink() {
        it.wrote(1, 1, 0, 1);
        join(1, 2);
        it.receive(it.write(1, Message.Request.RESEND, 0, 1));
        it.startWrite(1, 0, 1);
        it.accuses("T3", Side.SERVER, "a second time");
    }

    @Test
    void l2KeepsALinkThatIsSuperseded() {
        join(0, 2);
        next();
        it.accuses("L2", Side.SERVER, "supersedes");
    }

    @Test
    void l2ClosesALinkThatIsSuperseded() {
        join(0, 2);
        close(1);
        next();
        it.accusesNobody();
    }

    @Test
    void l2LinksOfTwoSlotsLiveTogether() {
        join(1, 2);
        next();
        it.accusesNobody();
    }

    @Test
    void l2GrantsAnOlderLinkThatComesLate() {
        join(1, 9);
        next();
        join(1, 3);
        it.accuses("L2", Side.SERVER, "generation 9 was open");
    }

    private void taken(boolean owed) {
        it.out(new DurablePort.Keep("disk", NEXT));
        it.in(new DurablePort.Kept("disk", NEXT));
        it.send(new Message.Attached(Script.AGREEMENT, NEXT, it.boot, owed));
    }

    private void takes() {
        greet(hello(OTHER, 0, 1, Holder.NOBODY), false);
        close(1);
    }

    @Test
    void h5TakesOver() {
        it.wrote(1, 1, 0, 1);
        takes();
        it.flushed();
        taken(false);
        next();
        it.accusesNobody();
    }

    @Test
    void h5KeepsALinkOfTheOldHolder() {
        greet(hello(OTHER, 0, 1, Holder.NOBODY), false);
        it.flushed();
        taken(false);
        next();
        it.accuses("H5", Side.SERVER, "was still open");
    }

    @Test
    void h5WritesTheHolderDownBeforeTheFlush() {
        it.wrote(1, 1, 0, 1);
        takes();
        it.out(new DurablePort.Keep("disk", NEXT));
        it.accuses("H5", Side.SERVER, "not flushed");
    }

    @Test
    void h5WritesTheHolderDownWhileSomethingRuns() {
        it.receive(it.write(1, 0, 0, 1));
        it.startWrite(1, 0, 1);
        takes();
        it.out(new DurablePort.Keep("disk", NEXT));
        it.accuses("H5", Side.SERVER, "was running");
    }

    @Test
    void h5StartsSomethingOlderMeanwhile() {
        it.receive(it.write(1, 0, 0, 1));
        takes();
        it.flushed();
        it.out(new DurablePort.Keep("disk", NEXT));
        it.startWrite(1, 0, 1);
        it.accuses("H5", Side.SERVER, "after it had written down epoch 6");
    }

    @Test
    void h5SaysReplacedTooEarly() {
        takes();
        it.out(new DurablePort.Keep("disk", NEXT));
        greet(hello(Script.TOKEN, 0, 2, Script.HOLDER), true);
        it.send(new Message.Refuse(Problem.REPLACED, ""));
        it.accuses("H5", Side.SERVER, "no other holder was on durable record");
    }

    @Test
    void h5SaysReplacedOnceItIsTrue() {
        takes();
        taken(false);
        greet(hello(Script.TOKEN, 0, 2, Script.HOLDER), true);
        it.send(new Message.Refuse(Problem.REPLACED, ""));
        it.accusesNobody();
    }

    @Test
    void h5SaysReplacedToWhoeverKnowsAnotherDevice() {
        takes();
        taken(false);
        Message.Hello ours = hello(Script.TOKEN, 0, 2, Script.HOLDER);
        greet(
                new Message.Hello(
                        ours.export(),
                        ours.token(),
                        ours.slot(),
                        ours.generation(),
                        ours.offer(),
                        ours.held(),
                        new Unique(9, 9)),
                true);
        it.send(new Message.Refuse(Problem.REPLACED, ""));
        it.accuses("H5", Side.SERVER, "that one knows another device");
    }

    @Test
    void h5ConcealsThatAReplayMayBeMissing() {
        it.powerCut(Script.NEXT_BOOT);
        greet(hello(OTHER, 0, 1, Holder.NOBODY), false);
        taken(false);
        it.accuses("H5", Side.SERVER, "no replay is missing");
    }

    /** Everything of the old epoch was flushed as the new holder was written down: what is lost later is none of its. */
    @Test
    void h5ABootThatEndsWhileTheHolderIsWrittenDownOwesNothing() {
        it.wrote(1, 1, 0, 1);
        takes();
        it.flushed();
        it.out(new DurablePort.Keep("disk", NEXT));
        long ticket = it.startFlush();
        it.failed(ticket);
        close(2);
        long forget = it.start(each -> new DiskRequest.Forget(each, 0));
        it.in(new DurablePort.Kept("disk", NEXT));
        it.moved(forget, 0);
        it.out(new DurablePort.DrawBoot(0, BootCause.FLUSH_FAILED));
        it.in(new DurablePort.BootDrawn(0, Script.NEXT_BOOT));
        it.link++;
        it.in(new LinkPort.Accepted(it.link, "peer", "somebody"));
        it.receive(new Message.Preamble(1, 1));
        it.send(new Message.Preamble(1, 1));
        it.receive(hello(OTHER, 0, 2, Holder.NOBODY));
        it.send(new Message.Welcome(Script.AGREEMENT, Script.NEXT_BOOT, BootCause.FLUSH_FAILED, NEXT.epoch()));
        it.receive(new Message.Attach(Script.AGREEMENT, NEXT.epoch(), false));
        it.send(new Message.Attached(Script.AGREEMENT, NEXT, Script.NEXT_BOOT, false));
        next();
        it.accusesNobody();
    }

    @Test
    void h5TellsThatAReplayMayBeMissing() {
        it.powerCut(Script.NEXT_BOOT);
        greet(hello(OTHER, 0, 1, Holder.NOBODY), false);
        taken(true);
        it.accusesNobody();
    }
}
