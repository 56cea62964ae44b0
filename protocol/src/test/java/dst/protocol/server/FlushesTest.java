package dst.protocol.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Access;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Closing;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.Kind;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.ServerControl;
import dst.protocol.Unique;
import dst.protocol.wire.Message;
import dst.protocol.wire.Settled;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is durable when, and how a boot ends (D1, D2, D5). */
class FlushesTest {
    private final LoneServer lone = LoneServer.open();

    @AfterEach
    void everythingIsGivenBack() {
        lone.everythingIsGivenBack();
    }

    private final long link = lone.attach(LoneServer.ANN);

    // D1
    @Test
    void flushWaitsForWritesStartedBeforeIt() {
        lone.say(link, lone.write(1, 0));
        lone.say(link, lone.flush(2));
        lone.say(link, lone.write(3, 5));
        assertEquals(
                List.of(1L, 3L),
                lone.disk.stream().map(DiskRequest::transaction).toList());
        lone.end(0);
        assertInstanceOf(DiskRequest.Flush.class, lone.disk.get(1));
        assertEquals(1, lone.answers(link).size());
        lone.end(1);
        assertEquals(2, lone.answers(link).size());
    }

    // D1: on all links, and whoever has given up on them.
    @Test
    void flushWaitsForAWriteThatTheClientHasSettled() {
        lone.say(link, lone.write(1, 0));
        lone.say(link, lone.request(2, Kind.FLUSH, 0, 0, 0, LoneServer.settled(List.of(0L, 1L)), 0));
        assertEquals(1, lone.disk.size());
        lone.end(0);
        assertInstanceOf(DiskRequest.Flush.class, lone.disk.getFirst());
    }

    // D1
    @Test
    void oneFlushRunsAtATimeAndALaterRequestNeedsALaterOne() {
        lone.say(link, lone.flush(1));
        lone.say(link, lone.flush(2));
        lone.say(link, lone.flush(3));
        assertEquals(1, lone.disk.size());
        lone.end(0);
        assertEquals(1, lone.answers(link).size());
        assertEquals(1, lone.disk.size());
        lone.end(0);
        assertEquals(3, lone.answers(link).size());
        assertTrue(lone.disk.isEmpty());
    }

    // D2: as drawn when the flush was issued.
    @Test
    void commitNumberCoversWhatWasExecutedWhenTheFlushWasIssued() {
        lone.say(link, lone.write(1, 0));
        lone.end(0);
        lone.say(link, lone.flush(2));
        lone.say(link, lone.write(3, 5));
        lone.end(1);
        lone.end(0);
        assertEquals(1, lone.answer(link).commit());
        assertEquals(0, lone.answer(link).execution());
    }

    // D2: drawn at completion, by changes alone.
    @Test
    void executionNumbersRiseInTheOrderOfCompletion() {
        lone.say(link, lone.write(1, 0));
        lone.say(link, lone.read(2, 1));
        lone.say(link, lone.request(3, Kind.ZERO, 2, 1, 0, Settled.NONE, 0));
        lone.say(link, lone.request(4, Kind.TRIM, 3, 1, 0, Settled.NONE, 0));
        lone.end(3);
        lone.end(2);
        lone.end(1);
        lone.end(0);
        assertEquals(
                List.of(4L, 3L, 2L, 1L),
                lone.answers(link).stream().map(Message.Answer::id).toList());
        assertEquals(
                List.of(1L, 2L, 0L, 3L),
                lone.answers(link).stream().map(Message.Answer::execution).toList());
    }

    // T3
    @Test
    void settledFlushIsNotAnsweredButCountsForTheCommitNumber() {
        lone.say(link, lone.write(1, 0));
        lone.end(0);
        lone.say(link, lone.flush(2));
        lone.say(link, lone.write(3, 5, 3, 0, LoneServer.settled(List.of(0L, 2L))));
        lone.end(0);
        lone.end(0);
        assertEquals(
                List.of(1L, 3L),
                lone.answers(link).stream().map(Message.Answer::id).toList());
        assertEquals(1, lone.answer(link).commit());
    }

    // D5
    @Test
    void failedFlushEndsTheBoot() {
        lone.say(link, lone.flush(1));
        lone.say(link, lone.flush(2));
        lone.say(link, lone.write(3, 3));
        lone.say(link, lone.write(4, 3));
        lone.fail(0);
        assertEquals(Closing.Cause.BOOT_ENDED, lone.closed.get(link).cause());
        assertTrue(lone.answers(link).isEmpty());
        assertEquals(1, lone.disk.size());
        assertTrue(lone.draws.isEmpty(), "what runs has to end first");
        lone.end(0);
        assertInstanceOf(DiskRequest.Forget.class, lone.disk.getFirst());
        lone.end(0);
        assertEquals(BootCause.FLUSH_FAILED, lone.draws.getFirst().cause());
        lone.drawBoot();
        long again = lone.connect();
        Message.Welcome welcome = lone.greet(again, LoneServer.ANN, 9, lone.holder);
        assertEquals(lone.boot, welcome.boot());
        assertEquals(BootCause.FLUSH_FAILED, welcome.cause());
    }

    // D5, T3: recorded answers are forgotten with their boot, and so is what was held.
    @Test
    void newBootKnowsNothingOfTheOldOne() {
        lone.say(link, lone.write(1, 0));
        lone.end(0);
        lone.say(link, lone.read(2, 7));
        lone.say(link, lone.write(3, 7));
        lone.say(link, lone.flush(4));
        lone.fail(1);
        lone.endAll();
        lone.drawBoot();
        assertTrue(lone.disk.isEmpty());
        long again = lone.join(LoneServer.ANN);
        lone.say(again, lone.write(1, 0));
        lone.end(0);
        assertEquals(1, lone.answer(again).execution());
        assertEquals(0, lone.answer(again).commit());
    }

    // D5: of every export on the disk.
    @Test
    void failedFlushClosesTheLinksOfEveryExportOnTheDisk() {
        lone.step(new ServerControl.ExportOpened(
                new Export("second", 0, LoneServer.SIZE, LoneServer.DEVICE, LoneServer.TERMS, false),
                Holder.NOBODY,
                Access.ofEverybody(Permission.BOTH)));
        long other = lone.connect();
        lone.say(
                other, new Message.Hello("second", LoneServer.BOB, 0, 1, LoneServer.TERMS, Holder.NOBODY, Unique.NONE));
        lone.say(link, lone.flush(1));
        lone.fail(0);
        assertEquals(Closing.Cause.BOOT_ENDED, lone.closed.get(other).cause());
    }

    // D5
    @Test
    void diskThatCannotForgetStaysFailed() {
        lone.say(link, lone.flush(1));
        lone.fail(0);
        lone.fail(0);
        assertTrue(lone.draws.isEmpty());
        long again = lone.connect();
        lone.say(again, lone.hello(LoneServer.ANN, 9, lone.holder));
        assertEquals(Problem.DISK_FAILED, lone.refusal(again));
    }

    // D5: a disk that was reset begins a new boot like any other.
    @Test
    void diskOpenedAnewBeginsABootForItsExports() {
        lone.say(link, lone.write(1, 0));
        lone.say(link, lone.write(2, 0));
        long late = lone.disk.getFirst().ticket();
        lone.boot = new Boot(2, new Unique(2, 99));
        lone.step(new DiskPort.Opened(0, lone.boot, BootCause.REOPENED));
        assertEquals(Closing.Cause.BOOT_ENDED, lone.closed.get(link).cause());
        long again = lone.join(LoneServer.ANN);
        assertEquals(lone.boot, lone.last(again, Message.Attached.class).boot());
        lone.say(again, lone.write(1, 0));
        lone.end(1);
        assertEquals(1, lone.answer(again).execution());
        assertEquals(late, lone.disk.getFirst().ticket());
        lone.end(0);
        assertEquals(1, lone.answers(again).size());
    }
}
