package dst.protocol.referee;

import dst.protocol.Access;
import dst.protocol.BlockPort;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Control;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.DurablePort;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.LinkPort;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.ServerControl;
import dst.protocol.Side;
import dst.protocol.trace.Layer;
import dst.protocol.trace.WorldEvent;
import dst.protocol.wire.Message;
import java.util.List;
import org.junit.jupiter.api.Test;

/** L6, and what L5 says of it: a server that goes away and comes back, and a client that hears so. */
class DeparturesTest {
    private static final Message.Refuse AWAY = new Message.Refuse(Problem.GOES_AWAY, "", 1);
    private static final Holder FLUSHED = Script.HOLDER.flushedIn(Script.BOOT);

    private final ServerScript it = ServerScript.attached();

    private void leave() {
        it.in(new ServerControl.Leave(1_000_000_000L));
    }

    private void leaves(boolean clean) {
        it.send(AWAY);
        it.out(new ServerControl.Left(clean));
        it.in(new Control.TimerFired());
    }

    @Test
    void l6AnswersFlushesRecordsAndSaysSo() {
        it.receive(it.write(1, 0, 0, 1));
        long write = it.startWrite(1, 0, 1);
        leave();
        it.moved(write, 1);
        it.send(it.done(1, 1, 0));
        it.flushed();
        it.out(new DurablePort.Keep("disk", FLUSHED));
        it.in(new DurablePort.Kept("disk", FLUSHED));
        leaves(true);
        it.accusesNobody();
    }

    @Test
    void l6StartsSomethingAfterItLeft() {
        it.receive(it.write(1, 0, 0, 1));
        leave();
        it.startWrite(1, 0, 1);
        it.accuses("L6", Side.SERVER, "after it had been told to go away");
    }

    @Test
    void l6GrantsSomethingAfterItLeft() {
        leave();
        it.greet();
        it.send(new Message.Welcome(Script.AGREEMENT, it.boot, BootCause.STARTED, 5));
        it.accuses("L6", Side.SERVER, "proposed terms");
    }

    @Test
    void l6SaysThatItGoesAwayAndStays() {
        it.send(new Message.Refuse(Problem.GOES_AWAY, "", 0));
        it.accuses("L6", Side.SERVER, "nobody had told it");
    }

    @Test
    void l6RecordsAFlushThatThereWasNot() {
        it.wrote(1, 1, 0, 1);
        leave();
        it.out(new DurablePort.Keep("disk", FLUSHED));
        it.accuses("L6", Side.SERVER, "was not flushed");
    }

    @Test
    void l6LeavesCleanWithoutAFlush() {
        it.wrote(1, 1, 0, 1);
        leave();
        it.out(new ServerControl.Left(true));
        it.accuses("L6", Side.SERVER, "was not flushed");
    }

    @Test
    void l6LeavesUncleanAtItsDeadline() {
        it.wrote(1, 1, 0, 1);
        leave();
        it.send(new Message.Refuse(Problem.GOES_AWAY, "", 0));
        it.out(new ServerControl.Left(false));
        it.accusesNobody();
    }

    @Test
    void d2SaysMoreThanIsDurable() {
        it.wrote(1, 1, 0, 1);
        leave();
        it.send(AWAY);
        it.accuses("D2", Side.SERVER, "only 0 changes had ended");
    }

    @Test
    void l6RecordsTheFlushOfAnotherBoot() {
        leave();
        it.flushed();
        it.out(new DurablePort.Keep("disk", Script.HOLDER.flushedIn(Script.NEXT_BOOT)));
        it.accuses("L6", Side.SERVER, "its disk was in");
    }

    /** A boot that begins with nothing on record, and whose holder has not been back. */
    @Test
    void l6RecordsAFlushWithoutTheReplay() {
        it.powerCut(Script.NEXT_BOOT);
        leave();
        it.flushed();
        it.out(new DurablePort.Keep("disk", Script.HOLDER.flushedIn(Script.NEXT_BOOT)));
        it.accuses("L6", Side.SERVER, "had not written again");
    }

    private void starts(Boot boot, Holder holder) {
        it.boot = boot;
        it.tap(Layer.server("server"), new WorldEvent.ProcessStarted());
        it.in(new DiskPort.Opened(0, boot, BootCause.STARTED));
        it.in(new ServerControl.ExportOpened(
                new Export("disk", 0, 0, Script.DEVICE, Script.TERMS, false),
                holder,
                Access.ofEverybody(Permission.BOTH)));
    }

    private void granted(boolean owed) {
        it.greet();
        it.send(new Message.Welcome(Script.AGREEMENT, it.boot, BootCause.STARTED, 5));
        it.receive(new Message.Attach(Script.AGREEMENT, 5, false));
        it.send(new Message.Attached(Script.AGREEMENT, Script.HOLDER, it.boot, owed));
    }

    @Test
    void l6OwesNothingInTheBootAfter() {
        starts(Script.NEXT_BOOT, FLUSHED);
        granted(false);
        it.accusesNobody();
    }

    @Test
    void l6WarnsOfWhatIsNotSo() {
        starts(Script.NEXT_BOOT, FLUSHED);
        granted(true);
        it.accuses("L6", Side.SERVER, "everything had been flushed");
    }

    @Test
    void h5ForgetsThatTheRecordIsOfAnEarlierBoot() {
        starts(new Boot(3, Script.NEXT_BOOT.nonce()), FLUSHED);
        granted(false);
        it.accuses("H5", Side.SERVER, "no replay is missing");
    }

    @Test
    void l5SaysRemovedThoughItOnlyGoesAway() {
        leave();
        it.send(new Message.Goodbye(true, 0, it.boot, ""));
        it.accuses("L5", Side.SERVER, "nobody had asked for");
    }

    @Test
    void l5RefusesAsRemovedThoughItOnlyGoesAway() {
        leave();
        it.send(new Message.Refuse(Problem.REMOVED, ""));
        it.accuses("L5", Side.SERVER, "nobody had asked for");
    }

    @Test
    void l5SaysRemovedAndFlushedWithoutAFlush() {
        it.wrote(1, 1, 0, 1);
        it.in(new ServerControl.RemoveExport("disk", 1));
        it.send(new Message.Goodbye(true, 0, it.boot, ""));
        it.accuses("L5", Side.SERVER, "was not flushed");
    }

    @Test
    void l5UsesADiskThatWasGivenUp() {
        it.in(new ServerControl.RemoveExport("disk", 1));
        it.out(new ServerControl.Removed("disk", true));
        leave();
        it.out(new DiskPort.Start(0, new DiskRequest.Flush(77, 0)));
        it.accuses("L5", Side.SERVER, "of which it had given up the last export");
    }

    @Test
    void l6RemovesWithoutOrderAndClaimsOrder() {
        leave();
        it.in(new ServerControl.RemoveExport("disk", 1));
        it.out(new ServerControl.Removed("disk", false));
        it.out(new ServerControl.Left(true));
        it.accuses("L6", Side.SERVER, "removed meanwhile, and not in order");
    }

    @Test
    void l6NeverGoes() {
        it.in(new LinkPort.Closed(it.link, "gone"));
        leave();
        it.now += 200_000_000_000L;
        it.in(new Control.TimerFired());
        it.now += 200_000_000_000L;
        it.in(new Control.TimerFired());
        it.accuses("L6", Side.SERVER, "long after its deadline");
    }

    private final ClientScript client = ClientScript.attached();

    private void fails(Problem problem) {
        client.out(new BlockPort.Failed(problem, "", List.of()));
        client.in(new Control.TimerFired());
    }

    @Test
    void l6FailsItsDeviceForAServerThatComesBack() {
        client.receive(AWAY);
        fails(Problem.REMOVED);
        client.accuses("L6", Side.CLIENT, "it comes back");
    }

    @Test
    void l6FailsItsDeviceForAnExportThatIsGone() {
        client.receive(new Message.Goodbye(true, 0, client.boot, ""));
        fails(Problem.REMOVED);
        client.accusesNobody();
    }

    @Test
    void l6ConnectsAgain() {
        client.receive(AWAY);
        client.cut();
        client.next();
        client.connect();
        client.accusesNobody();
    }
}
