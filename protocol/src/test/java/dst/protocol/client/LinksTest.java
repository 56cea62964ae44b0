package dst.protocol.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.ClientInput;
import dst.protocol.Closing;
import dst.protocol.Holder;
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
        return new LoneClient(LoneClient.settings().with(LoneClient.manner(links)));
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
        lone.step(new ClientInput.LinkClosed(lone.link, "refused"));
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
        use(LoneClient.attached(LoneClient.settings().with(LoneClient.manner(3)), LoneClient.SHARED));
        lone.fire();
        lone.on(1).open();
        lone.on(2).open();
        lone.on(0).step(new ClientInput.LinkClosed(lone.link, "reset"));
        lone.on(1).welcome();
        assertEquals(1, lone.all(Message.Attach.class).size());
        lone.on(2).welcome();
        assertTrue(lone.all(Message.Attach.class).isEmpty());
        assertEquals(Closing.Cause.SUPERSEDED, lone.closed.get(lone.link).cause());
    }
}
