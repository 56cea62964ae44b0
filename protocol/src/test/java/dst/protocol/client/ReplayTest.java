package dst.protocol.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.BootCause;
import dst.protocol.Kind;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.Terms;
import dst.protocol.wire.Message;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Retention and replay: no acknowledged write is lost or undone while the client lives (G1, D2, D3, D5, D6). */
class ReplayTest {
    private LoneClient lone = LoneClient.attached();

    @AfterEach
    void everythingIsGivenBack() {
        lone.everythingIsGivenBack();
    }

    private void use(LoneClient other) {
        lone.everythingIsGivenBack();
        lone = other;
    }

    private void acknowledge(long tag, int block) {
        lone.write(tag, block);
        lone.answer(lone.request());
    }

    private List<Long> offsets() {
        return lone.requests().stream().map(request -> request.offset() / 512).toList();
    }

    // D3
    @Test
    void newBootIsReplayedToThenToldThenResentToThenServed() {
        acknowledge(1, 0);
        acknowledge(2, 5);
        lone.read(3, 8);
        lone.nextBoot();
        lone.read(4, 9);
        assertEquals(List.of(0L, 5L), offsets());
        assertTrue(lone.requests().stream().allMatch(Message.Request::replay));
        assertEquals(
                List.of(4L, 5L),
                lone.requests().stream().map(Message.Request::id).toList());
        assertEquals(2, lone.request().payload().getByte(9));
        lone.answer(lone.requests().get(1));
        assertTrue(lone.all(Message.Replayed.class).isEmpty());
        lone.answer(lone.requests().get(0));
        assertEquals(List.of(0L, 5L, 8L, 9L), offsets());
        int replayed = lone.heard.get(lone.link).indexOf(new Message.Replayed(1, lone.boot));
        assertEquals(lone.requests().get(2), lone.heard.get(lone.link).get(replayed + 1));
        assertTrue(lone.requests().get(2).resend());
    }

    // D3, H5: even with nothing to replay; and again on each link, for the word may have been lost with the one before.
    @Test
    void everyLinkIsToldThatItsBootWasReplayed() {
        assertEquals(List.of(new Message.Replayed(1, lone.boot)), lone.all(Message.Replayed.class));
        lone.read(1, 0);
        lone.lose();
        lone.attach();
        assertEquals(
                List.of(Message.Replayed.class, Message.Request.class),
                lone.heard.get(lone.link).stream()
                        .skip(3)
                        .map(Message::getClass)
                        .toList());
        lone.nextBoot();
        assertEquals(List.of(new Message.Replayed(1, lone.boot)), lone.all(Message.Replayed.class));
    }

    // D3: a broken link resumes it.
    @Test
    void interruptedReplayIsResumedInTheSameBoot() {
        acknowledge(1, 0);
        acknowledge(2, 5);
        lone.read(3, 8);
        lone.nextBoot();
        lone.answer(lone.requests().get(0));
        lone.lose();
        lone.attach();
        assertEquals(List.of(5L), offsets());
        assertTrue(lone.request().resend() && lone.request().replay());
        assertTrue(lone.all(Message.Replayed.class).isEmpty());
        lone.answer(lone.request());
        assertEquals(List.of(5L, 8L), offsets());
    }

    // D3: replay ids of an earlier boot are settled, not resent; and all of it is owed again.
    @Test
    void replayInterruptedByAnotherBootBeginsAnew() {
        acknowledge(1, 0);
        acknowledge(2, 5);
        lone.nextBoot();
        lone.answer(lone.requests().get(0));
        lone.nextBoot();
        assertEquals(List.of(0L, 5L), offsets().stream().sorted().toList());
        assertTrue(lone.requests().stream().noneMatch(Message.Request::resend));
        assertEquals(
                List.of(5L, 6L),
                lone.requests().stream().map(Message.Request::id).toList());
        assertTrue(lone.request().settled().contains(4));
    }

    // D2: only the last content of a block.
    @Test
    void onlyTheLastContentOfEachBlockIsReplayed() {
        lone.submit(1, new Operation.Write(0, lone.bytes(3 * 512, 1), false));
        lone.answer(lone.request());
        acknowledge(2, 1);
        lone.submit(3, new Operation.Zero(512 * 2, 512, false));
        lone.answer(lone.request());
        lone.nextBoot();
        assertEquals(List.of(0L, 1L, 2L), offsets());
        assertEquals(
                List.of(Kind.WRITE, Kind.WRITE, Kind.ZERO),
                lone.requests().stream().map(Message.Request::kind).toList());
        assertEquals(512, lone.requests().getFirst().length());
        assertEquals(2, lone.requests().get(1).payload().getByte(0));
    }

    // D2
    @Test
    void flushReleasesWhatItCovers() {
        acknowledge(1, 0);
        lone.flush(2);
        Message.Request flush = lone.request();
        lone.commit = 1;
        lone.write(3, 5);
        Message.Request later = lone.request();
        lone.say(new Message.Answer(later.id(), Problem.NONE, 1, lone.boot, 2, 0, Unpooled.EMPTY_BUFFER));
        lone.say(new Message.Answer(flush.id(), Problem.NONE, 1, lone.boot, 0, 1, Unpooled.EMPTY_BUFFER));
        lone.nextBoot();
        assertEquals(List.of(5L), offsets());
    }

    // D2: any answer's commit number counts.
    @Test
    void commitNumberOfAnyAnswerReleases() {
        acknowledge(1, 0);
        lone.read(2, 9);
        lone.commit = 1;
        lone.answer(lone.request());
        lone.nextBoot();
        assertTrue(lone.requests().isEmpty());
    }

    // D2: else the replay would undo it.
    @Test
    void durableWriteEndsRetentionOfItsBlocksAlone() {
        acknowledge(1, 0);
        acknowledge(2, 1);
        lone.writeDurable(3, 1);
        lone.answer(lone.request());
        lone.nextBoot();
        assertEquals(List.of(0L), offsets());
    }

    // D6
    @Test
    void trimEndsRetentionAndIsNotReplayed() {
        acknowledge(1, 0);
        acknowledge(2, 1);
        lone.submit(3, new Operation.Trim(512, 512));
        lone.answer(lone.request());
        lone.nextBoot();
        assertEquals(List.of(0L), offsets());
    }

    // D3, D2: under the numbers of the new boot it is released by the new boot's flushes.
    @Test
    void replayedContentIsRetainedInItsNewBoot() {
        acknowledge(1, 0);
        lone.nextBoot();
        lone.answerAll();
        lone.nextBoot();
        assertEquals(List.of(0L), offsets());
        lone.answerAll();
        lone.flush(2);
        lone.answer(lone.request());
        lone.nextBoot();
        assertTrue(lone.requests().isEmpty());
    }

    // D3
    @Test
    void errorOfTheDiskOnAReplayFailsTheDevice() {
        acknowledge(1, 0);
        lone.nextBoot();
        lone.answer(lone.request(), Problem.IO_ERROR);
        assertEquals(List.of(new Range(0, 512)), lone.failures.getFirst().lost());
    }

    // D3, T2: patience is for operations; nobody gives up a replay.
    @Test
    void replayHasNoEndOfPatience() {
        use(LoneClient.attached(LoneClient.settings(LoneClient.SECOND, 1 << 20, LoneClient.TERMS)));
        acknowledge(1, 0);
        lone.nextBoot();
        lone.write(2, 9);
        lone.pass(100 * LoneClient.SECOND);
        lone.outcome(2, Outcome.Refused.class);
        assertTrue(lone.requests().size() > 2);
        assertTrue(lone.requests().stream().allMatch(Message.Request::replay));
        lone.answer(lone.request());
        assertEquals(1, lone.all(Message.Replayed.class).size());
    }

    // H3, T3: as much as was agreed, and within the window.
    @Test
    void replayStaysWithinTheLimitsInFlight() {
        for (int i = 0; i < 24; i++) {
            lone.submit(i, new Operation.Write(i * 4 * 512L, lone.bytes(4 * 512, i), false));
            lone.answer(lone.request());
        }
        lone.nextBoot();
        assertEquals(4, lone.requests().size(), "bytes: four of the largest transfer");
        use(LoneClient.attached());
        for (int i = 0; i < 40; i++) {
            acknowledge(i, 2 * i);
        }
        lone.nextBoot();
        assertEquals(16, lone.requests().size(), "count");
        lone.answerAll();
        assertEquals(40, lone.requests().size());
        assertEquals(1, lone.all(Message.Replayed.class).size());
    }

    // D3: pieces no larger than the largest transfer of now.
    @Test
    void largeContentIsReplayedInPieces() {
        lone.submit(1, new Operation.Write(0, lone.bytes(4 * 512, 1), false));
        lone.answer(lone.request());
        lone.terms(new Terms(1, 1, 7, 5_000, 1100, 16, 16 * 512));
        lone.nextBoot();
        assertEquals(
                List.of(1024, 1024),
                lone.requests().stream().map(Message.Request::length).toList());
        lone.answer(lone.requests().get(1));
        lone.lose();
        lone.attach();
        lone.answer(lone.request());
        assertEquals(1, lone.all(Message.Replayed.class).size());
        lone.nextBoot();
        assertEquals(2, lone.requests().size());
    }

    // T3, D3: ids of replays fit beside one that hangs.
    @Test
    void replayFitsBesideUnsettledIdsFarBelow() {
        lone.write(1000, 200);
        for (int i = 0; i < 600; i++) {
            acknowledge(i, i % 100);
        }
        lone.nextBoot();
        lone.answerAll();
        assertTrue(lone.requests().stream()
                .allMatch(request -> request.id() < request.settled().end()));
        lone.outcome(1000, Outcome.Done.class);
    }

    // D5
    @Test
    void flushIsSentAgainAfterTheReplayOfTheBootThatItsFailureBegan() {
        acknowledge(1, 0);
        lone.flush(2);
        lone.cause = BootCause.FLUSH_FAILED;
        lone.nextBoot();
        assertEquals(
                List.of(Kind.WRITE),
                lone.requests().stream().map(Message.Request::kind).toList());
        lone.answerAll();
        lone.outcome(2, Outcome.Done.class);
        assertEquals(2, lone.requests().size());
    }

    // D5
    @Test
    void deviceFailsAfterTooManyFailedFlushesInARow() {
        acknowledge(1, 0);
        lone.flush(2);
        lone.cause = BootCause.FLUSH_FAILED;
        lone.nextBoot();
        lone.answer(lone.requests().getFirst());
        assertTrue(lone.failures.isEmpty(), "one of two");
        lone.nextBoot();
        assertEquals(Problem.IO_ERROR, lone.failures.getFirst().problem());
        assertEquals(List.of(new Range(0, 512)), lone.failures.getFirst().lost());
        lone.outcome(2, Outcome.Unknown.class);
    }

    // D5, G1: whatever else ends a boot is survived as often as it comes.
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FLUSH_FAILED")
    void bootsThatBeganForAnotherCauseAreNotCounted(BootCause cause) {
        acknowledge(1, 0);
        lone.cause = cause;
        for (int i = 0; i < 8; i++) {
            lone.nextBoot();
            lone.answerAll();
        }
        assertTrue(lone.failures.isEmpty());
    }

    // D5: in a row, without a FLUSH Done; and none that failed before this client came.
    @Test
    void flushThatIsDoneForgivesTheFailedOnes() {
        lone.cause = BootCause.FLUSH_FAILED;
        for (int i = 0; i < 8; i++) {
            lone.nextBoot();
            lone.flush(i);
            lone.answerAll();
        }
        assertTrue(lone.failures.isEmpty());
    }
}
