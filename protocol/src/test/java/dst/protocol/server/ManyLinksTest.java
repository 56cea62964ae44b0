package dst.protocol.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.ClientPolicy;
import dst.protocol.Closing;
import dst.protocol.DiskRequest;
import dst.protocol.Holder;
import dst.protocol.Kind;
import dst.protocol.LinkPort;
import dst.protocol.Problem;
import dst.protocol.Unique;
import dst.protocol.wire.Message;
import dst.protocol.wire.Settled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One attachment over several links at once: they are one conversation, whatever overtakes what (H5, L2, T2, T3, R7). */
class ManyLinksTest {
    private final LoneServer lone = LoneServer.open();

    @AfterEach
    void everythingIsGivenBack() {
        lone.everythingIsGivenBack();
    }

    private final long first = lone.attach(LoneServer.ANN);
    private final long second = lone.join(LoneServer.ANN, 1);

    // H5: repeated by the holder, it joins; L2: links of other slots stay.
    @Test
    void linksOfOtherSlotsLiveBesideEachOther() {
        assertEquals(lone.holder, lone.last(second, Message.Attached.class).holder());
        assertTrue(lone.closed.isEmpty());
        lone.say(first, lone.write(1, 0));
        lone.say(second, lone.write(2, 1));
        lone.endAll();
        assertEquals(List.of(1L), ids(first));
        assertEquals(List.of(2L), ids(second));
    }

    // L2
    @Test
    void newerLinkSupersedesTheOneOfItsSlotOnly() {
        long third = lone.join(LoneServer.ANN, 1);
        assertEquals(Closing.Cause.SUPERSEDED, lone.closed.get(second).cause());
        assertFalse(lone.closed.containsKey(first));
        assertFalse(lone.closed.containsKey(third));
    }

    // T3
    @Test
    void olderSetOnASlowerLinkIsPassedOver() {
        Message.Request slow = lone.write(3, 9, 3, 0, LoneServer.settled(List.of(0L, 1L)));
        lone.say(second, lone.write(4, 8, 4, 0, LoneServer.settled(List.of(0L, 1L, 2L))));
        lone.say(first, slow);
        lone.say(first, lone.write(2, 7));
        lone.endAll();
        assertEquals(List.of(3L), ids(first));
        assertTrue(lone.closed.isEmpty());
    }

    /** T3, T1: of honest requests in any order none is a contradiction, none beyond the window, and none settled ever starts. */
    @Test
    void settledSetsOfAnHonestClientMayArriveInAnyOrder() {
        List<Message.Request> requests = new ArrayList<>();
        // 1 hangs on its way for ever; the others are settled two by two, far beyond the window.
        for (long id = 2; id < 1400; id += 2) {
            requests.add(lone.request(id, Kind.TRIM, (int) (id % 60), 1, 0, settledBut(1, id, id + 1), 0));
            requests.add(lone.request(id + 1, Kind.TRIM, (int) (id % 60) + 1, 1, 0, settledBut(1, id, id + 2), 0));
        }
        for (int i = 0; i < requests.size(); i += 4) {
            for (int j : new int[] {2, 3, 1, 0}) {
                if (i + j < requests.size()) {
                    lone.say(j % 2 == 0 ? first : second, requests.get(i + j));
                }
            }
            lone.endAll();
        }
        assertEquals(Map.of(), lone.closed);
        assertEquals(requests.get(requests.size() - 1).id(), (long) ids(second).getLast());
    }

    /** As a client makes them: all ids below {@code next} are settled but one that hangs and those from {@code open} on. */
    private static Settled settledBut(long hangs, long open, long next) {
        long mark = Math.max(hangs & -64, (next - Settled.WINDOW + 63) & -64);
        long[] bits = new long[(int) ((next - mark + 63) >>> 6)];
        for (long id = mark; id < open; id++) {
            bits[(int) ((id - mark) >>> 6)] |= id == hangs ? 0 : 1L << (id & 63);
        }
        return new Settled(mark, bits, hangs < mark ? new long[] {hangs} : new long[0]);
    }

    // T3: the window moves with the ids that were given, also where nothing was settled in between.
    @Test
    void windowFollowsTheMarkOfASetThatSettlesNothingNew() {
        lone.say(first, lone.request(511, Kind.TRIM, 0, 1, 0, settledBut(1, 511, 512), 0));
        lone.say(first, lone.request(512, Kind.TRIM, 5, 1, 0, settledBut(1, 511, 513), 0));
        assertTrue(lone.closed.isEmpty(), lone.closed.toString());
        assertEquals(2, lone.disk.size());
    }

    // T3
    @Test
    void resendOnAnotherLinkIsAnsweredThereAndAnOriginalThatComesLateChangesNothing() {
        Message.Request original = lone.write(1, 0);
        lone.say(second, lone.write(1, 0, 1, Message.Request.RESEND, Settled.NONE));
        lone.say(first, original);
        assertEquals(1, lone.disk.size());
        lone.end(0);
        assertTrue(lone.answers(first).isEmpty());
        assertEquals(List.of(1L), ids(second));
    }

    // T3: what would be answered to a link that is gone is answered to any copy.
    @Test
    void originalThatComesLateTakesTheAnswerOfALinkThatIsGone() {
        Message.Request original = lone.write(1, 0);
        lone.say(second, lone.write(1, 0, 1, Message.Request.RESEND, Settled.NONE));
        lone.step(new LinkPort.Closed(second, "gone"));
        lone.say(first, original);
        lone.end(0);
        assertEquals(List.of(1L), ids(first));
    }

    // T3: a copy that comes after the answer gets it again, where it came.
    @Test
    void copyOfWhatIsAnsweredIsAnsweredOnItsOwnLink() {
        Message.Request original = lone.write(1, 0);
        lone.say(second, lone.write(1, 0, 1, Message.Request.RESEND, Settled.NONE));
        lone.end(0);
        lone.say(first, original);
        assertEquals(List.of(1L), ids(first));
        assertEquals(1, lone.answer(first).execution());
        assertTrue(lone.disk.isEmpty());
    }

    // T3, T7: settled on one link, dropped on every other.
    @Test
    void idSettledOnOneLinkNeverStartsOnAnother() {
        Message.Request ghost = lone.write(1, 0);
        lone.say(second, lone.write(2, 0, 2, 0, LoneServer.settled(List.of(0L, 1L))));
        lone.say(first, ghost);
        lone.endAll();
        assertTrue(lone.answers(first).isEmpty());
        assertEquals(List.of(2L), ids(second));
    }

    // D1: on all links.
    @Test
    void flushOnOneLinkWaitsForWritesOfAnother() {
        lone.say(first, lone.write(1, 0));
        lone.say(second, lone.flush(2));
        assertEquals(1, lone.disk.size());
        lone.endAll();
        assertEquals(1, lone.answer(second).commit());
    }

    // T4: what was sent before a boot ended is nobody's, on whichever link it comes.
    @Test
    void requestOfAnEarlierBootIsStaleOnANewLink() {
        Message.Request late = lone.write(1, 0);
        lone.say(first, lone.flush(9));
        lone.fail(0);
        assertEquals(Closing.Cause.BOOT_ENDED, lone.closed.get(first).cause());
        assertEquals(Closing.Cause.BOOT_ENDED, lone.closed.get(second).cause());
        lone.endAll();
        lone.drawBoot();
        lone.join(LoneServer.ANN, 0);
        long again = lone.join(LoneServer.ANN, 1);
        lone.say(again, late);
        assertEquals(Problem.STALE, lone.answer(again).problem());
        assertTrue(lone.disk.isEmpty());
    }

    // L5, H5: the client leaves on all of its links.
    @Test
    void goodbyeOnOneLinkEndsTheOthersInOrder() {
        lone.say(second, new Message.Goodbye(true, 0, lone.boot, "detached"));
        assertEquals(Closing.Cause.DONE, lone.closed.get(first).cause());
        assertEquals(Closing.Cause.DONE, lone.closed.get(second).cause());
        assertEquals(new Holder(2, Unique.NONE, true), lone.persists.getFirst().holder());
    }

    // H5: a goodbye that leaves something behind leaves the epoch where it is.
    @Test
    void goodbyeThatIsNotCleanEndsTheLinksAndNotTheEpoch() {
        lone.say(first, lone.write(1, 0));
        lone.say(second, new Message.Goodbye(false, 0, lone.boot, "detached"));
        assertEquals(2, lone.closed.size());
        assertTrue(lone.persists.isEmpty());
        lone.endAll();
        long again = lone.join(LoneServer.ANN, 0);
        lone.say(again, lone.write(1, 0));
        assertEquals(1, lone.answer(again).execution());
        assertTrue(lone.disk.isEmpty());
    }

    // T2
    @Test
    void otherContentUnderAKnownIdEndsTheEpochAndAllItsLinks() {
        lone.say(first, lone.write(1, 0));
        lone.say(second, lone.write(1, 0, 99, Message.Request.RESEND, Settled.NONE));
        assertEquals("T2", lone.closed.get(first).rule());
        assertEquals("T2", lone.closed.get(second).rule());
        assertEquals(new Holder(2, Unique.NONE), lone.persists.getFirst().holder());
    }

    // H5: nobody hears of the end of an epoch before it is durable.
    @Test
    void clientWhoseEpochEndsByForceIsReplacedOnlyOnceThatIsOnRecord() {
        lone.say(first, lone.write(1, 0));
        lone.say(second, lone.write(1, 0, 99, Message.Request.RESEND, Settled.NONE));
        Holder held = lone.holder;
        long before = lone.attach(lone.connect(), lone.hello(LoneServer.ANN, 5, held));
        assertEquals(Problem.NOT_READY, lone.refusal(before));
        lone.persistAll();
        long after = lone.attach(lone.connect(), lone.hello(LoneServer.ANN, 6, held));
        assertEquals(Problem.REPLACED, lone.refusal(after));
    }

    // H5, G3
    @Test
    void takeoverClosesEveryLinkOfTheOldHolder() {
        lone.say(second, lone.write(1, 0));
        lone.ask(lone.connect(), LoneServer.BOB, 1);
        assertEquals(Closing.Cause.REFUSED, lone.closed.get(first).cause());
        assertEquals(Closing.Cause.REFUSED, lone.closed.get(second).cause());
    }

    // H5: each link of the taker is granted; only the last one to go gives the takeover up.
    @Test
    void takerMayHaveSeveralLinksBeforeItIsGranted() {
        long one = lone.attach(lone.connect(), lone.hello(LoneServer.BOB, 0, 1, Holder.NOBODY));
        long other = lone.attach(lone.connect(), lone.hello(LoneServer.BOB, 1, 2, Holder.NOBODY));
        long third = lone.attach(lone.connect(), lone.hello(LoneServer.BOB, 2, 3, Holder.NOBODY));
        lone.step(new LinkPort.Closed(one, "gone"));
        lone.endAll();
        lone.persistAll();
        assertEquals(2, lone.last(other, Message.Attached.class).holder().epoch());
        assertEquals(2, lone.last(third, Message.Attached.class).holder().epoch());
    }

    // H5
    @Test
    void takeoverIsGivenUpWithTheLastLinkOfTheTaker() {
        long one = lone.attach(lone.connect(), lone.hello(LoneServer.BOB, 0, 1, Holder.NOBODY));
        long other = lone.attach(lone.connect(), lone.hello(LoneServer.BOB, 1, 2, Holder.NOBODY));
        lone.step(new LinkPort.Closed(one, "gone"));
        lone.step(new LinkPort.Closed(other, "gone"));
        lone.endAll();
        assertTrue(lone.persists.isEmpty());
        long back = lone.join(LoneServer.ANN, 0);
        assertEquals(1, lone.last(back, Message.Attached.class).holder().epoch());
    }

    // H5: a link that greeted before the grant, and echoes after it, joins.
    @Test
    void linkOfTheTakerThatEchoesAfterTheGrantJoins() {
        long one = lone.connect();
        lone.ask(one, LoneServer.BOB, 1);
        long other = lone.connect();
        lone.say(other, lone.hello(LoneServer.BOB, 1, 2, Holder.NOBODY));
        Message.Welcome welcome = lone.last(other, Message.Welcome.class);
        lone.endAll();
        lone.persistAll();
        lone.say(other, new Message.Attach(welcome.agreement(), welcome.epoch(), false));
        assertEquals(lone.holder, lone.last(other, Message.Attached.class).holder());
        assertFalse(lone.closed.containsKey(one));
    }

    // R7: at the edge.
    @Test
    void attachmentHasNoMoreLinksThanItHasSlots() {
        for (int slot = 2; slot < ClientPolicy.LINKS_MAX; slot++) {
            long link = lone.join(LoneServer.ANN, slot);
            assertEquals(lone.holder, lone.last(link, Message.Attached.class).holder());
        }
        long beyond = lone.join(LoneServer.ANN, ClientPolicy.LINKS_MAX);
        assertEquals(Problem.LIMIT, lone.refusal(beyond));
        assertEquals(1, lone.closed.size());
    }

    // R7: who does not read on one link is still served on the other.
    @Test
    void linkThatIsNotReadFromDoesNotHoldUpAnother() {
        lone.sent(first);
        lone.sent(second);
        for (int i = 0; i < 20_000; i++) {
            lone.say(first, new Message.Ping(i));
        }
        assertEquals(List.of(new LinkPort.Reading(first, false)), lone.readings);
        lone.say(second, lone.write(1, 0));
        lone.endAll();
        assertEquals(List.of(1L), ids(second));
    }

    // R7: what is in the disk's hands counts for the attachment, and each of its links gets its turn when some of it is
    // gone.
    @Test
    void linksThatAreNotReadFromTakeTurns() {
        lone.sent(first);
        lone.sent(second);
        List<Long> settled = new ArrayList<>(List.of(0L));
        for (long id = 1; id <= 60; id++) {
            Settled given = LoneServer.settled(settled);
            lone.say(id % 2 == 1 ? first : second, lone.request(id, Kind.WRITE, (int) (id * 4 % 64), 4, 0, given, 1));
            settled.add(id);
        }
        int started = lone.disk.size();
        assertTrue(started < 40, started + " at the disk");
        List<Long> before = transactions();
        for (int i = 0; i < 8; i++) {
            lone.end(0);
        }
        List<Long> after = new ArrayList<>(transactions());
        after.removeAll(before);
        long odd = after.stream().filter(id -> id % 2 == 1).count();
        assertTrue(odd > 0 && odd < after.size(), "only one of the links was listened to: " + after);
        lone.endAll();
    }

    private List<Long> transactions() {
        return lone.disk.stream().map(DiskRequest::transaction).toList();
    }

    private List<Long> ids(long link) {
        return lone.answers(link).stream().map(Message.Answer::id).toList();
    }
}
