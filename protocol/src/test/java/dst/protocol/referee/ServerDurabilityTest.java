package dst.protocol.referee;

import static dst.protocol.wire.Message.Request.DURABLE;

import dst.protocol.BootCause;
import dst.protocol.Closing;
import dst.protocol.DiskRequest;
import dst.protocol.DurablePort;
import dst.protocol.Kind;
import dst.protocol.LinkPort;
import dst.protocol.Side;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

/** The rules of durability as they bind a server: a wrong one that is caught, and a right one that is not accused. */
class ServerDurabilityTest {
    private final ServerScript it = ServerScript.attached();

    @Test
    void d1AnswersAWriteThatTheDiskHasNotEnded() {
        it.receive(it.write(17, 0, 8, 1));
        it.startWrite(17, 8, 1);
        it.send(it.done(17, 1, 0));
        it.accuses(
                "D1", Side.SERVER, "the server answered write 17 (offset 4096, 512 bytes) as done at 1.000014 s, but");
    }

    @Test
    void d1AnswersADurableWriteThatIsNot() {
        it.receive(it.write(1, DURABLE, 0, 1));
        it.moved(it.startWrite(1, 0, 1), 1);
        it.send(it.done(1, 1, 0));
        it.accuses("D1", Side.SERVER, "to be durable");
    }

    @Test
    void d1AnswersAFlushThatWasNotIssued() {
        it.wrote(1, 1, 0, 1);
        it.receive(it.flush(2));
        it.send(it.done(2, 0, 0));
        it.accuses("D1", Side.SERVER, "no disk flush");
    }

    @Test
    void d1AnswersAFlushThatWasIssuedTooEarly() {
        it.receive(it.write(1, 0, 0, 1));
        long write = it.startWrite(1, 0, 1);
        it.receive(it.flush(2));
        it.flushed();
        it.moved(write, 1);
        it.send(it.done(1, 1, 0));
        it.send(it.done(2, 0, 0));
        it.accuses("D1", Side.SERVER, "still running");
    }

    @Test
    void d2CommitsWhatWasExecutedAfterTheFlushWasIssued() {
        long flush = it.startFlush();
        it.wrote(1, 1, 0, 1);
        it.moved(flush, 0);
        it.receive(it.write(2, 0, 8, 1));
        it.moved(it.startWrite(2, 8, 1), 1);
        it.send(it.done(2, 2, 1));
        it.accuses("D2", Side.SERVER, "only 0 changes had ended");
    }

    @Test
    void d2NumbersInAnotherOrderThanTheDisk() {
        it.receive(it.write(1, 0, 0, 1));
        it.receive(it.write(2, 0, 8, 2));
        long first = it.startWrite(1, 0, 1);
        it.moved(it.startWrite(2, 8, 2), 1);
        it.moved(first, 1);
        it.send(it.done(2, 2, 0));
        it.send(it.done(1, 1, 0));
        it.accuses("D2", Side.SERVER, "does not fit");
    }

    @Test
    void d2AnswersMayComeInAnyOrder() {
        it.receive(it.write(1, 0, 0, 1));
        it.receive(it.write(2, 0, 8, 2));
        it.moved(it.startWrite(1, 0, 1), 1);
        it.moved(it.startWrite(2, 8, 2), 1);
        it.send(it.done(2, 2, 0));
        it.send(it.done(1, 1, 0));
        it.accusesNobody();
    }

    @Test
    void d5AnswersAfterAFailedFlush() {
        it.receive(it.flush(1));
        it.failed(it.startFlush());
        it.send(it.done(1, 0, 0));
        it.accuses("D5", Side.SERVER, "a failed flush had ended");
    }

    @Test
    void d5DoesNotMakeTheDiskForget() {
        it.failed(it.startFlush());
        it.out(new LinkPort.Close(it.link, Closing.of(Closing.Cause.BOOT_ENDED, "")));
        it.out(new DurablePort.DrawBoot(0, BootCause.FLUSH_FAILED));
        it.accuses("D5", Side.SERVER, "forget");
    }

    @Test
    void d5KeepsALinkOpen() {
        newBoot();
        it.accuses("D5", Side.SERVER, "still open");
    }

    @Test
    void d5DrawsForAnotherCause() {
        it.out(new LinkPort.Close(it.link, Closing.of(Closing.Cause.BOOT_ENDED, "")));
        newBoot(BootCause.STARTED);
        it.accuses("D5", Side.SERVER, "said that it was for: the server was started");
    }

    @Test
    void d5TellsAnotherCause() {
        it.out(new LinkPort.Close(it.link, Closing.of(Closing.Cause.BOOT_ENDED, "")));
        newBoot();
        it.boot = Script.NEXT_BOOT;
        it.cause = BootCause.REOPENED;
        it.attach();
        it.accuses("D5", Side.SERVER, "but it was: a flush failed");
    }

    @Test
    void d5ClosesForgetsAndDraws() {
        it.out(new LinkPort.Close(it.link, Closing.of(Closing.Cause.BOOT_ENDED, "")));
        newBoot();
        it.boot = Script.NEXT_BOOT;
        it.cause = BootCause.FLUSH_FAILED;
        it.attach();
        it.wrote(1, 1, 0, 1);
        it.accusesNobody();
    }

    private void newBoot() {
        newBoot(BootCause.FLUSH_FAILED);
    }

    private void newBoot(BootCause cause) {
        it.failed(it.startFlush());
        it.moved(it.start(ticket -> new DiskRequest.Forget(ticket, 0)), 0);
        it.out(new DurablePort.DrawBoot(0, cause));
        it.in(new DurablePort.BootDrawn(0, Script.NEXT_BOOT));
    }

    @Test
    void d1TrimNeedsTheDisk() {
        it.receive(it.request(1, Kind.TRIM, 0, 0, Unpooled.EMPTY_BUFFER, 1));
        it.send(it.done(1, 1, 0));
        it.accuses("D1", Side.SERVER, "not been given to the disk");
    }
}
