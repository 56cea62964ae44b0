package dst.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Both machines together, without a world: the promises in their shortest form. */
class PairTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void readsWhatWasWritten() {
        Pair pair = Pair.attached();
        pair.submit(1, Pair.write(1024, 5, false));
        assertInstanceOf(Outcome.Done.class, pair.outcomes.get(1L), pair.notes.toString());
        assertEquals(5, pair.read(2, 1024));
        assertEquals(0, pair.read(3, 2048));
    }

    @Test
    void acknowledgedWriteSurvivesAPowerCutBecauseTheClientWritesItAgain() {
        Pair pair = Pair.attached();
        pair.submit(1, Pair.write(1024, 5, false));
        pair.powerCut();
        pair.pass(10 * SECOND);
        assertEquals(5, pair.read(2, 1024));
        assertNull(pair.failed);
    }

    @Test
    void durableWriteIsNotUndoneByTheReplayOfWhatItCovers() {
        Pair pair = Pair.attached();
        pair.submit(1, Pair.write(1024, 5, false));
        pair.submit(2, Pair.write(1024, 6, true));
        pair.powerCut();
        pair.pass(10 * SECOND);
        assertEquals(6, pair.read(3, 1024));
    }

    @Test
    void answeredWriteIsResentAfterALostLinkAndExecutedOnce() {
        Pair pair = Pair.attached();
        pair.holdDisk = true;
        pair.submit(1, Pair.write(1024, 5, false));
        pair.cut();
        pair.pass(SECOND);
        assertEquals(1, pair.held.size());
        pair.releaseDisk();
        assertInstanceOf(Outcome.Done.class, pair.outcomes.get(1L));
    }

    @Test
    void failedFlushBeginsANewBootAndIsDoneAfterTheReplay() {
        Pair pair = Pair.attached();
        pair.submit(1, Pair.write(1024, 5, false));
        pair.failFlush = true;
        pair.submit(2, new Operation.Flush());
        pair.pass(10 * SECOND);
        assertInstanceOf(Outcome.Done.class, pair.outcomes.get(2L), pair.notes.toString());
        assertEquals(5, pair.media[1024]);
        assertEquals(2 + 1, pair.boots + 1);
    }

    @Test
    void detachFlushesAndSaysGoodbye() {
        Pair pair = Pair.attached();
        pair.submit(1, Pair.write(1024, 5, false));
        pair.toClient(new ClientInput.Detach(SECOND));
        pair.run();
        assertNotNull(pair.detached, pair.notes.toString());
        assertTrue(pair.detached.lost().isEmpty());
        assertEquals(5, pair.media[1024]);
    }

    @Test
    void removedExportFlushesAndTellsTheClient() {
        Pair pair = Pair.attached();
        pair.submit(1, Pair.write(1024, 5, false));
        pair.toServer(new ServerInput.RemoveExport("disk", SECOND));
        pair.run();
        assertNotNull(pair.failed, pair.notes.toString());
        assertTrue(pair.failed.lost().isEmpty());
        assertEquals(5, pair.media[1024]);
        assertTrue(pair.notes.contains("removed disk true"), pair.notes.toString());
    }

    @Test
    void overlappingOperationsKeepTheirOrder() {
        Pair pair = Pair.attached();
        pair.holdDisk = true;
        pair.submit(1, Pair.write(1024, 5, false));
        pair.submit(2, Pair.write(1024, 6, false));
        pair.submit(3, Pair.write(2048, 7, false));
        assertEquals(2, pair.held.size());
        pair.releaseDisk();
        assertEquals(6, pair.read(4, 1024));
    }
}
