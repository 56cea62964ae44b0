package dst.protocol.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.ClientControl;
import dst.protocol.Closing;
import dst.protocol.Device;
import dst.protocol.Holder;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Outcome;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.wire.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several links of one attachment: how they are opened, and what becomes of those that are of yesterday (H5, H6, T4, L2). */
class LinksTest {
    private LoneClient lone = LoneClient.attached(LoneClient.settings(), 3);

    @AfterEach
    void everythingIsGivenBack() {
        lone.everythingIsGivenBack();
    }

    private void use(LoneClient other) {
        lone.everythingIsGivenBack();
        lone = other;
    }

    private static LoneClient fresh(int links) {
        return new LoneClient(LoneClient.settings().with(LoneClient.policy(links)));
    }

    // L2, H5: one token, a slot for each link, generations that rise.
    @Test
    void eachLinkNamesItsSlot() {
        for (int slot = 0; slot < 3; slot++) {
            Message.Hello hello = lone.on(slot).all(Message.Hello.class).getFirst();
            assertEquals(slot, hello.slot());
            assertEquals(LoneClient.TOKEN, hello.token());
            assertEquals(slot == 0 ? Holder.NOBODY : LoneClient.HOLDER, hello.held());
            assertEquals(slot > 0, lone.all(Message.Attach.class).getFirst().joins());
        }
        long before = lone.on(1).all(Message.Hello.class).getFirst().generation();
        lone.lose();
        lone.open();
        Message.Hello next = lone.all(Message.Hello.class).getFirst();
        assertEquals(1, next.slot());
        assertTrue(next.generation() > before);
    }

    // H5: a client must not race itself.
    @Test
    void oneSlotAloneTakesTheExportAndTheOthersJoin() {
        use(fresh(3));
        lone.fire();
        assertFalse(lone.connected(1));
        lone.open();
        lone.welcome();
        lone.now += LoneClient.SECOND;
        lone.fire();
        assertFalse(lone.connected(1) || lone.connected(2));
        lone.say(new Message.Attached(lone.agreement(), LoneClient.HOLDER, lone.boot, false));
        lone.fire();
        assertTrue(lone.connected(1) && lone.connected(2));
    }

    // H5, G6: whichever way is open.
    @Test
    void waysAreTriedInTurnUntilOneAttaches() {
        use(fresh(3));
        lone.step(new LinkPort.Closed(lone.link, "refused"));
        lone.fire();
        assertTrue(lone.connected(1));
        lone.on(1).open();
        lone.say(new Message.Refuse(Problem.NOT_READY, "not yet"));
        lone.passUntil(() -> lone.connected(2));
        lone.on(2).attach();
        assertEquals(1, lone.changes.size());
        lone.write(1, 0);
        assertEquals(1, lone.requests().size());
    }

    // H5: as far as the others had come they would take what is being taken.
    @Test
    void noLinkAttachesWhileAnotherOneIsAboutTo() {
        use(LoneClient.attached(LoneClient.settings().with(LoneClient.policy(3)), LoneClient.SHARED));
        lone.fire();
        lone.on(1).open();
        lone.on(2).open();
        lone.on(0).step(new LinkPort.Closed(lone.link, "reset"));
        lone.on(1).welcome();
        assertEquals(1, lone.all(Message.Attach.class).size());
        lone.on(2).welcome();
        assertTrue(lone.all(Message.Attach.class).isEmpty());
        assertEquals(Closing.Cause.SUPERSEDED, lone.closed.get(lone.link).cause());
    }

    // T4: what an earlier boot's links still say counts for nothing.
    @Test
    void linksOfAnEarlierBootAreClosedAndConnectedAnew() {
        long old = lone.on(1).link;
        lone.renew();
        lone.on(0).lose();
        lone.attach();
        assertEquals(Closing.Cause.BOOT_ENDED, lone.closed.get(old).cause());
        assertFalse(lone.closed.containsKey(lone.link));
        lone.now += LoneClient.SECOND;
        lone.fire();
        assertTrue(lone.on(1).link > old && lone.on(2).link > old);
    }

    // T4: it was said before the boot that the client knows by now.
    @Test
    void grantOfAnEarlierBootIsNotTaken() {
        lone.on(1).lose();
        lone.open();
        lone.welcome();
        lone.on(2).lose();
        lone.open();
        Message.Attached late = new Message.Attached(lone.agreement(), LoneClient.HOLDER, lone.boot, false);
        Message.Welcome lateWelcome = new Message.Welcome(lone.agreement(), lone.boot, lone.cause, 1);
        lone.renew();
        lone.on(0).lose();
        lone.attach();
        lone.write(1, 0);
        lone.on(1).say(late);
        assertEquals(Closing.Cause.SUPERSEDED, lone.closed.get(lone.link).cause());
        lone.on(2).say(lateWelcome);
        assertEquals(Closing.Cause.SUPERSEDED, lone.closed.get(lone.link).cause());
        assertTrue(lone.all(Message.Attach.class).isEmpty());
        lone.on(0).answerAll();
        lone.outcome(1, Outcome.Done.class);
    }

    // G6: an earlier state of the server was put back. Its boots may never catch up, so nobody waits for that.
    @Test
    void bootsThatGoBackFailTheDevice() {
        use(LoneClient.attached(LoneClient.settings()));
        lone.nextBoot();
        lone.write(1, 0);
        lone.answerAll();
        lone.write(2, 5);
        lone.boot = LoneClient.FIRST;
        lone.lose();
        lone.open();
        lone.welcome();
        assertEquals(Problem.OTHER_DEVICE, lone.failures.getFirst().problem());
        assertEquals(1, lone.failures.getFirst().lost().size());
        lone.outcome(2, Outcome.Unknown.class);
    }

    // H6: what the newest link agreed on holds for all.
    @Test
    void linksThatAgreedOnAnotherDeviceAreClosedBeforeItIsUsed() {
        Device larger = new Device(LoneClient.DEVICE.identity(), 2 * LoneClient.SIZE, 512, Permission.BOTH);
        lone.write(1, 0);
        lone.device(larger);
        long old = lone.on(1).link;
        lone.lose();
        lone.attach();
        assertEquals(larger, lone.changes.getLast().device());
        assertEquals(Closing.Cause.SUPERSEDED, lone.closed.get(lone.on(0).link).cause());
        assertEquals(Closing.Cause.SUPERSEDED, lone.closed.get(lone.on(2).link).cause());
        assertFalse(lone.closed.containsKey(old));
        assertTrue(lone.on(1).request().resend());
    }

    // H6: which of two agreements is the newer one no link can tell; what was agreed before the newest grant is agreed
    // on anew.
    @Test
    void lateGrantOfAnEarlierAgreementEndsNothing() {
        Device readable = new Device(LoneClient.DEVICE.identity(), LoneClient.SIZE, 512, Permission.READ);
        lone.on(1).lose();
        lone.open();
        lone.device(readable);
        lone.welcome();
        Message.Attached late = new Message.Attached(lone.agreement(), LoneClient.HOLDER, lone.boot, false);
        lone.device(LoneClient.DEVICE);
        lone.on(0).lose();
        lone.attach();
        lone.write(1, 0);
        lone.on(0).answerAll();
        lone.on(2).answerAll();
        lone.outcome(1, Outcome.Done.class);
        lone.on(1).say(late);
        assertTrue(lone.failures.isEmpty(), lone.failures.toString());
        assertEquals(Closing.Cause.SUPERSEDED, lone.closed.get(lone.link).cause());
        assertEquals(1, lone.changes.size());
    }

    // G1: it was said of what was before the newest grant; if it is true still, it will be said again.
    @Test
    void lateRefusalIsAskedForOnceMore() {
        lone.on(1).lose();
        lone.open();
        lone.on(0).lose();
        lone.attach();
        Message.Refuse none = new Message.Refuse(Problem.ADMITS_NOBODY, "nobody");
        lone.on(1).say(none);
        assertTrue(lone.failures.isEmpty(), lone.failures.toString());
        long before = lone.link;
        lone.passUntil(() -> lone.on(1).link != before);
        lone.open();
        lone.say(none);
        assertEquals(Problem.ADMITS_NOBODY, lone.failures.getFirst().problem());
    }

    // H5: whichever link hears it.
    @Test
    void refusalThatEndsTheDeviceEndsItOnAllLinks() {
        lone.write(1, 0);
        lone.on(2).say(new Message.Refuse(Problem.REPLACED, "by another"));
        assertEquals(Problem.REPLACED, lone.failures.getFirst().problem());
        lone.outcome(1, Outcome.Unknown.class);
        assertEquals(3, lone.closed.size());
        assertEquals(Machine.NEVER, lone.client.nextDeadline());
    }

    // L5
    @Test
    void goodbyeIsSaidOnOneLinkAndAllAreClosed() {
        lone.step(new ClientControl.Detach(LoneClient.SECOND));
        int goodbyes = 0;
        for (int slot = 0; slot < 3; slot++) {
            goodbyes += lone.on(slot).all(Message.Goodbye.class).size();
            assertTrue(lone.closed.containsKey(lone.link));
        }
        assertEquals(1, goodbyes);
    }

    // H5: nobody holds a shared export; each link of the reader is found by its token.
    @Test
    void sharedExportIsHeldByNobody() {
        use(LoneClient.attached(LoneClient.settings().with(LoneClient.policy(2)), LoneClient.SHARED));
        lone.fire();
        lone.on(1).attach();
        assertEquals(Holder.NOBODY, lone.all(Message.Hello.class).getFirst().held());
        assertFalse(lone.all(Message.Attach.class).getFirst().joins());
        assertTrue(lone.all(Message.Replayed.class).isEmpty(), "it has nothing to write again");
        lone.read(1, 0);
        assertEquals(0, lone.on(0).request().epoch());
        lone.answerAll();
        lone.outcome(1, Outcome.Done.class);
    }

    // H5: between a Hello and its grant another link has taken the epoch.
    @Test
    void linkThatWasOvertakenByATakeoverBeginsAgain() {
        use(LoneClient.attached(LoneClient.settings().with(LoneClient.policy(4)), LoneClient.SHARED));
        lone.fire();
        lone.renew();
        lone.holder = LoneClient.HOLDER;
        for (int slot = 1; slot < 4; slot++) {
            lone.on(slot).open();
        }
        lone.on(1).welcome();
        lone.on(2).welcome();
        Message.Attached grant = new Message.Attached(lone.agreement(), LoneClient.HOLDER, lone.boot, false);
        lone.on(1).say(grant);
        assertFalse(lone.closed.containsKey(lone.link));
        lone.on(2).say(grant);
        lone.on(3).welcome();
        for (int slot = 2; slot < 4; slot++) {
            assertEquals(
                    Closing.Cause.SUPERSEDED,
                    lone.closed.get(lone.on(slot).link).cause());
            lone.lose();
            lone.attach();
            assertEquals(
                    LoneClient.HOLDER, lone.all(Message.Hello.class).getFirst().held());
            assertFalse(lone.closed.containsKey(lone.link));
        }
    }

    // H5: others may have held it meanwhile; and whoever joins what he holds already is not told again.
    @Test
    void readerThatTakesTheExportIsToldWhatIsOwed() {
        use(LoneClient.attached(LoneClient.settings(), LoneClient.SHARED));
        lone.renew();
        lone.holder = LoneClient.HOLDER;
        Message.Attached owed = new Message.Attached(lone.agreement(), lone.holder, lone.boot, true);
        for (int i = 0; i < 2; i++) {
            lone.lose();
            lone.open();
            lone.welcome();
            lone.say(owed);
            assertEquals(2, lone.changes.size());
            assertTrue(lone.changes.getLast().owed());
        }
    }

    // H5, T8: what was sent in the epoch may have been executed there.
    @Test
    void exportThatComesToBeSharedLeavesUnknownWhatWasSentBefore() {
        use(LoneClient.attached(LoneClient.settings()));
        lone.write(1, 0);
        lone.holder = LoneClient.SHARED;
        lone.device(new Device(LoneClient.DEVICE.identity(), LoneClient.SIZE, 512, Permission.READ));
        lone.lose();
        lone.attach();
        lone.answer(lone.request(), Problem.NOT_PERMITTED);
        lone.outcome(1, Outcome.Unknown.class);
        lone.write(2, 0);
        lone.answer(lone.request(), Problem.NOT_PERMITTED);
        lone.outcome(2, Outcome.Refused.class);
    }

    // L1, G8: one link's fault is one link's end.
    @Test
    void garbageOnOneLinkLeavesTheOthersAlone() {
        lone.on(1).raw(new byte[64]);
        assertEquals("H1", lone.closed.get(lone.link).rule());
        assertEquals(1, lone.closed.size());
    }
}
