package dst.protocol.wire;

import dst.protocol.Boot;
import dst.protocol.Kind;
import dst.protocol.Problem;
import dst.protocol.Unique;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

/** The bytes of the messages that carry operations and keep a link alive, as docs/PROTOCOL.md lays them out. */
class GoldenTransactionTest {
    private static final Boot BOOT = new Boot(3, new Unique(0x3333333333333333L, 0x4444444444444444L));
    private static final Settled SETTLED = new Settled(64, new long[] {1, 1L << 63}, new long[] {5, 63});
    private static final byte[] DATA = {1, 2, 3, 4};
    private static final int DATA_CHECKSUM = 0x29308CF4;

    @Test
    void durableWrite() {
        Golden.assertBytes(
                Direction.TO_SERVER,
                new Message.Request(
                        0x81,
                        Kind.WRITE,
                        Message.Request.DURABLE,
                        0x1000,
                        4,
                        8,
                        BOOT,
                        SETTLED,
                        DATA_CHECKSUM,
                        Unpooled.wrappedBuffer(DATA)),
                """
                44535446  # frame
                06 00 0064  # type: request, flags, head length
                00000004 29308cf4  # payload length and checksum
                143e7df8  # head's checksum
                ccc874d1  # header's checksum
                0000000000000081  # id
                0002 0001 00000004  # kind, flags, length
                0000000000001000  # offset
                0000000000000008  # epoch
                0000000000000003 33333333333333334444444444444444  # boot
                0000000000000040 0002 0002  # settled: mark, words, ids open
                0000000000000001  # word
                8000000000000000  # word
                0000000000000005  # open
                000000000000003f  # open
                01020304  # payload
                """);
    }

    @Test
    void readSentAgain() {
        Golden.assertBytes(
                Direction.TO_SERVER,
                new Message.Request(
                        1,
                        Kind.READ,
                        Message.Request.RESEND,
                        0x1000,
                        8192,
                        8,
                        BOOT,
                        Settled.NONE,
                        0,
                        Unpooled.EMPTY_BUFFER),
                """
                44535446  # frame
                06 00 0044  # type: request, flags, head length
                00000000 00000000  # payload length and checksum
                a2fb4940  # head's checksum
                b998423f  # header's checksum
                0000000000000001  # id
                0001 0002 00002000  # kind, flags, length
                0000000000001000  # offset
                0000000000000008  # epoch
                0000000000000003 33333333333333334444444444444444  # boot
                0000000000000000 0000 0000  # settled: mark, words, ids open
                """);
    }

    @Test
    void answerOfFailedWrite() {
        Golden.assertBytes(
                Direction.TO_CLIENT,
                new Message.Answer(0x81, Problem.IO_ERROR, 8, BOOT, 11, 10, Unpooled.EMPTY_BUFFER),
                """
                44535446  # frame
                07 00 003a  # type: answer, flags, head length
                00000000 00000000  # payload length and checksum
                17f2b6a1  # head's checksum
                864e6d6c  # header's checksum
                0000000000000081  # id
                0000000000000008  # epoch
                0000000000000003 33333333333333334444444444444444  # boot
                000000000000000b 000000000000000a  # execution and commit
                0010  # problem
                """);
    }

    @Test
    void answerOfRead() {
        Golden.assertBytes(
                Direction.TO_CLIENT,
                new Message.Answer(1, Problem.NONE, 8, BOOT, 0, 10, Unpooled.wrappedBuffer(DATA)),
                """
                44535446  # frame
                07 00 003a  # type: answer, flags, head length
                00000004 29308cf4  # payload length and checksum
                e5e43aec  # head's checksum
                137c15d8  # header's checksum
                0000000000000001  # id
                0000000000000008  # epoch
                0000000000000003 33333333333333334444444444444444  # boot
                0000000000000000 000000000000000a  # execution and commit
                0000  # problem
                01020304  # payload
                """);
    }

    @Test
    void ping() {
        Golden.assertBytes(Direction.TO_SERVER, new Message.Ping(0x0102030405060708L), """
                44535446  # frame
                08 00 0008  # type: ping, flags, head length
                00000000 00000000  # payload length and checksum
                46891f81  # head's checksum
                8ff2a925  # header's checksum
                0102030405060708  # nonce
                """);
    }

    @Test
    void pong() {
        Golden.assertBytes(Direction.TO_CLIENT, new Message.Pong(0x0102030405060708L), """
                44535446  # frame
                09 00 0008  # type: pong, flags, head length
                00000000 00000000  # payload length and checksum
                46891f81  # head's checksum
                7dfea4db  # header's checksum
                0102030405060708  # nonce
                """);
    }
}
