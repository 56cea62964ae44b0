package dst.reports.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Access;
import dst.protocol.BlockPort;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.ClientControl;
import dst.protocol.Control;
import dst.protocol.Device;
import dst.protocol.DiskPort;
import dst.protocol.DurablePort;
import dst.protocol.Export;
import dst.protocol.Finding;
import dst.protocol.Holder;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.ServerControl;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.trace.Layer;
import dst.protocol.trace.WorldEvent;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Several clients: one that takes an export from another, readers that share one, and exports beside each other. */
class TakeoverHistoryTest {
    private static final String ONE = "client";
    private static final String TWO = "client-2";
    private static final int BLOCK = Script.BLOCK;
    private static final long SECOND_EXPORT = 100L * BLOCK;

    private final History history = new History(List.of(
            new History.Place(
                    "disk",
                    0,
                    SECOND_EXPORT,
                    BLOCK,
                    List.of(Layer.client(ONE), Layer.client(TWO)),
                    false,
                    Optional.empty()),
            new History.Place(
                    "other",
                    SECOND_EXPORT,
                    SECOND_EXPORT,
                    BLOCK,
                    List.of(Layer.client("client-3")),
                    false,
                    Optional.empty())));
    private long now;

    private TakeoverHistoryTest saw(String node, Object value) {
        history.saw(now += 1_000_000, node.startsWith("server") ? Layer.server(node) : Layer.client(node), value);
        return this;
    }

    private TakeoverHistoryTest granted(String node, boolean owed) {
        saw(node, new Control.Started(new Unique(1, 1), 1));
        return saw(node, new BlockPort.Changed(new Device(Unique.NONE, 1 << 20, BLOCK, Permission.BOTH), owed));
    }

    private TakeoverHistoryTest write(String node, long tag, int block) {
        return saw(
                node,
                new BlockPort.Submit(
                        tag, new Operation.Write((long) block * BLOCK, Script.data(tag, block, 1), false)));
    }

    private TakeoverHistoryTest done(String node, long tag) {
        return saw(node, new BlockPort.Completed(tag, new Outcome.Done(Unpooled.EMPTY_BUFFER)));
    }

    private TakeoverHistoryTest unknown(String node, long tag) {
        return saw(node, new BlockPort.Completed(tag, new Outcome.Unknown(Problem.DEVICE_FAILED, "")));
    }

    private TakeoverHistoryTest submitRead(String node, long tag, int block) {
        return saw(node, new BlockPort.Submit(tag, new Operation.Read((long) block * BLOCK, BLOCK)));
    }

    private TakeoverHistoryTest found(String node, long tag, int block, long writer) {
        return saw(node, new BlockPort.Completed(tag, new Outcome.Done(Script.data(writer, block, 1))));
    }

    private TakeoverHistoryTest reads(String node, long tag, int block, long writer) {
        return submitRead(node, tag, block).found(node, tag, block, writer);
    }

    private TakeoverHistoryTest replaced(String node, Range... lost) {
        return saw(node, new BlockPort.Failed(Problem.REPLACED, "", List.of(lost)));
    }

    private void holds() {
        assertEquals(List.of(), history.check().findings());
    }

    private void breaks(String rule, String evidence) {
        List<Finding> findings = history.check().findings();
        assertEquals(1, findings.size(), findings::toString);
        assertEquals(rule, findings.getFirst().rule().name(), findings::toString);
        assertTrue(findings.getFirst().sentence().contains(evidence), findings::toString);
    }

    @Test
    void whatWasPendingMayHaveHappenedBeforeTheGrant() {
        granted(ONE, false).write(ONE, 1, 0).granted(TWO, false).unknown(ONE, 1);
        replaced(ONE).reads(TWO, 2, 0, 1).reads(TWO, 3, 0, 1).holds();
    }

    @Test
    void whatWasPendingMayNeverHaveHappened() {
        granted(ONE, false).write(ONE, 1, 0).granted(TWO, false).unknown(ONE, 1);
        replaced(ONE).reads(TWO, 2, 0, 0).holds();
    }

    @Test
    void g3WhatWasPendingHappensAfterTheGrant() {
        granted(ONE, false).write(ONE, 1, 0).granted(TWO, false).unknown(ONE, 1);
        reads(TWO, 2, 0, 0).reads(TWO, 3, 0, 1).breaks("G3", "only one of them can have survived");
    }

    @Test
    void g3AWriteOfTheReplacedOneUndoesOneOfItsSuccessor() {
        granted(ONE, false).write(ONE, 1, 0).granted(TWO, false).unknown(ONE, 1);
        write(TWO, 2, 0).done(TWO, 2).reads(TWO, 3, 0, 1).breaks("G3", "returned what operation 1 wrote");
    }

    @Test
    void aReadThatIsAnsweredLateMayBeOlderThanTheSuccessorsWrite() {
        granted(ONE, false).submitRead(ONE, 1, 0).granted(TWO, false);
        write(TWO, 2, 0).done(TWO, 2).found(ONE, 1, 0, 0).reads(TWO, 3, 0, 2).holds();
    }

    @Test
    void g3AReplacedClientReadsWhatItsSuccessorWrote() {
        granted(ONE, false).submitRead(ONE, 1, 0).granted(TWO, false);
        write(TWO, 2, 0).done(TWO, 2).found(ONE, 1, 0, 2).breaks("G3", "was granted the export only after that");
    }

    @Test
    void g3AReplacedClientIsStillServed() {
        granted(ONE, false).granted(TWO, false).write(ONE, 1, 0).done(ONE, 1).breaks("G3", "had been granted");
    }

    @Test
    void whatTheSuccessorSubmitsBeforeItsGrantHappensAfterIt() {
        granted(ONE, false).saw(TWO, new Control.Started(new Unique(1, 1), 1));
        write(TWO, 1, 0).write(ONE, 2, 0).done(ONE, 2);
        saw(TWO, new BlockPort.Changed(new Device(Unique.NONE, 1 << 20, BLOCK, Permission.BOTH), false));
        reads(TWO, 3, 0, 2).done(TWO, 1).reads(TWO, 4, 0, 1).holds();
    }

    @Test
    void clientsMayHearOfTheirGrantsInAnotherOrderThanTheyWereRecorded() {
        Unique one = new Unique(5, 5);
        Unique two = new Unique(6, 6);
        saw(ONE, new Control.Started(one, 1)).saw(TWO, new Control.Started(two, 1));
        saw("server", new DurablePort.Kept("disk", new Holder(1, one)));
        saw("server", new DurablePort.Kept("disk", new Holder(2, two)));
        Device device = new Device(Unique.NONE, 1 << 20, BLOCK, Permission.BOTH);
        saw(TWO, new BlockPort.Changed(device, true)).saw(ONE, new BlockPort.Changed(device, false));
        write(TWO, 1, 0).done(TWO, 1).replaced(ONE).reads(TWO, 2, 0, 1).holds();
    }

    @Test
    void g2TheTakeoverDidNotFlush() {
        granted(ONE, false).write(ONE, 1, 0).done(ONE, 1).granted(TWO, false);
        saw("server", new WorldEvent.PowerCut());
        replaced(ONE, new Range(0, BLOCK)).reads(TWO, 2, 0, 0).breaks("G2", "came over it");
    }

    @Test
    void whatWasLostBeforeTheTakeoverIsOwed() {
        granted(ONE, false).write(ONE, 1, 0).done(ONE, 1);
        saw("server", new WorldEvent.PowerCut()).granted(TWO, true);
        replaced(ONE, new Range(0, BLOCK)).reads(TWO, 2, 0, 0).holds();
    }

    @Test
    void g2WhatIsNotOwedIsThere() {
        granted(ONE, false).write(ONE, 1, 0).done(ONE, 1);
        saw("server", new WorldEvent.PowerCut()).granted(TWO, false);
        replaced(ONE, new Range(0, BLOCK)).reads(TWO, 2, 0, 0).breaks("G2", "nothing is missing");
    }

    @Test
    void g1WhatTheReplacedOneDidNotReportIsThere() {
        granted(ONE, false).write(ONE, 1, 0).done(ONE, 1);
        saw("server", new WorldEvent.PowerCut()).granted(TWO, true);
        replaced(ONE).reads(TWO, 2, 0, 0).breaks("G1", "was not reported lost");
    }

    // Sharing.

    private TakeoverHistoryTest shared() {
        Device device = new Device(Unique.NONE, 1 << 20, BLOCK, Permission.READ);
        saw("server", new WorldEvent.PowerCut());
        saw("server", new DiskPort.Opened(0, new Boot(2, Unique.NONE), BootCause.STARTED));
        return saw(
                "server",
                new ServerControl.ExportOpened(
                        new Export("disk", 0, 0, device, Terms.DEFAULT, true), Holder.NOBODY, Access.NOBODY));
    }

    @Test
    void readersThatShareReadTheSame() {
        granted(ONE, false).write(ONE, 1, 0).done(ONE, 1).saw(ONE, new ClientControl.Detached(List.of()));
        shared().granted(ONE, true).granted(TWO, true);
        reads(ONE, 2, 0, 1).reads(TWO, 3, 0, 1).reads(ONE, 4, 0, 1).holds();
    }

    // H5: it was recorded, but never heard of it before it was replaced; what it is granted in the end is a reader's
    // part.
    @Test
    void whoNeverHeardThatItHeldTheExportReadsWhatItsSuccessorWrote() {
        Unique one = new Unique(5, 5);
        Unique two = new Unique(6, 6);
        saw(ONE, new Control.Started(one, 1)).saw(TWO, new Control.Started(two, 1));
        saw("server", new DurablePort.Kept("disk", new Holder(1, two)));
        saw("server", new DurablePort.Kept("disk", new Holder(2, one)));
        Device device = new Device(Unique.NONE, 1 << 20, BLOCK, Permission.BOTH);
        saw(ONE, new BlockPort.Changed(device, true)).write(ONE, 1, 0).done(ONE, 1);
        saw(ONE, new ClientControl.Detached(List.of())).shared();
        saw(TWO, new BlockPort.Changed(device, true)).reads(TWO, 2, 0, 1).holds();
    }

    @Test
    void g2AReaderFindsWhatAnotherDidNot() {
        granted(ONE, false).write(ONE, 1, 0).done(ONE, 1).saw(ONE, new WorldEvent.ProcessCrashed());
        shared().granted(ONE, true).granted(TWO, true);
        reads(ONE, 2, 0, 0).reads(TWO, 3, 0, 1).breaks("G2", "changed by itself");
    }

    @Test
    void g3SomebodyWritesWhatIsShared() {
        shared().granted(ONE, true)
                .granted(TWO, true)
                .write(ONE, 1, 0)
                .done(ONE, 1)
                .breaks("G3", "had been granted");
    }

    // Exports.

    @Test
    void exportsAreJudgedApart() {
        granted(ONE, false).granted("client-3", false);
        write(ONE, 1, 0).done(ONE, 1).write("client-3", 2, 0).done("client-3", 2);
        reads(ONE, 3, 0, 1).reads("client-3", 4, 0, 2);
        saw(ONE, new ClientControl.Detached(List.of())).saw("client-3", new ClientControl.Detached(List.of()));
        media(0, 1, 0).media(SECOND_EXPORT, 2, 0).holds();
        assertEquals(new Checked.Counts(4, 2, 2, 2, 2), history.check().counts());
    }

    @Test
    void r5OneExportShowsWhatWasWrittenToAnother() {
        granted(ONE, false).granted("client-3", false);
        write("client-3", 2, 0).done("client-3", 2);
        reads(ONE, 3, 0, 2).breaks("R5", "On export disk: operation 3");
    }

    @Test
    void smallerBlocksCannotBeJudgedAndOnlyConcernTheirExport() {
        granted(ONE, false).granted("client-3", false);
        saw(ONE, new BlockPort.Changed(new Device(Unique.NONE, 1 << 20, BLOCK / 2, Permission.BOTH), false));
        write("client-3", 2, 0).done("client-3", 2).reads("client-3", 4, 0, 0);
        Checked checked = history.check();
        assertTrue(checked.unknown().orElseThrow().startsWith("export disk"));
        assertTrue(checked.findings().getFirst().sentence().startsWith("On export other"), checked::toString);
    }

    @Test
    void largerBlocksAreJudged() {
        granted(ONE, false);
        saw(ONE, new BlockPort.Changed(new Device(Unique.NONE, 1 << 20, 2 * BLOCK, Permission.BOTH), false));
        write(ONE, 2, 0).done(ONE, 2).reads(ONE, 4, 0, 0).breaks("G4", "zeros");
    }

    private TakeoverHistoryTest media(long at, long tag, int block) {
        byte[] content = new byte[BLOCK];
        Script.data(tag, block, 1).readBytes(content);
        return saw("server", new WorldEvent.MediaHolds(0, at + (long) block * BLOCK, content));
    }
}
