package dst.protocol.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Access;
import dst.protocol.Closing;
import dst.protocol.Holder;
import dst.protocol.Kind;
import dst.protocol.LinkPort;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.ServerControl;
import dst.protocol.ServerSettings;
import dst.protocol.Unique;
import dst.protocol.wire.Message;
import dst.protocol.wire.Settled;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An export that is read-only for all is used by many at once; nobody holds it (H5). */
class SharingTest {
    private static final ServerSettings THREE = new ServerSettings(1024, 256, 3, 1L << 30);
    private static final Unique CAT = new Unique(0xC, 1);

    private final LoneServer lone = LoneServer.open(THREE, LoneServer.shared(), Access.ofEverybody(Permission.BOTH));

    @AfterEach
    void everythingIsGivenBack() {
        lone.everythingIsGivenBack();
    }

    private final long ann = lone.share(LoneServer.ANN, 0);
    private final long bob = lone.share(LoneServer.BOB, 0);

    // H5: granted at once, with nothing to drain, flush or record.
    @Test
    void everyReaderIsGrantedEpochZeroAndNothingIsPersisted() {
        assertEquals(
                new Holder(0, LoneServer.ANN),
                lone.last(ann, Message.Attached.class).holder());
        assertEquals(
                new Holder(0, LoneServer.BOB),
                lone.last(bob, Message.Attached.class).holder());
        assertEquals(0, lone.last(bob, Message.Welcome.class).epoch());
        assertFalse(lone.last(bob, Message.Welcome.class).occupied());
        assertEquals(
                Permission.READ,
                lone.last(bob, Message.Attached.class).agreement().device().permission());
        assertTrue(lone.persists.isEmpty());
        assertTrue(lone.disk.isEmpty());
        assertTrue(lone.closed.isEmpty());
    }

    // T1, T3: each has its own ids and its own settled set.
    @Test
    void readersDoNotKnowEachOthersIds() {
        lone.say(ann, lone.read(1, 0));
        lone.say(bob, lone.request(1, Kind.READ, 5, 1, 0, Settled.NONE, 0));
        assertEquals(2, lone.disk.size());
        lone.say(bob, lone.request(2, Kind.READ, 6, 1, 0, LoneServer.settled(List.of(0L, 1L)), 0));
        lone.endAll();
        assertEquals(1, lone.answers(ann).size());
        assertEquals(
                List.of(2L), lone.answers(bob).stream().map(Message.Answer::id).toList());
    }

    // R2
    @Test
    void nothingIsChangedThroughASharedExport() {
        lone.say(ann, lone.write(1, 0));
        lone.say(ann, lone.request(2, Kind.ZERO, 0, 1, 0, Settled.NONE, 0));
        lone.say(ann, lone.request(3, Kind.TRIM, 0, 1, 0, Settled.NONE, 0));
        assertTrue(lone.disk.isEmpty());
        assertEquals(
                List.of(Problem.NOT_PERMITTED, Problem.NOT_PERMITTED, Problem.NOT_PERMITTED),
                lone.answers(ann).stream().map(Message.Answer::problem).toList());
    }

    // L2: a token is one attachment, over whatever links.
    @Test
    void readerHasSeveralLinksAndNewerOnesSupersede() {
        long other = lone.share(LoneServer.ANN, 1);
        assertTrue(lone.closed.isEmpty());
        long newer = lone.share(LoneServer.ANN, 0);
        assertEquals(Closing.Cause.SUPERSEDED, lone.closed.get(ann).cause());
        lone.say(newer, lone.read(1, 0));
        lone.say(other, lone.request(1, Kind.READ, 0, 1, Message.Request.RESEND, Settled.NONE, 0));
        lone.endAll();
        assertTrue(lone.answers(newer).isEmpty());
        assertEquals(1, lone.answers(other).size());
    }

    // H5: it holds no epoch that would have to end.
    @Test
    void readerIsForgottenWithItsLastLink() {
        lone.say(ann, lone.request(5, Kind.READ, 0, 1, 0, LoneServer.settled(List.of(0L, 1L)), 0));
        long other = lone.share(LoneServer.ANN, 1);
        lone.step(new LinkPort.Closed(ann, "gone"));
        lone.say(other, lone.read(1, 9));
        assertEquals(1, lone.disk.size(), "1 is settled as long as there is a link");
        lone.step(new LinkPort.Closed(other, "gone"));
        long again = lone.share(LoneServer.ANN, 0);
        lone.say(again, lone.read(1, 9));
        assertEquals(2, lone.disk.size());
        lone.endAll();
        assertEquals(1, lone.answers(again).size());
        assertFalse(lone.closed.containsKey(bob));
    }

    // L2: the attachment outlives the change of its only link.
    @Test
    void newerLinkInTheOnlySlotKeepsTheAttachment() {
        lone.say(ann, lone.request(2, Kind.READ, 0, 1, 0, LoneServer.settled(List.of(0L, 1L)), 0));
        long newer = lone.share(LoneServer.ANN, 0);
        lone.say(newer, lone.read(1, 9));
        assertEquals(1, lone.disk.size());
        lone.say(newer, lone.request(2, Kind.READ, 0, 1, Message.Request.RESEND, Settled.NONE, 0));
        lone.endAll();
        assertEquals(
                List.of(2L),
                lone.answers(newer).stream().map(Message.Answer::id).toList());
    }

    // T5, T3: what a forgotten reader had waiting never starts; what it had running ends, and holds nobody up after
    // that.
    @Test
    void readerThatGoesLeavesNothingBehind() {
        lone.say(ann, lone.read(1, 0));
        lone.say(ann, lone.flush(2));
        lone.step(new LinkPort.Closed(ann, "gone"));
        assertEquals(2, lone.disk.size());
        lone.endAll();
        lone.say(bob, lone.flush(1));
        lone.endAll();
        assertEquals(Problem.NONE, lone.answer(bob).problem());
    }

    // R7: exactly at the edge.
    @Test
    void thereIsALimitOfReadersAndItIsFreeAgainWhenOneGoes() {
        long cat = lone.share(CAT, 0);
        assertEquals(0, lone.last(cat, Message.Attached.class).holder().epoch());
        long more = lone.share(LoneServer.ANN, 1);
        assertEquals(0, lone.last(more, Message.Attached.class).holder().epoch());
        long late = lone.share(new Unique(0xD, 1), 0);
        assertEquals(Problem.LIMIT, lone.refusal(late));
        lone.step(new LinkPort.Closed(cat, "gone"));
        long again = lone.share(new Unique(0xD, 1), 0);
        assertEquals(0, lone.last(again, Message.Attached.class).holder().epoch());
    }

    // T2: a reader that is wrong loses its own attachment and nobody else's.
    @Test
    void readerThatIsWrongLosesItsLinksOnly() {
        long other = lone.share(LoneServer.ANN, 1);
        lone.say(ann, lone.read(1, 0));
        lone.say(other, lone.read(1, 1));
        assertEquals("T2", lone.closed.get(ann).rule());
        assertEquals("T2", lone.closed.get(other).rule());
        assertFalse(lone.closed.containsKey(bob));
        assertTrue(lone.persists.isEmpty());
    }

    @Test
    void readerThatLeavesLeavesTheOthersAlone() {
        lone.say(ann, new Message.Goodbye(true, 0, lone.boot, "detached"));
        assertEquals(Closing.Cause.DONE, lone.closed.get(ann).cause());
        assertFalse(lone.closed.containsKey(bob));
        assertTrue(lone.persists.isEmpty());
    }

    // L5
    @Test
    void removalSaysGoodbyeToAllReaders() {
        lone.step(new ServerControl.RemoveExport("disk", 1_000));
        lone.endAll();
        assertTrue(lone.last(ann, Message.Goodbye.class).clean());
        assertTrue(lone.last(bob, Message.Goodbye.class).clean());
        assertEquals(List.of(new ServerControl.Removed("disk", true)), lone.removed);
    }

    // L5
    @Test
    void removalWaitsForEveryReadersOperations() {
        lone.say(ann, lone.read(1, 0));
        lone.say(bob, lone.read(1, 1));
        lone.step(new ServerControl.RemoveExport("disk", 1_000));
        lone.end(0);
        assertTrue(lone.all(ann, Message.Goodbye.class).isEmpty());
        lone.endAll();
        assertEquals(1, lone.answers(ann).size());
        assertEquals(1, lone.answers(bob).size());
        assertEquals(1, lone.removed.size());
    }

    // D5
    @Test
    void bootThatEndsForgetsAllReadersAndTheyComeBack() {
        lone.say(ann, lone.read(1, 0));
        lone.say(bob, lone.flush(1));
        lone.fail(1);
        assertEquals(Closing.Cause.BOOT_ENDED, lone.closed.get(ann).cause());
        assertEquals(Closing.Cause.BOOT_ENDED, lone.closed.get(bob).cause());
        lone.endAll();
        lone.drawBoot();
        long again = lone.share(LoneServer.ANN, 0);
        assertEquals(lone.boot, lone.last(again, Message.Attached.class).boot());
    }

    // H5: readers are warned like a taker of what the last holder may not have written again; nothing that they say
    // changes that.
    @Test
    void readersAreToldOfAnUnfinishedReplay() {
        assertFalse(lone.last(ann, Message.Attached.class).owed());
        lone.restart(LoneServer.shared(), new Holder(5, CAT));
        long one = lone.share(LoneServer.ANN, 0);
        assertTrue(lone.last(one, Message.Attached.class).owed());
        lone.say(one, new Message.Replayed(0, lone.boot));
        lone.say(one, new Message.Replayed(5, lone.boot));
        long other = lone.share(LoneServer.BOB, 0);
        assertTrue(lone.last(other, Message.Attached.class).owed());
        lone.restart(LoneServer.shared(), new Holder(6, Unique.NONE, true));
        long last = lone.share(LoneServer.ANN, 0);
        assertFalse(lone.last(last, Message.Attached.class).owed());
    }

    // H5: sharing ends nobody's epoch, so that nobody was replaced by it.
    @Test
    void holderOfAnExportThatIsSharedNowComesBackAsAReader() {
        lone.restart(LoneServer.shared(), new Holder(5, LoneServer.ANN));
        long held = lone.attach(lone.connect(), lone.hello(LoneServer.ANN, 0, 9, new Holder(5, LoneServer.ANN)));
        assertEquals(
                new Holder(0, LoneServer.ANN),
                lone.last(held, Message.Attached.class).holder());
        long replaced = lone.attach(lone.connect(), lone.hello(CAT, 0, 9, new Holder(4, CAT)));
        assertEquals(Problem.REPLACED, lone.refusal(replaced));
    }

    @Test
    void whatEndsAnEpochHasNoPlaceInASharedExport() {
        lone.restart(LoneServer.shared(), new Holder(5, LoneServer.ANN));
        long joins = lone.connect();
        Message.Welcome welcome = lone.greet(joins, LoneServer.BOB, 1, Holder.NOBODY);
        lone.say(joins, new Message.Attach(welcome.agreement(), 5, false));
        assertEquals(Problem.EPOCH_NOT_CURRENT, lone.refusal(joins));
    }

    // H5: the holder's own token does not hold anything there either.
    @Test
    void formerHolderIsAReaderLikeAnyOther() {
        lone.restart(LoneServer.shared(), new Holder(5, LoneServer.ANN));
        long link = lone.share(LoneServer.ANN, 0);
        assertEquals(
                new Holder(0, LoneServer.ANN),
                lone.last(link, Message.Attached.class).holder());
    }

    // R7: what readers that are gone have left running counts until the disk has ended it.
    @Test
    void readersThatComeAndGoWhileTheDiskHangsLeaveNoMoreBehindThanTheLimit() {
        for (int i = 1; i <= 20; i++) {
            long link = lone.share(i % 2 == 0 ? CAT : new Unique(0xE, i), 0);
            lone.say(link, lone.read(1, 0));
            lone.step(new LinkPort.Closed(link, "gone"));
        }
        assertEquals(1, lone.disk.size(), "two readers are here, and a third one was");
        long late = lone.share(CAT, 0);
        assertEquals(Problem.LIMIT, lone.refusal(late));
        lone.endAll();
        long again = lone.share(CAT, 0);
        assertEquals(0, lone.last(again, Message.Attached.class).holder().epoch());
    }
}
