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
        pair.toClient(new ClientControl.Detach(SECOND));
        pair.run();
        assertNotNull(pair.detached, pair.notes.toString());
        assertTrue(pair.detached.lost().isEmpty());
        assertEquals(5, pair.media[1024]);
    }

    @Test
    void removedExportFlushesAndTellsTheClient() {
        Pair pair = Pair.attached();
        pair.submit(1, Pair.write(1024, 5, false));
        pair.toServer(new ServerControl.RemoveExport("disk", SECOND));
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

    // T5, G4: links that overtake each other change nothing.
    @Test
    void overlappingOperationsKeepTheirOrderOverLinksOfDifferentSpeed() {
        Pair pair = Pair.attached(2);
        pair.stall(0);
        pair.submit(1, Pair.write(1024, 5, false));
        pair.submit(2, Pair.write(1024, 6, false));
        pair.submit(3, Pair.write(2048, 7, false));
        assertInstanceOf(Outcome.Done.class, pair.outcomes.get(3L), "the other link goes on");
        assertNull(pair.outcomes.get(1L));
        pair.release(0);
        assertInstanceOf(Outcome.Done.class, pair.outcomes.get(2L));
        assertEquals(6, pair.read(4, 1024));
    }

    // L1, T2: one dead link among living ones.
    @Test
    void blackHoledLinkKeepsNothingForLongerThanAResendPause() {
        Pair pair = Pair.attached(2);
        pair.holes.add(0);
        for (int i = 0; i < 8; i++) {
            pair.submit(i, Pair.write(512L * i, 5, false));
        }
        pair.pass(2 * SECOND);
        assertEquals(8, pair.outcomes.size());
        for (int i = 8; i < 16; i++) {
            pair.submit(i, Pair.write(512L * i, 5, false));
        }
        assertEquals(16, pair.outcomes.size(), "nothing new goes where nothing is heard");
        pair.pass(20 * SECOND);
        assertTrue(pair.notes.stream().noneMatch(note -> note.contains("PEER_WRONG")), pair.notes.toString());
        assertNull(pair.failed);
    }

    // D3, G1: all links are held back together.
    @Test
    void powerCutIsSurvivedOverSeveralLinks() {
        Pair pair = Pair.attached(3);
        for (int i = 0; i < 12; i++) {
            pair.submit(i, Pair.write(512L * i, i + 1, false));
        }
        pair.powerCut();
        pair.pass(10 * SECOND);
        for (int i = 0; i < 12; i++) {
            assertEquals(i + 1, pair.read(100 + i, 512L * i));
        }
        assertNull(pair.failed);
    }

    // T4: the server died behind a link that says nothing; another link attaches to its successor.
    @Test
    void lateAnswerOfAnEarlierBootOnAnOldLinkIsDiscarded() {
        Pair pair = Pair.attached(2);
        pair.stall(0);
        pair.submit(1, Pair.write(1024, 5, false));
        pair.submit(2, Pair.write(2048, 6, false));
        assertNotNull(pair.outcomes.get(2L));
        pair.powerCut(1);
        pair.pass(10 * SECOND);
        pair.release(0);
        assertInstanceOf(Outcome.Done.class, pair.outcomes.get(1L), pair.notes.toString());
        assertEquals(5, pair.read(3, 1024));
        assertEquals(6, pair.read(4, 2048));
        pair.submit(5, new Operation.Flush());
        assertEquals(5, pair.media[1024]);
        assertEquals(6, pair.media[2048]);
    }
}
