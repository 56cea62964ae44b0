package dst.protocol.wire;

import dst.protocol.Machines;
import dst.protocol.Problem;
import dst.protocol.StateDigest;
import dst.protocol.wire.Decoded.Wrong;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the bytes of one direction of a link into messages, however they are split; it never throws (G8). */
public final class Decoder {
    private static final byte[] MAGIC =
            ByteBuffer.allocate(8).putLong(Wire.MAGIC).array();
    /** An NBD server speaks first, and these are its first words. */
    private static final byte[] NBD_MAGIC = "NBDMAGIC".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] FRAME_MAGIC =
            ByteBuffer.allocate(4).putInt(Wire.FRAME_MAGIC).array();

    private final Direction direction;
    private final Arrived arrived = new Arrived();
    private final Payload payload = new Payload();
    private final HeadReader heads = new HeadReader();
    private final Checksum checksum = new Checksum();

    /** The preamble, or a frame without its payload: its first {@link #filled} bytes are here. */
    private ByteBuffer frame = ByteBuffer.allocate(Machines.PAGE_MIN);

    private int filled;
    private int payloadMax;
    private boolean begun;

    /** The message whose payload is arriving. */
    private Message.@Nullable Framed incomplete;

    private @Nullable Wrong wrong;

    public Decoder(Direction direction) {
        this.direction = direction;
    }

    /** The largest payload to keep; zero until the sides have agreed, for no payload is due in a handshake (R1). */
    public void payloadMax(int bytes) {
        payloadMax = bytes;
    }

    /** Takes the bytes over. */
    public void feed(ByteBuf bytes) {
        if (wrong == null) {
            arrived.add(bytes);
        } else {
            bytes.release();
        }
    }

    /** A message, which belongs to the caller; or what is wrong, now and ever after; or null: more bytes are needed. */
    public @Nullable Decoded next() {
        if (wrong != null) {
            return wrong;
        }
        Decoded decoded = begun ? frame() : preamble();
        if (decoded instanceof Wrong found) {
            discard();
            wrong = found;
        }
        return decoded;
    }

    /** R7: how many bytes it holds that are no message yet, besides the head of one. */
    public int held() {
        return incomplete == null ? arrived.bytes() : arrived.bytes() + payload.bytes();
    }

    /** Gives back what it holds. */
    public void discard() {
        arrived.discard();
        payload.discard();
        incomplete = null;
    }

    /** Of everything that has arrived and was not handed out, and of what is expected behind it. */
    public void digest(StateDigest digest) {
        digest.add(direction.ordinal()).add(begun).add(payloadMax).add(filled).add(incomplete != null);
        // A message whose payload is arriving still stands in the frame.
        int end = incomplete != null ? Wire.FRAME_BYTES + headLength() : filled;
        digest.add(List.of(Unpooled.wrappedBuffer(frame.array(), 0, end)));
        payload.digest(digest);
        arrived.digest(digest);
        digest.add(wrong == null ? "" : wrong.rule() + " " + wrong.problem() + " " + wrong.text());
    }

    private @Nullable Decoded preamble() {
        filled = arrived.copy(frame.array(), filled, Wire.PREAMBLE_BYTES);
        // H1: a peer of another kind may wait for an answer after its first few bytes: they are enough to know it.
        if (!beginsWith(MAGIC)) {
            if (direction == Direction.TO_CLIENT && beginsWith(NBD_MAGIC)) {
                return filled < NBD_MAGIC.length
                        ? null
                        : malformed(
                                "H1",
                                "this is the port of an NBD server: the one of this protocol is another, usually 4800");
            }
            return malformed("H1", "the first bytes are not those of this protocol");
        }
        if (filled < Wire.PREAMBLE_BYTES) {
            return null;
        }
        checksum.begin();
        checksum.add(frame.array(), 0, 12);
        if (checksum.value() != frame.getInt(12)) {
            return malformed("H1", "the preamble's checksum does not fit");
        }
        begun = true;
        filled = 0;
        return new Message.Preamble(frame.getShort(8) & 0xFFFF, frame.getShort(10) & 0xFFFF);
    }

    private @Nullable Decoded frame() {
        if (incomplete != null) {
            return withPayload(incomplete);
        }
        if (filled < Wire.FRAME_BYTES) {
            filled = arrived.copy(frame.array(), filled, Wire.FRAME_BYTES);
            Wrong header = headerWrong();
            if (header != null || filled < Wire.FRAME_BYTES) {
                return header;
            }
        }
        int end = Wire.FRAME_BYTES + headLength();
        makeRoom(end);
        filled = arrived.copy(frame.array(), filled, end);
        if (filled < end) {
            return null;
        }
        if (FrameHeader.headChecksum(checksum, frame.array(), end) != frame.getInt(FrameHeader.HEAD_CHECKSUM)) {
            return malformed("H1", "the checksum of a frame's head does not fit");
        }
        filled = 0;
        Decoded head = head(end);
        if (frame.getInt(FrameHeader.PAYLOAD_LENGTH) == 0 || !(head instanceof Message.Framed message)) {
            return head;
        }
        incomplete = message;
        return withPayload(message);
    }

    /** What is wrong with as much of a frame's header as is there. */
    private @Nullable Wrong headerWrong() {
        if (!beginsWith(FRAME_MAGIC)) {
            return malformed("H1", "no frame begins where one should");
        }
        if (filled < Wire.FRAME_BYTES) {
            return null;
        }
        // G6: a damaged length, if believed, waits for bytes that nobody sends, while pings keep the link alive (L1).
        if (FrameHeader.checksum(checksum, frame.array()) != frame.getInt(FrameHeader.HEADER_CHECKSUM)) {
            return malformed("H1", "the checksum of a frame's header does not fit");
        }
        return headLength() > Wire.HEAD_MAX ? malformed("R1", "a head of " + headLength() + " bytes") : null;
    }

    private int headLength() {
        return frame.getShort(FrameHeader.HEAD_LENGTH) & 0xFFFF;
    }

    /** The message in the frame, with its payload yet to come. */
    private Decoded head(int end) {
        int code = frame.get(FrameHeader.TYPE) & 0xFF;
        Type type = Type.of(code);
        if (type == null) {
            return malformed("H1", "no message has the type " + code);
        }
        if (frame.get(FrameHeader.FLAGS) != 0) {
            return malformed("H1", "unknown flags in the frame of a " + type.word());
        }
        if (!type.goes(direction)) {
            return malformed(
                    "H1",
                    "a " + type.word() + " sent to the " + (direction == Direction.TO_SERVER ? "server" : "client"));
        }
        long length = frame.getInt(FrameHeader.PAYLOAD_LENGTH) & 0xFFFF_FFFFL;
        int sum = frame.getInt(FrameHeader.PAYLOAD_CHECKSUM);
        if (length != 0 && !type.mayCarryPayload()) {
            return malformed("R1", "a " + type.word() + " with a payload of " + length + " bytes");
        }
        if (length == 0 && sum != 0) {
            return malformed("H1", "a checksum of no payload in a " + type.word());
        }
        if (type == Type.ANSWER && length > payloadMax) {
            return malformed("R1", "an answer with a payload of " + length + " bytes, more than " + payloadMax);
        }
        Decoded read = type.read(heads.of(frame, end));
        if (length != 0 && read instanceof Message) {
            // A length that does not fit an int is wrong for every message and has been refused by now.
            payload.begin((int) length, length <= payloadMax);
        }
        return read;
    }

    private @Nullable Decoded withPayload(Message.Framed message) {
        if (!payload.complete(arrived)) {
            return null;
        }
        if (payload.checksum() != frame.getInt(FrameHeader.PAYLOAD_CHECKSUM)) {
            return malformed("H1", "the checksum of a payload does not fit");
        }
        incomplete = null;
        return message.with(payload.take());
    }

    /** The header that is in the frame moves along. */
    private void makeRoom(int length) {
        if (frame.capacity() < length) {
            ByteBuffer larger = ByteBuffer.allocate(length);
            System.arraycopy(frame.array(), 0, larger.array(), 0, filled);
            frame = larger;
        }
    }

    /** Whether what is there so far is the beginning of this. */
    private boolean beginsWith(byte[] magic) {
        for (int i = 0; i < Math.min(filled, magic.length); i++) {
            if (frame.get(i) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    private static Wrong malformed(String rule, String text) {
        return new Wrong(rule, Problem.MALFORMED, text);
    }
}
