package dst.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dst.protocol.BootCause;
import dst.protocol.Holder;
import dst.protocol.Problem;
import dst.protocol.Terms;
import dst.protocol.Unique;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** H2: what a peer of another version, or a wrong one, may put into a handshake. */
class AttributesTest {
    private static final byte[] NOTHING = new byte[0];
    private static final Unique TOKEN = new Unique(1, 2);
    private static final Message HELLO =
            new Message.Hello("disk", TOKEN, 2, 5, Terms.DEFAULT, Holder.NOBODY, Unique.NONE);

    private static final String TERMS = """
            8011 0004 00000001
            8012 0004 00000001
            8013 0004 00000007
            8014 0004 00001388
            8015 0004 00100000
            8016 0004 00000080
            8017 0004 01000000
            """;
    private static final String HELD = """
            8006 0008 0000000000000000
            8002 0010 00000000000000000000000000000000
            """;

    @Test
    void helloMadeByHandIsTheOneThatIsEncoded() {
        assertEquals(HELLO, decode(hello("", TERMS)));
    }

    @Test
    void unknownOptionalAttributesAreSkippedAtAnyDepth() {
        assertEquals(HELLO, decode(hello("0042 0003 FFFFFF", TERMS + "7FFF 0000")));
        assertEquals(HELLO, decode(hello("0042 0003 FFFFFF 0042 0001 00", "0001 0002 0A0B" + TERMS)));
    }

    @Test
    void unknownRequiredAttributesAreRefusedByName() {
        assertEquals(unknown("hello/0x0042"), decode(hello("8042 0003 FFFFFF", TERMS)));
        assertEquals(unknown("hello/terms/0x0042"), decode(hello("", TERMS + "8042 0000")));
        assertEquals(unknown("hello/held/0x7fff"), decode(hello("", TERMS, HELD + "FFFF 0000")));
    }

    @Test
    void knownAttributesAreRefusedWhereTheyDoNotBelong() {
        assertEquals(unknown("hello/terms/0x0001"), decode(hello("", TERMS + "8001 0000")));
    }

    @Test
    void orderAndTheRequiredBitOfKnownAttributesDoNotMatter() {
        String reversed = "0017 0004 01000000 " + TERMS.replace("8017 0004 01000000", "");
        assertEquals(HELLO, decode(hello("", reversed)));
    }

    @Test
    void missingAttributesAreNamed() {
        assertEquals(
                malformed("hello/terms/ciphers is missing"),
                decode(hello("", TERMS.replace("8012 0004 00000001", ""))));
        assertEquals(malformed("replayed/epoch is missing"), decode(Type.REPLAYED, NOTHING));
    }

    @Test
    void textsMayBeMissing() {
        assertEquals(new Message.Refuse(Problem.NOT_READY, ""), decodeToClient(Type.REFUSE, "800C 0002 0020"));
    }

    @Test
    void anExportIsFreeUnlessTheWelcomeSaysOtherwise() {
        String head = Stream.hex(Stream.bytes(ExchangeInBytes.WELCOME)).substring(2 * Wire.FRAME_BYTES);
        assertEquals(ExchangeInBytes.WELCOME, decodeToClient(Type.WELCOME, head));
        assertEquals(ExchangeInBytes.WELCOME, decodeToClient(Type.WELCOME, head + "000F 0001 00"));
        assertEquals(true, ((Message.Welcome) decodeToClient(Type.WELCOME, head + "000F 0001 01")).occupied());
    }

    @Test
    void problemsOfNewerVersionsReadAsNotSupported() {
        assertEquals(new Message.Refuse(Problem.NOT_SUPPORTED, ""), decodeToClient(Type.REFUSE, "800C 0002 7777"));
    }

    @Test
    void causesOfNewerVersionsReadAsAnother() {
        assertEquals(BootCause.FLUSH_FAILED, cause("0002"));
        assertEquals(BootCause.OTHER, cause("7777"));
    }

    private static BootCause cause(String code) {
        byte[] welcome = Stream.unhex(Stream.hex(Stream.bytes(ExchangeInBytes.WELCOME))
                .substring(2 * Wire.FRAME_BYTES)
                .replace("800e00020001", "800e0002" + code));
        return ((Message.Welcome) decodeToClient(Type.WELCOME, Stream.hex(welcome))).cause();
    }

    @Test
    void duplicatesAreNamed() {
        assertEquals(
                malformed("hello/terms/checksums is there twice"), decode(hello("", TERMS + "8011 0004 00000001")));
        assertEquals(malformed("hello/export is there twice"), decode(hello("0001 0000", TERMS)));
    }

    @Test
    void wrongLengthsAreNamed() {
        assertEquals(
                malformed("hello/terms/ciphers is 5 bytes long, not 4"),
                decode(hello("", TERMS.replace("8012 0004 00000001", "8012 0005 0000000100"))));
        assertEquals(
                malformed("hello/terms/bytes is longer than what holds it"),
                decode(hello("", TERMS.replace("8017 0004", "8017 0005"))));
        assertEquals(malformed("hello/terms ends within an attribute"), decode(hello("", TERMS + "801800")));
        assertEquals(malformed("hello ends within an attribute"), decode(Type.HELLO, new byte[1]));
        assertEquals(
                malformed("refuse/text is 1025 bytes long, not at most 1024"),
                decodeToClient(Type.REFUSE, "800C 0002 0020 000D 0401" + "61".repeat(1025)));
    }

    @Test
    void impossibleTermsAreNamed() {
        assertEquals(impossible("hello/terms/keepalive is 0"), decode(terms("8014 0004 00001388", "00000000")));
        assertEquals(impossible("hello/terms/largest-transfer is 0"), decode(terms("8015 0004 00100000", "00000000")));
        assertEquals(
                impossible("hello/terms/transactions is 0, not between 1 and 512"),
                decode(terms("8016 0004 00000080", "00000000")));
        assertEquals(
                impossible("hello/terms/transactions is 513, not between 1 and 512"),
                decode(terms("8016 0004 00000080", "00000201")));
        assertEquals(
                impossible("hello/terms/bytes is 1048575, less than one largest transfer of 1048576"),
                decode(terms("8017 0004 01000000", "000FFFFF")));
        assertEquals(
                malformed("hello/terms/bytes is larger than 2^31-1"), decode(terms("8017 0004 01000000", "FFFFFFFF")));
    }

    @Test
    void impossibleDevicesAreNamed() {
        assertEquals(
                impossible("attach/agreement/device/block-size is 0, not a power of two"),
                decode(attach("00000000", "00", "0000000000001000")));
        assertEquals(
                impossible("attach/agreement/device/block-size is 513, not a power of two"),
                decode(attach("00000201", "00", "0000000000001000")));
        assertEquals(
                impossible("attach/agreement/device/size is 4097, not a whole number of blocks of 512"),
                decode(attach("00000200", "00", "0000000000001001")));
        assertEquals(
                malformed("attach/agreement/device/size is larger than 2^63-1"),
                decode(attach("00000200", "00", "8000000000000000")));
        assertEquals(
                impossible("attach/agreement/device/permission is 4, which names none"),
                decode(attach("00000200", "04", "0000000000001000")));
    }

    @Test
    void flagsAndTextsHaveToBeSuch() {
        assertEquals(malformed("goodbye/clean is neither 0 nor 1"), decode(Type.GOODBYE, Stream.unhex("800A 0001 02")));
        assertEquals(
                malformed("refuse/text is not UTF-8"), decodeToClient(Type.REFUSE, "800C 0002 0020 000D 0002 C328"));
    }

    @Test
    void longTextsAreCutBetweenCharacters() {
        Message sent = new Message.Refuse(Problem.NOT_READY, "x" + "é".repeat(600));
        Message received = new Message.Refuse(Problem.NOT_READY, "x" + "é".repeat(511));
        assertEquals(
                List.of(Stream.PREAMBLE, received),
                Stream.decode(Direction.TO_CLIENT, Stream.bytes(Stream.PREAMBLE, sent)));
    }

    @Test
    void namesAsLongAsAllowedArrive() {
        Message sent = new Message.Hello(
                "😀".repeat(63) + "abc", TOKEN, 0, Long.MAX_VALUE, Terms.DEFAULT, Holder.NOBODY, Unique.NONE);
        assertEquals(
                List.of(Stream.PREAMBLE, sent),
                Stream.decode(Direction.TO_SERVER, Stream.bytes(Stream.PREAMBLE, sent)));
    }

    private static byte[] terms(String attribute, String value) {
        return hello("", TERMS.replace(attribute, attribute.substring(0, 10) + value));
    }

    private static byte[] hello(String more, String terms) {
        return hello(more, terms, HELD);
    }

    private static byte[] hello(String more, String terms, String held) {
        byte[] head = Stream.join(
                attribute(0x8001, "disk".getBytes(StandardCharsets.UTF_8)),
                Stream.unhex("8002 0010 00000000000000010000000000000002"),
                Stream.unhex("8003 0004 00000002"),
                Stream.unhex("8004 0008 0000000000000005"),
                attribute(0x8010, Stream.unhex(terms)),
                attribute(0x8040, Stream.unhex(held)),
                Stream.unhex("8005 0010 00000000000000000000000000000000"),
                Stream.unhex(more));
        return Stream.frame(Type.HELLO.code(), head, NOTHING);
    }

    private static byte[] attach(String blockSize, String permission, String size) {
        byte[] device = Stream.unhex("8021 0010 00000000000000000000000000000000 8022 0008" + size + "8023 0004"
                + blockSize + "8024 0001" + permission);
        byte[] agreement = Stream.join(
                Stream.unhex("8007 0002 0001"), attribute(0x8010, Stream.unhex(TERMS)), attribute(0x8020, device));
        byte[] head =
                Stream.join(attribute(0x8030, agreement), Stream.unhex("8006 0008 0000000000000007 8008 0001 00"));
        return Stream.frame(Type.ATTACH.code(), head, NOTHING);
    }

    private static byte[] attribute(int type, byte[] value) {
        byte[] prefix = {(byte) (type >>> 8), (byte) type, (byte) (value.length >>> 8), (byte) value.length};
        return Stream.join(prefix, value);
    }

    private static Decoded decode(byte[] frame) {
        return Stream.decodeFrame(Direction.TO_SERVER, frame);
    }

    private static Decoded decode(Type type, byte[] head) {
        return decode(Stream.frame(type.code(), head, NOTHING));
    }

    private static Decoded decodeToClient(Type type, String head) {
        return Stream.decodeFrame(Direction.TO_CLIENT, Stream.frame(type.code(), Stream.unhex(head), NOTHING));
    }

    private static Decoded unknown(String path) {
        return new Decoded.Wrong("H2", Problem.UNKNOWN_ATTRIBUTE, "unknown required attribute " + path);
    }

    private static Decoded malformed(String text) {
        return new Decoded.Wrong("H2", Problem.MALFORMED, text);
    }

    private static Decoded impossible(String text) {
        return new Decoded.Wrong("H3", Problem.MALFORMED, text);
    }
}
