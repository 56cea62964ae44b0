package dst.protocol.wire;

import dst.protocol.Prng;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Bytes as tests write and cut them, and what a decoder makes of them. */
final class Stream {
    static final Message.Preamble PREAMBLE = new Message.Preamble(1, 1);

    private Stream() {}

    /** The bytes of the messages, one after the other; the messages' payloads are given back. */
    static byte[] bytes(ByteBufAllocator pages, List<? extends Message> messages) {
        Encoder encoder = new Encoder(pages);
        ByteBuf all = Unpooled.buffer();
        for (Message message : messages) {
            ByteBuf bytes = encoder.encode(message);
            all.writeBytes(bytes);
            bytes.release();
        }
        return array(all);
    }

    static byte[] bytes(Message... messages) {
        return bytes(new CountedPages(false), List.of(messages));
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** Hex with blanks and remarks from {@code #} to the end of the line. */
    static byte[] unhex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("#[^\n]*", "").replaceAll("\\s", ""));
    }

    /** A frame around that head with checksums that fit. */
    static byte[] frame(int type, byte[] head, byte[] payload) {
        return frame(type, head, payload.length, payload);
    }

    /** A frame that speaks of another length of payload than follows. */
    static byte[] frame(int type, byte[] head, long payloadLength, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(Wire.FRAME_BYTES + head.length + payload.length);
        frame.putInt(Wire.FRAME_MAGIC).put((byte) type).put((byte) 0).putShort((short) head.length);
        frame.putInt((int) payloadLength).putInt(Checksum.of(Unpooled.wrappedBuffer(payload)));
        frame.position(Wire.FRAME_BYTES).put(head).put(payload);
        return sealed(frame.array());
    }

    /** The same frame with the checksums of its head and its header made to fit again. */
    static byte[] sealed(byte[] frame) {
        int head = ByteBuffer.wrap(frame).getShort(FrameHeader.HEAD_LENGTH) & 0xFFFF;
        int end = Math.min(frame.length, Wire.FRAME_BYTES + head);
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        bytes.putInt(FrameHeader.HEAD_CHECKSUM, FrameHeader.headChecksum(new Checksum(), frame, end));
        bytes.putInt(FrameHeader.HEADER_CHECKSUM, FrameHeader.checksum(new Checksum(), frame));
        return frame;
    }

    static byte[] join(byte[]... parts) {
        return array(Unpooled.wrappedBuffer(parts));
    }

    static Decoder decoder(Direction direction) {
        Decoder decoder = new Decoder(direction);
        decoder.payloadMax(Drawn.PAYLOAD_MAX);
        return decoder;
    }

    /** Everything that comes out, up to the first wrong, when the bytes go in as pieces of drawn lengths. */
    static List<Decoded> decode(Decoder decoder, byte[] bytes, Prng pieces, ByteBufAllocator pages) {
        List<Decoded> all = new ArrayList<>();
        int pieceMax = (int) pieces.between(1, CountedPages.PAGE);
        for (int at = 0; at < bytes.length; ) {
            int length = (int) Math.min(pieces.between(0, pieceMax), bytes.length - at);
            decoder.feed(pages.buffer(Math.max(length, 1)).writeBytes(bytes, at, length));
            at += length;
            if (pieces.chance(1, 2)) {
                drain(decoder, all);
            }
        }
        drain(decoder, all);
        return all;
    }

    /** Everything that comes out when the bytes go in at once. */
    static List<Decoded> decode(Direction direction, byte[]... bytes) {
        List<Decoded> all = new ArrayList<>();
        Decoder decoder = decoder(direction);
        decoder.feed(Unpooled.wrappedBuffer(join(bytes)));
        drain(decoder, all);
        decoder.discard();
        return all;
    }

    /** What comes out for a frame behind a preamble. */
    static Decoded decodeFrame(Direction direction, byte[] frame) {
        List<Decoded> all = decode(direction, bytes(PREAMBLE), frame);
        if (all.size() != 2) {
            throw new AssertionError("one frame, not " + all);
        }
        return all.get(1);
    }

    private static void drain(Decoder decoder, List<Decoded> into) {
        boolean ended = !into.isEmpty() && into.getLast() instanceof Decoded.Wrong;
        while (!ended) {
            Decoded decoded = decoder.next();
            if (decoded != null) {
                into.add(decoded);
            }
            ended = decoded == null || decoded instanceof Decoded.Wrong;
        }
    }

    static void release(Iterable<? extends Decoded> all) {
        for (Decoded decoded : all) {
            switch (decoded) {
                case Message.Request request -> ReferenceCountUtil.release(request.payload());
                case Message.Answer answer -> ReferenceCountUtil.release(answer.payload());
                default -> {}
            }
        }
    }

    private static byte[] array(ByteBuf bytes) {
        byte[] array = new byte[bytes.readableBytes()];
        bytes.readBytes(array);
        return array;
    }
}
