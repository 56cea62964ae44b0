package dst.protocol.referee;

import dst.protocol.Closing;
import dst.protocol.DiskRequest;
import dst.protocol.DurablePort;
import dst.protocol.LinkPort;
import dst.protocol.Side;
import dst.protocol.trace.Layer;
import dst.protocol.trace.WorldEvent;
import org.junit.jupiter.api.Test;

/** What a disk promises: a disk that lies is caught, an honest one is not accused, whatever its right to forget. */
class DiskRulesTest {
    private final ServerScript it = ServerScript.attached();

    @Test
    void d1LosesWhatItSaidToHaveFlushed() {
        it.wrote(1, 1, 0, 1);
        it.flushed();
        it.wrote(2, 2, 0, 2);
        it.powerCut(Script.NEXT_BOOT);
        it.reads(0, 0);
        it.accuses("D1", Side.DISK, "offset 0");
    }

    @Test
    void d1LosesADurableWrite() {
        it.start(ticket -> new DiskRequest.Write(ticket, 0, 0, Script.data(1), true));
        it.moved(1, 1);
        it.powerCut(Script.NEXT_BOOT);
        it.reads(0, 0);
        it.accuses("D1", Side.DISK, "is durable");
    }

    @Test
    void d1MediaHoldWhatIsOlderThanFlushed() {
        it.wrote(1, 1, 0, 1);
        it.flushed();
        it.mediaHold(0, 0);
        it.accuses("D1", Side.DISK, "its media hold");
    }

    @Test
    void unflushedContentMayBeLostOrNot() {
        for (int kept = 1; kept <= 3; kept++) {
            ServerScript script = ServerScript.attached();
            script.wrote(1, 1, 0, 1);
            script.flushed();
            script.wrote(2, 2, 0, 2);
            script.wrote(3, 3, 0, 3);
            script.mediaHold(0, kept);
            script.powerCut(Script.NEXT_BOOT);
            script.reads(0, kept);
            script.reads(0, kept);
            script.accusesNobody();
        }
    }

    // Whoever else uses a disk writes what no server has seen.
    @Test
    void whatOthersHaveWrittenIsNotTheDisksOwnDoing() {
        it.wrote(1, 1, 0, 1);
        it.flushed();
        it.tap(Layer.server("server"), new WorldEvent.UsedByOthers(0));
        it.reads(0, 9);
        it.reads(0, 9);
        it.accusesNobody();
    }

    @Test
    void r5IsJudgedAgainAfterOthersHaveUsedTheDisk() {
        it.wrote(1, 1, 0, 1);
        it.tap(Layer.server("server"), new WorldEvent.UsedByOthers(0));
        it.reads(0, 9);
        it.reads(0, 8);
        it.accuses("R5", Side.DISK, "something else than what was last written");
    }

    // D5, H4: a disk is opened with its cache forgotten, and what a flush then makes durable is what is left.
    @Test
    void unflushedContentMayBeLostWithTheProcess() {
        for (int kept = 1; kept <= 2; kept++) {
            ServerScript script = ServerScript.attached();
            script.wrote(1, 1, 0, 1);
            script.flushed();
            script.wrote(2, 2, 0, 2);
            script.open(Script.NEXT_BOOT);
            script.flushed();
            script.mediaHold(0, kept);
            script.accusesNobody();
        }
    }

    @Test
    void d1LosesWithTheProcessWhatWasFlushed() {
        it.wrote(1, 1, 0, 1);
        it.wrote(2, 2, 0, 2);
        it.flushed();
        it.open(Script.NEXT_BOOT);
        it.mediaHold(0, 1);
        it.accuses("D1", Side.DISK, "durable");
    }

    @Test
    void aWriteThatEndedAfterTheFlushWasIssuedMayBeLost() {
        it.wrote(1, 1, 0, 1);
        it.flushed();
        long write = it.startWrite(0, 0, 2);
        long flush = it.startFlush();
        it.moved(write, 1);
        it.moved(flush, 0);
        it.powerCut(Script.NEXT_BOOT);
        it.reads(0, 1);
        it.accusesNobody();
    }

    @Test
    void r5LosesAWrite() {
        it.wrote(1, 1, 0, 1);
        it.wrote(2, 2, 0, 2);
        it.reads(0, 1);
        it.accuses("R5", Side.DISK, "something else");
    }

    @Test
    void r5GivesAnotherContentThanAfterTheCut() {
        it.wrote(1, 1, 0, 1);
        it.powerCut(Script.NEXT_BOOT);
        it.reads(0, 0);
        it.reads(0, 1);
        it.accuses("R5", Side.DISK, "something else");
    }

    @Test
    void r5RotsWhatNobodyWrote() {
        it.reads(3, 7);
        it.reads(3, 8);
        it.accuses("R5", Side.DISK, "offset 1536");
    }

    @Test
    void aFailedWriteMayHaveChangedItsBlocks() {
        it.wrote(1, 1, 0, 1, 1);
        it.failed(it.startWrite(0, 0, 2, 2));
        it.reads(0, 1, 2);
        it.reads(0, 2, 1);
        it.accusesNobody();
    }

    @Test
    void aShortWriteLeavesTheRestOpen() {
        it.wrote(1, 1, 0, 1, 1);
        it.moved(it.startWrite(0, 0, 2, 2), 1);
        it.reads(0, 2, 1);
        it.reads(0, 2, 2);
        it.accusesNobody();
    }

    @Test
    void afterAFailedFlushAnythingUnflushedMayShow() {
        for (int kept = 1; kept <= 2; kept++) {
            ServerScript script = ServerScript.attached();
            script.wrote(1, 1, 0, 1);
            script.flushed();
            script.wrote(2, 2, 0, 2);
            forgets(script);
            script.reads(0, kept);
            script.accusesNobody();
        }
    }

    @Test
    void d1ForgetsMoreThanItsCache() {
        it.wrote(1, 1, 0, 1);
        it.flushed();
        forgets(it);
        it.reads(0, 0);
        it.accuses("D1", Side.DISK, "is durable");
    }

    private static void forgets(ServerScript script) {
        script.failed(script.startFlush());
        script.out(new LinkPort.Close(script.link, Closing.of(Closing.Cause.BOOT_ENDED, "")));
        script.moved(script.start(ticket -> new DiskRequest.Forget(ticket, 0)), 0);
        script.in(new DurablePort.BootDrawn(0, Script.NEXT_BOOT));
    }

    @Test
    void afterTrimAnythingEarlierMayShow() {
        it.wrote(1, 1, 0, 1);
        it.moved(it.start(ticket -> new DiskRequest.Trim(ticket, 0, 0, Script.BLOCK)), 1);
        it.reads(0, 0);
        it.reads(0, 1);
        it.accusesNobody();
    }

    @Test
    void r4MovesMoreThanItWasAsked() {
        it.moved(it.startWrite(0, 0, 1), 2);
        it.accuses("R4", Side.DISK, "moved 1024 bytes");
    }
}
