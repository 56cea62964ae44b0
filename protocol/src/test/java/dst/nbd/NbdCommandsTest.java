package dst.nbd;

import static dst.nbd.Served.bytes;
import static dst.nbd.Served.chunk;
import static dst.nbd.Served.request;
import static dst.nbd.Served.simple;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.nbd.port.Extent;
import dst.nbd.port.NbdExport;
import dst.nbd.port.NbdServerControl;
import dst.protocol.LinkPort;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Permission;
import dst.protocol.Problem;
import io.netty.buffer.ByteBufUtil;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server makes of each command. */
class NbdCommandsTest {
    private static final int SIZE = Served.SIZE;
    private Served served = Served.serving();

    @AfterEach
    void everyPageIsBack() {
        assertEquals(0, served.leaked());
    }

    private void plain() {
        served = Served.serving(Served.export(), false, false);
    }

    private static byte[] content(int length, int value) {
        byte[] all = new byte[length];
        java.util.Arrays.fill(all, (byte) value);
        return all;
    }

    @Test
    void readIsAnsweredWithOneChunkOnceStructuredRepliesAreAgreedOn() {
        served.receive(request(Command.READ.number, Nbd.DF, 0x1122334455667788L, 1024, 1024));
        assertEquals(new Operation.Read(1024, 1024), served.submitted.get(1L));
        served.done(1, content(1024, 7));
        assertEquals(
                chunk(0x1122334455667788L, Nbd.CHUNK_DATA, bytes().large(1024).bytes(content(1024, 7))),
                served.heard());
    }

    @Test
    void readIsAnsweredSimplyOtherwise() {
        plain();
        served.receive(request(Command.READ.number, -2, 0, 512));
        served.done(1, content(512, 7));
        assertEquals(simple(-2, 0) + "07".repeat(512), served.heard());
        served.receive(request(Command.READ.number, Nbd.DF, -2, 0, 512));
        assertEquals(simple(-2, Errors.EINVAL), served.heard());
    }

    // N11: not even its error is a simple reply.
    @Test
    void readThatFailsIsAnsweredWithAChunkToo() {
        served.receive(request(Command.READ.number, 5, 0, 512));
        served.completed(1, new Outcome.Refused(Problem.IO_ERROR, "bad"));
        assertEquals(chunk(5, Nbd.CHUNK_ERROR, bytes().number(5).small(3).plain("bad")), served.heard());
        served.receive(request(Command.READ.number, 5, SIZE, 512));
        assertTrue(served.heard().startsWith("668e33ef" + "0001" + "8001" + "0000000000000005"));
    }

    @Test
    void repliesComeAsOperationsAreDoneWithTheirOwnCookies() {
        plain();
        served.receive(request(Command.FLUSH.number, 1, 0, 0)
                .and(request(Command.TRIM.number, 2, 0, 512))
                .and(request(Command.WRITE_ZEROES.number, Nbd.FUA, 2, 512, 512)));
        assertEquals(
                List.of(new Operation.Flush(), new Operation.Trim(0, 512), new Operation.Zero(512, 512, true)),
                List.copyOf(served.submitted.values()));
        served.done(3);
        served.done(1);
        served.done(2);
        assertEquals(simple(2, 0) + simple(1, 0) + simple(2, 0), served.heard());
    }

    // N20: what is to be no hole has to take its room, whatever the disk makes of zeros.
    @Test
    void zerosThatMustBeNoHoleAreWritten() {
        served.receive(request(Command.WRITE_ZEROES.number, Nbd.NO_HOLE | Nbd.FUA, 9, 4096, 65_536));
        Operation.Write write = assertInstanceOf(Operation.Write.class, served.submitted.get(1L));
        assertEquals("00".repeat(65_536), ByteBufUtil.hexDump(write.data()));
        assertTrue(write.durable());
        assertEquals(4096, write.offset());
        served.done(1);
        assertEquals(simple(9, 0), served.heard());
        assertEquals(0, served.pages.live());
    }

    @Test
    void writeIsHandedOnWithItsContent() {
        served.receive(request(Command.WRITE.number, Nbd.FUA, 9, 512, 1024).bytes(content(1024, 3)));
        Operation.Write write = assertInstanceOf(Operation.Write.class, served.submitted.get(1L));
        assertEquals("03".repeat(1024), ByteBufUtil.hexDump(write.data()));
        assertTrue(write.durable());
        assertEquals(512, write.offset());
        served.done(1);
        assertEquals(simple(9, 0), served.heard());
    }

    @Test
    void writeWaitsForItsWholeContentAndKeepsNoPageForAByte() {
        served.receive(request(Command.WRITE.number, 9, 512, 1024));
        for (int i = 0; i < 1024; i++) {
            assertTrue(served.submitted.isEmpty());
            served.receive(new byte[] {(byte) i});
        }
        assertTrue(served.pages.live() <= 3, () -> served.pages.live() + " pages");
        Operation.Write write = assertInstanceOf(Operation.Write.class, served.submitted.get(1L));
        for (int i = 0; i < 1024; i++) {
            assertEquals((byte) i, write.data().getByte(i));
        }
    }

    // N17: the content of a refused WRITE is consumed, so that what is behind it is understood.
    @ParameterizedTest
    @CsvSource({"1048576, 512, 28", "1048064, 1024, 28", "-512, 1024, 28", "1, 512, 22", "0, 513, 22"})
    void refusedWriteIsConsumed(long offset, int length, int error) {
        served.receive(request(Command.WRITE.number, 9, offset, length)
                .bytes(content(length, 3))
                .and(request(Command.FLUSH.number, 10, 0, 0)));
        assertEquals(simple(9, error), served.heard());
        served.done(1);
        assertEquals(simple(10, 0), served.heard());
    }

    @Test
    void contentOfARefusedWriteIsNotKept() {
        served.receive(request(Command.WRITE.number, 9, SIZE, 1 << 20));
        for (int i = 0; i < 100; i++) {
            served.receive(content(512, 3));
            assertEquals(0, served.pages.live());
        }
    }

    // Whoever hears EPERM may take it that nothing was done.
    @Test
    void whatFailsHalfWayIsNotToldAsIfItHadNotBegun() {
        served.receive(request(Command.WRITE_ZEROES.number, 9, 0, 128 << 10)
                .and(request(Command.TRIM.number, Nbd.FUA, 10, 0, 512)));
        served.done(1);
        served.done(2);
        served.completed(3, new Outcome.Refused(Problem.NOT_PERMITTED, "not any more"));
        served.completed(4, new Outcome.Refused(Problem.NOT_SUPPORTED, "no flush"));
        assertEquals(simple(9, Errors.EIO) + simple(10, Errors.EIO), served.heard());
    }

    @Test
    void writeOnWhatIsReadOnlyIsNotPermitted() {
        served = Served.serving(Served.export(Permission.READ, 512, Served.ALL), false, false);
        served.receive(request(Command.WRITE.number, 9, 0, 512)
                .bytes(content(512, 3))
                .and(request(Command.TRIM.number, 10, 0, 512))
                .and(request(Command.WRITE_ZEROES.number, 11, 0, 512)));
        assertEquals(simple(9, Errors.EPERM) + simple(10, Errors.EPERM) + simple(11, Errors.EPERM), served.heard());
    }

    @Test
    void whoMayOnlyWriteIsNotToldWhereSomethingIsAllocated() {
        served = Served.serving(Served.export(Permission.WRITE, 512, Served.ALL), true, true);
        served.receive(request(Command.BLOCK_STATUS.number, 9, 0, 512).and(request(Command.READ.number, 10, 0, 512)));
        String refused = "not permitted";
        Served.Bytes error =
                bytes().number(Errors.EPERM).small(refused.length()).plain(refused);
        assertEquals(chunk(9, Nbd.CHUNK_ERROR, error) + chunk(10, Nbd.CHUNK_ERROR, error), served.heard());
        assertTrue(served.asked.isEmpty() && served.submitted.isEmpty());
    }

    @ParameterizedTest(name = "command {0} flags {1} at {2}, {3} bytes: {4}")
    @CsvSource({
        "0, 0, 0, 0, 22",
        "0, 0, 1048576, 512, 22",
        "0, 0, 9223372036854775807, 512, 22",
        "0, 0, -512, 1024, 22",
        "0, 0, 0, 67109376, 22",
        "0, 8, 0, 512, 22",
        "1, 0, 0, 0, 22",
        "3, 0, 512, 0, 22",
        "3, 0, 0, 512, 22",
        "4, 0, 1048576, 512, 22",
        "4, 2, 0, 512, 22",
        "4, 0, 0, 0, 22",
        "5, 0, 0, 512, 0",
        "5, 1, 0, 512, 0",
        "5, 0, 1048576, 512, 22",
        "6, 0, 1048576, 512, 28",
        "6, 16, 0, 512, 22",
        "6, 18, 0, 512, 22",
        "6, 0, 0, 513, 22",
        "7, 0, 0, 512, 22",
        "8, 0, 0, 512, 22",
        "77, 0, 0, 512, 22",
        "0, 32768, 0, 512, 22"
    })
    void commandThatCannotBeDoneIsAnsweredAndTheNextOneIsUnderstood(
            int command, int flags, long offset, long length, int error) {
        plain();
        served.receive(request(command, flags, 9, offset, length).and(request(Command.FLUSH.number, 10, 0, 0)));
        assertEquals(simple(9, error), served.heard());
        assertNull(served.closing);
        served.done(1);
        assertEquals(simple(10, 0), served.heard());
    }

    @Test
    void featureThatWasNotAdvertisedIsNotServed() {
        served = Served.serving(Served.export(Permission.BOTH, 1, 0), true, true);
        served.receive(request(Command.TRIM.number, 1, 0, 512)
                .and(request(Command.WRITE_ZEROES.number, 2, 0, 512))
                .and(request(Command.FLUSH.number, Nbd.FUA, 3, 0, 0)));
        assertEquals(simple(1, Errors.EINVAL) + simple(2, Errors.EINVAL) + simple(3, Errors.EINVAL), served.heard());
    }

    @Test
    void durableTrimIsATrimAndAFlush() {
        served.receive(request(Command.TRIM.number, Nbd.FUA, 9, 0, 512));
        served.done(1);
        assertEquals("", served.heard());
        assertEquals(new Operation.Flush(), served.submitted.get(2L));
        served.done(2);
        assertEquals(simple(9, 0), served.heard());
    }

    @Test
    void largeCommandIsDoneInPiecesOfWhatIsTransferredAtOnce() {
        int length = 160 << 10;
        served.receive(request(Command.READ.number, 9, 0, length));
        served.done(1, content(64 << 10, 1));
        served.done(2, content(64 << 10, 2));
        assertEquals(new Operation.Read(128 << 10, 32 << 10), served.submitted.get(3L));
        served.done(3, content(32 << 10, 3));
        assertEquals(
                chunk(
                        9,
                        Nbd.CHUNK_DATA,
                        bytes().large(0)
                                .bytes(content(64 << 10, 1))
                                .bytes(content(64 << 10, 2))
                                .bytes(content(32 << 10, 3))),
                served.heard());
        served.receive(request(Command.WRITE.number, 9, 0, 96 << 10).bytes(content(96 << 10, 5)));
        assertEquals(64 << 10, served.submitted.get(4L).length());
        served.done(4);
        assertEquals(32 << 10, served.submitted.get(5L).length());
        assertEquals(64 << 10, served.submitted.get(5L).offset());
        served.completed(5, new Outcome.Refused(Problem.NO_SPACE, "full"));
        assertEquals(simple(9, Errors.ENOSPC), served.heard());
    }

    @Test
    void piecesMeetAtWholeBlocks() {
        served = Served.serving(Served.export(Permission.BOTH, 1, Served.ALL), false, false);
        served.receive(request(Command.READ.number, 9, 5000, 128 << 10));
        assertEquals(new Operation.Read(5000, (64 << 10) - 904), served.submitted.get(1L));
        served.done(1, content((64 << 10) - 904, 1));
        assertEquals(new Operation.Read(69632, 64 << 10), served.submitted.get(2L));
        served.done(2, content(64 << 10, 2));
        assertEquals(new Operation.Read(135168, 904), served.submitted.get(3L));
        served.receive(request(Command.WRITE.number, Nbd.FUA, 10, 1, 64 << 10).bytes(content(64 << 10, 5)));
        assertEquals((64 << 10) - 1, served.submitted.get(4L).length());
        served.done(4);
        assertEquals(1, served.submitted.get(5L).length());
        assertTrue(served.submitted.get(5L).durable());
    }

    @ParameterizedTest
    @CsvSource({
        "NOT_PERMITTED, 1, 5", "NO_SPACE, 28, 28", "OUT_OF_RANGE, 28, 5", "NOT_SUPPORTED, 95, 5",
        "IO_ERROR, 5, 5", "TIMED_OUT, 5, 5", "DETACHED, 108, 108", "DEVICE_FAILED, 108, 108"
    })
    void problemHasItsNumber(Problem problem, int refused, int unknown) {
        served.receive(
                request(Command.WRITE_ZEROES.number, 8, 0, 512).and(request(Command.WRITE_ZEROES.number, 9, 0, 512)));
        served.completed(1, new Outcome.Refused(problem, ""));
        served.completed(2, new Outcome.Unknown(problem, ""));
        assertEquals(simple(8, refused) + simple(9, unknown), served.heard());
    }

    // N25
    @Test
    void extentsStayWithinWhatWasAskedAndEqualNeighboursAreOne() {
        List<Extent> extents =
                List.of(new Extent(512, false, false), new Extent(512, false, false), new Extent(8192, true, true));
        served.receive(request(Command.BLOCK_STATUS.number, 8, 0, 4096)
                .and(request(Command.BLOCK_STATUS.number, Nbd.REQ_ONE, 9, 0, 4096)));
        served.step(new NbdServerControl.Mapped(1, extents));
        served.step(new NbdServerControl.Mapped(2, extents));
        assertEquals(
                chunk(
                                8,
                                Nbd.CHUNK_STATUS,
                                bytes().number(1)
                                        .number(1024)
                                        .number(0)
                                        .number(3072)
                                        .number(3))
                        + chunk(
                                9,
                                Nbd.CHUNK_STATUS,
                                bytes().number(1).number(1024).number(0)),
                served.heard());
    }

    @Test
    void drainedConnectionAnswersWhatRunsAndRefusesTheRest() {
        served.receive(request(Command.FLUSH.number, 8, 0, 0));
        served.step(new NbdServerControl.Drain());
        served.receive(request(Command.WRITE.number, 9, 0, 512).bytes(content(512, 1)));
        assertEquals(simple(9, Errors.ESHUTDOWN), served.heard());
        assertNull(served.closing);
        served.done(1);
        assertEquals(simple(8, 0), served.heard());
        assertNotNull(served.closing);
    }

    @Test
    void wrongMagicAndAContentTooLargeToSkipCloseTheConnection() {
        Served other = Served.serving();
        other.receive(request(Command.WRITE.number, 9, 0, 0xFFFFFFFFL));
        assertNotNull(other.closing);
        assertEquals("payload length", other.closing.rule());
        served.receive(content(28, 1));
        assertNotNull(served.closing);
        assertEquals("request magic", served.closing.rule());
    }

    @Test
    void whatIsDoneForAConnectionThatIsGoneIsReleased() {
        served.receive(request(Command.READ.number, 9, 0, 512)
                .and(request(Command.WRITE.number, 9, 0, 4096))
                .bytes(content(512, 1)));
        served.step(new LinkPort.Closed(1, "reset"));
        served.done(1, content(512, 1));
        served.receive(content(512, 1));
        assertNull(served.closing);
        assertEquals(0, served.pages.live());
    }

    @Test
    void tooManyCommandsWaitWithThePeer() {
        Served.Bytes many = bytes();
        for (int i = 0; i < Requests.REQUESTS_MAX + 5; i++) {
            many.and(request(Command.FLUSH.number, i, 0, 0));
        }
        served.receive(many);
        assertEquals(Requests.REQUESTS_MAX, served.submitted.size());
        assertEquals(List.of(false), served.reading);
        for (long tag = 1; tag <= 6; tag++) {
            served.done(tag);
        }
        assertEquals(List.of(false, true), served.reading);
        assertEquals(Requests.REQUESTS_MAX - 1, served.submitted.size());
    }

    @Test
    void whoNeverReadsIsNotSentMoreThanTheLimit() {
        served = Served.serving(new NbdExport("disk", "", Served.export().device(), 1, 4096, 1 << 20, 0), false, false);
        byte[] all = content(SIZE, 1);
        int reads = 0;
        while (served.reading.isEmpty() && reads < 200) {
            served.receive(request(Command.READ.number, reads, 0, SIZE));
            served.done(++reads, all);
            served.forget();
        }
        assertEquals(Requests.BYTES_MAX / SIZE, reads);
        served.step(new LinkPort.Sent(1, SIZE + 16));
        assertEquals(List.of(false, true), served.reading);
    }
}
