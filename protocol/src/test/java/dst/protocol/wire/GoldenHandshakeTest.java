package dst.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dst.protocol.Agreement;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Device;
import dst.protocol.Holder;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.Terms;
import dst.protocol.Unique;
import org.junit.jupiter.api.Test;

/** The bytes of the messages that make and end a link, as docs/PROTOCOL.md lays them out. */
class GoldenHandshakeTest {
    private static final Unique TOKEN = new Unique(0x0102030405060708L, 0x090A0B0C0D0E0F10L);
    private static final Unique IDENTITY = new Unique(0x1111111111111111L, 0x2222222222222222L);
    private static final Boot BOOT = new Boot(3, new Unique(0x3333333333333333L, 0x4444444444444444L));
    private static final Agreement AGREEMENT =
            new Agreement(1, Terms.DEFAULT, new Device(IDENTITY, 1 << 20, 4096, Permission.BOTH));

    @Test
    void preamble() {
        Golden.assertBytes(Direction.TO_SERVER, new Message.Preamble(1, 2), """
                445354424c4f434b  # DSTBLOCK
                0001 0002  # lowest and highest version
                235a84ec  # checksum
                """);
    }

    @Test
    void hello() {
        Golden.assertBytes(
                Direction.TO_SERVER,
                new Message.Hello("disk", TOKEN, 2, 5, Terms.DEFAULT, new Holder(7, TOKEN), IDENTITY),
                """
                44535446  # frame
                01 00 00a4  # type: hello, flags, head length
                00000000 00000000  # payload length and checksum
                24455b68  # head's checksum
                a98ede89  # header's checksum
                8001 0004 6469736b  # export: disk
                8002 0010 0102030405060708090a0b0c0d0e0f10  # token
                8003 0004 00000002  # slot
                8004 0008 0000000000000005  # generation
                8010 0038  # terms
                  8011 0004 00000001  # checksums: CRC32C
                  8012 0004 00000001  # ciphers: none
                  8013 0004 00000007  # features: FUA, TRIM, ZERO
                  8014 0004 00001388  # keepalive: 5000 ms
                  8015 0004 00100000  # largest transfer
                  8016 0004 00000080  # transactions
                  8017 0004 01000000  # bytes
                8040 0020  # held
                  8006 0008 0000000000000007  # epoch
                  8002 0010 0102030405060708090a0b0c0d0e0f10  # token
                8005 0010 11111111111111112222222222222222  # known
                """);
    }

    @Test
    void welcome() {
        Golden.assertBytes(Direction.TO_CLIENT, new Message.Welcome(AGREEMENT, BOOT, BootCause.FLUSH_FAILED, 7), """
                44535446  # frame
                02 00 00ad  # type: welcome, flags, head length
                00000000 00000000  # payload length and checksum
                75f65a4a  # head's checksum
                b4952054  # header's checksum
                8030 0073  # agreement
                  8007 0002 0001  # version
                  8010 0038  # terms
                    8011 0004 00000001  # checksums: CRC32C
                    8012 0004 00000001  # ciphers: none
                    8013 0004 00000007  # features: FUA, TRIM, ZERO
                    8014 0004 00001388  # keepalive: 5000 ms
                    8015 0004 00100000  # largest transfer
                    8016 0004 00000080  # transactions
                    8017 0004 01000000  # bytes
                  8020 002d  # device
                    8021 0010 11111111111111112222222222222222  # identity
                    8022 0008 0000000000100000  # size
                    8023 0004 00001000  # block size
                    8024 0001 03  # permission: both
                8038 0020  # boot
                  8039 0008 0000000000000003  # counter
                  803a 0010 33333333333333334444444444444444  # nonce
                800e 0002 0002  # cause: a flush failed
                8006 0008 0000000000000007  # epoch
                """);
    }

    /** What most welcomes do not say they do not carry: a client that knows nothing of it loses nothing. */
    @Test
    void welcomeOfAnOccupiedExport() {
        byte[] free = Stream.bytes(new Message.Welcome(AGREEMENT, BOOT, BootCause.FLUSH_FAILED, 7));
        byte[] occupied = Stream.bytes(new Message.Welcome(AGREEMENT, BOOT, BootCause.FLUSH_FAILED, 7, true));
        assertEquals(
                Stream.hex(free).substring(2 * Wire.FRAME_BYTES) + "000f000101",
                Stream.hex(occupied).substring(2 * Wire.FRAME_BYTES));
    }

    @Test
    void refuse() {
        Golden.assertBytes(Direction.TO_CLIENT, new Message.Refuse(Problem.NOT_READY, "not ready"), """
                44535446  # frame
                03 00 0013  # type: refuse, flags, head length
                00000000 00000000  # payload length and checksum
                6db8f50a  # head's checksum
                6966509a  # header's checksum
                800c 0002 0020  # problem
                000d 0009 6e6f74207265616479  # text: not ready
                """);
    }

    @Test
    void attach() {
        Golden.assertBytes(Direction.TO_SERVER, new Message.Attach(AGREEMENT, 7, true), """
                44535446  # frame
                04 00 0088  # type: attach, flags, head length
                00000000 00000000  # payload length and checksum
                2f22d926  # head's checksum
                2caf8ca0  # header's checksum
                8030 0073  # agreement
                  8007 0002 0001  # version
                  8010 0038  # terms
                    8011 0004 00000001  # checksums: CRC32C
                    8012 0004 00000001  # ciphers: none
                    8013 0004 00000007  # features: FUA, TRIM, ZERO
                    8014 0004 00001388  # keepalive: 5000 ms
                    8015 0004 00100000  # largest transfer
                    8016 0004 00000080  # transactions
                    8017 0004 01000000  # bytes
                  8020 002d  # device
                    8021 0010 11111111111111112222222222222222  # identity
                    8022 0008 0000000000100000  # size
                    8023 0004 00001000  # block size
                    8024 0001 03  # permission: both
                8006 0008 0000000000000007  # epoch
                8008 0001 01  # joins
                """);
    }

    @Test
    void attached() {
        Golden.assertBytes(Direction.TO_CLIENT, new Message.Attached(AGREEMENT, new Holder(8, TOKEN), BOOT, true), """
                44535446  # frame
                05 00 00c4  # type: attached, flags, head length
                00000000 00000000  # payload length and checksum
                dfc60783  # head's checksum
                3e25c5a9  # header's checksum
                8030 0073  # agreement
                  8007 0002 0001  # version
                  8010 0038  # terms
                    8011 0004 00000001  # checksums: CRC32C
                    8012 0004 00000001  # ciphers: none
                    8013 0004 00000007  # features: FUA, TRIM, ZERO
                    8014 0004 00001388  # keepalive: 5000 ms
                    8015 0004 00100000  # largest transfer
                    8016 0004 00000080  # transactions
                    8017 0004 01000000  # bytes
                  8020 002d  # device
                    8021 0010 11111111111111112222222222222222  # identity
                    8022 0008 0000000000100000  # size
                    8023 0004 00001000  # block size
                    8024 0001 03  # permission: both
                8041 0020  # holder
                  8006 0008 0000000000000008  # epoch
                  8002 0010 0102030405060708090a0b0c0d0e0f10  # token
                8038 0020  # boot
                  8039 0008 0000000000000003  # counter
                  803a 0010 33333333333333334444444444444444  # nonce
                8009 0001 01  # owed
                """);
    }

    @Test
    void replayed() {
        Golden.assertBytes(Direction.TO_SERVER, new Message.Replayed(8, BOOT), """
                44535446  # frame
                0a 00 0030  # type: replayed, flags, head length
                00000000 00000000  # payload length and checksum
                9b548d36  # head's checksum
                12b12679  # header's checksum
                8006 0008 0000000000000008  # epoch
                8038 0020  # boot
                  8039 0008 0000000000000003  # counter
                  803a 0010 33333333333333334444444444444444  # nonce
                """);
    }

    @Test
    void goodbye() {
        Golden.assertBytes(Direction.TO_CLIENT, new Message.Goodbye(true, 99, BOOT, "bye"), """
                44535446  # frame
                0b 00 003c  # type: goodbye, flags, head length
                00000000 00000000  # payload length and checksum
                d255a20e  # head's checksum
                a7a6838c  # header's checksum
                800a 0001 01  # clean
                800b 0008 0000000000000063  # commit
                8038 0020  # boot
                  8039 0008 0000000000000003  # counter
                  803a 0010 33333333333333334444444444444444  # nonce
                000d 0003 627965  # text: bye
                """);
    }
}
