package dst.nbd.attach;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.nbd.NbdServer;
import dst.nbd.Places;
import dst.nbd.WholeBlocks;
import dst.nbd.port.NbdClientControl;
import dst.nbd.port.NbdServerControl;
import dst.protocol.BlockPort;
import dst.protocol.ClientControl;
import dst.protocol.ClientSettings;
import dst.protocol.LinkPort;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Permission;
import dst.protocol.ServerControl;
import dst.protocol.WholeBlocksControl;
import dst.protocol.client.Client;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Rerun;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Programs that speak NBD use a device of the protocol. */
class AttachTest {
    private final Attached whole = new Attached();

    @AfterEach
    void everyPageIsBack() {
        assertEquals(0, whole.leaked());
    }

    private void submit(long program, long tag, Operation operation) {
        whole.toProgram(program, new BlockPort.Submit(tag, operation));
        whole.run();
    }

    private Operation.Write write(long offset, int value) {
        ByteBuf data = whole.pages.buffer(512);
        while (data.isWritable()) {
            data.writeByte(value);
        }
        return new Operation.Write(offset, data, false);
    }

    private int firstByte(long tag) {
        return assertInstanceOf(Outcome.Done.class, whole.outcomes.get(tag))
                .data()
                .getByte(0);
    }

    @Test
    void programWaitsForItsExportUntilTheDeviceIsKnown() {
        whole.program(1);
        whole.pass(60 * ClientSettings.SECOND);
        assertTrue(whole.exports.isEmpty(), "nobody knows how large it is");
        assertFalse(whole.said.contains("nbd 1: the handshake took too long"));
        whole.serve();
        assertEquals(Attached.SIZE, whole.exports.get(1L).device().size());
        assertEquals(1, whole.exports.get(1L).minimumBlock());
        assertEquals(Permission.BOTH, whole.exports.get(1L).device().permission());
        assertTrue(whole.said.contains("changed to " + Attached.SIZE));
    }

    @Test
    void whatOneProgramWritesTheOtherReads() {
        whole.serve();
        whole.program(1);
        whole.program(2);
        submit(1, 7, write(1024, 5));
        assertInstanceOf(Outcome.Done.class, whole.outcomes.get(7L));
        submit(2, 8, new Operation.Read(1024, 512));
        assertEquals(5, firstByte(8));
        submit(2, 9, new Operation.Flush());
        submit(1, 10, new Operation.Zero(1024, 32 << 10, true));
        submit(1, 11, new Operation.Trim(0, 512));
        for (long tag = 9; tag <= 11; tag++) {
            assertInstanceOf(Outcome.Done.class, whole.outcomes.get(tag));
        }
        assertEquals(5, whole.disk[1024]);
    }

    @Test
    void equalTagsOfTwoProgramsAreNotMistaken() {
        whole.serve();
        whole.program(1);
        whole.program(2);
        whole.holdDisk = true;
        submit(1, 7, write(1024, 5));
        submit(2, 8, new Operation.Read(2048, 512));
        assertEquals(2, whole.held.size());
        whole.releaseDisk();
        whole.run();
        assertEquals(0, firstByte(8));
        assertInstanceOf(Outcome.Done.class, whole.outcomes.get(7L));
    }

    @Test
    void allOfItIsData() {
        whole.serve();
        whole.program(1);
        whole.toProgram(1, new NbdClientControl.Map(1, 0, 4096));
        whole.run();
        assertTrue(whole.said.contains("mapped [Extent[length=4096, hole=false, zero=false]]"), whole.said.toString());
    }

    @Test
    void programThatAsksBehindTheEndIsToldSo() {
        whole.serve();
        whole.program(1);
        submit(1, 7, new Operation.Read(Attached.SIZE, 512));
        assertInstanceOf(Outcome.Refused.class, whole.outcomes.get(7L));
    }

    @Test
    void whatIsDoneForAProgramThatIsGoneIsReleasedAndTheOthersGoOn() {
        whole.serve();
        whole.program(1);
        whole.program(2);
        whole.holdDisk = true;
        submit(1, 7, new Operation.Read(0, 512));
        whole.gone.add(1L);
        whole.step(new AttachControl.Heard(1, new LinkPort.Closed(1, "killed")));
        submit(2, 8, write(512, 3));
        whole.releaseDisk();
        whole.run();
        assertNull(whole.outcomes.get(7L));
        assertInstanceOf(Outcome.Done.class, whole.outcomes.get(8L));
    }

    @Test
    void detachEndsEachProgramWhenWhatItHasBegunIsDone() {
        whole.serve();
        whole.program(1);
        whole.holdDisk = true;
        submit(1, 7, write(1024, 5));
        whole.step(new ClientControl.Detach(ClientSettings.SECOND));
        whole.run();
        submit(1, 8, write(2048, 5));
        assertInstanceOf(Outcome.Unknown.class, whole.outcomes.get(8L), "ESHUTDOWN");
        assertNull(whole.outcomes.get(7L));
        whole.holdDisk = false;
        whole.releaseDisk();
        whole.run();
        assertInstanceOf(Outcome.Done.class, whole.outcomes.get(7L));
        assertTrue(whole.said.contains("nbd 1: drained"), whole.said.toString());
        assertTrue(whole.said.contains("detached"), whole.said.toString());
    }

    @Test
    void deviceThatFailsEndsEverybodyAndRefusesWhoWaits() {
        whole.program(1);
        whole.step(new ClientControl.Detach(0));
        whole.pass(ClientSettings.SECOND);
        assertTrue(whole.said.contains("nbd 1: drained"), whole.said.toString());
        assertTrue(
                whole.said.stream().anyMatch(text -> text.startsWith("program 1: no export for us")),
                whole.said.toString());
        whole.program(2);
        assertTrue(whole.said.contains("nbd 2: drained"), whole.said.toString());
    }

    @Test
    void exportThatIsRemovedEndsItsPrograms() {
        whole.serve();
        whole.program(1);
        whole.toServer(new ServerControl.RemoveExport("disk", 0));
        whole.pass(ClientSettings.SECOND);
        assertTrue(whole.said.contains("failed: REMOVED"), whole.said.toString());
        assertTrue(whole.said.contains("nbd 1: drained"), whole.said.toString());
    }

    @Test
    void newcomersGetInAndWhoIsIdleLongestOfThoseWithMostGivesWay() {
        Attached few = new Attached(new Bounds(new Places.Limits(4, 4, 4), 64 << 20));
        few.serve();
        few.program(1, "a");
        for (int i = 2; i <= 4; i++) {
            few.program(i, "b");
        }
        few.program(5, "c");
        assertEquals(List.of("nbd 2 dropped: there are too many connections"), dropped(few));
        few.program(6, "a");
        assertEquals(
                "nbd 1 dropped: there are too many connections", dropped(few).getLast());
        few.program(7, "c");
        assertEquals(7, few.exports.size());
        assertEquals(
                "nbd 3 dropped: there are too many connections", dropped(few).getLast());
    }

    @Test
    void handshakesThatStandStillKeepNobodyOut() {
        Attached few = new Attached(new Bounds(new Places.Limits(4, 4, 2), 64 << 20));
        few.serve();
        for (int i = 1; i <= 100; i++) {
            few.step(new AttachControl.Came("a", i, "silent", List.of(Attached.export(Permission.BOTH))));
        }
        few.program(101, "a");
        few.program(102, "b");
        assertEquals(Set.of(101L, 102L), few.exports.keySet());
        assertEquals(99, dropped(few).size());
    }

    private static List<String> dropped(Attached whole) {
        return whole.said.stream().filter(it -> it.contains("dropped:")).toList();
    }

    @Test
    void equalHistoriesHaveEqualDigestsAndOthersDoNot() {
        Attached other = new Attached();
        whole.serve();
        other.serve();
        assertEquals(whole.attach.digest(), other.attach.digest());
        whole.program(1);
        assertNotEquals(whole.attach.digest(), other.attach.digest());
        other.program(1);
        assertEquals(whole.attach.digest(), other.attach.digest());
        whole.holdDisk = true;
        submit(1, 7, new Operation.Read(0, 512));
        assertNotEquals(whole.attach.digest(), other.attach.digest());
        assertEquals(0, other.leaked());
    }

    @Test
    void whatTwoProgramsWriteIntoOneBlockIsThereBothTimes() {
        whole.serve();
        whole.program(1);
        whole.program(2);
        whole.holdDisk = true;
        submit(1, 7, piece(1000, 100, 3));
        submit(2, 8, piece(1100, 100, 4));
        submit(1, 9, new Operation.Zero(1020, 10, true));
        whole.holdDisk = false;
        whole.releaseDisk();
        whole.run();
        submit(2, 10, new Operation.Read(999, 202));
        ByteBuf read =
                assertInstanceOf(Outcome.Done.class, whole.outcomes.get(10L)).data();
        assertEquals(202, read.readableBytes());
        String all = ByteBufUtil.hexDump(read);
        assertEquals("00" + "03".repeat(20) + "00".repeat(10) + "03".repeat(70) + "04".repeat(100) + "00", all);
        assertEquals(3, whole.disk[1000]);
    }

    @Test
    void eachOfItsMachinesAloneGivesAgainWhatItGave() {
        whole.program(1);
        whole.program(2);
        whole.serve();
        whole.run();
        submit(1, 7, piece(1000, 100, 3));
        submit(2, 8, piece(1100, 100, 4));
        submit(1, 9, new Operation.Read(999, 202));
        whole.step(new AttachControl.Heard(1, new LinkPort.Closed(1, "killed")));
        submit(2, 10, new Operation.Flush());
        whole.step(new ClientControl.Detach(ClientSettings.SECOND));
        whole.run();
        for (long connection = 1; connection <= 2; connection++) {
            assertSame(whole.rerun(NbdServerControl.KIND, connection, () -> new NbdServer(whole.pages)));
        }
        assertSame(whole.rerun(WholeBlocksControl.KIND, 0, () -> new WholeBlocks(1)));
        assertSame(whole.rerun(Layer.CLIENT, 0, () -> new Client(ClientSettings.of("disk"), whole.pages)));
        assertInstanceOf(Rerun.Result.Different.class, whole.rerun(NbdServerControl.KIND, 1, () -> {
            NbdServer wasDrained = new NbdServer(whole.pages);
            wasDrained.step(0, new NbdServerControl.Drain(), List.of());
            return wasDrained;
        }));
    }

    private static void assertSame(Rerun.Result result) {
        Rerun.Result.Same same = assertInstanceOf(Rerun.Result.Same.class, result, result.toString());
        assertTrue(same.inputs() > 5 && same.outputs() > 5 && same.damage() == null, same.toString());
    }

    private Operation.Write piece(long offset, int length, int value) {
        ByteBuf data = whole.pages.buffer(length);
        for (int i = 0; i < length; i++) {
            data.writeByte(value);
        }
        return new Operation.Write(offset, data, false);
    }
}
