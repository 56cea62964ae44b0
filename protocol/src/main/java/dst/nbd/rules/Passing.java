package dst.nbd.rules;

import dst.protocol.trace.ByteSum;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** What one end of a connection says, read along as it passes: of a content nothing is kept but its checksum. */
final class Passing {
    private final ByteSum sum = new ByteSum();

    /** What was not read yet; few bytes, where both ends keep to their turns. */
    private ByteBuf rest = Unpooled.EMPTY_BUFFER;

    /** What is read now: that, or what passes just now. */
    private ByteBuf bytes = rest;

    private boolean ofRest;
    private int at;
    private int end;

    /** So much of a content is still to pass. */
    private long left;

    private boolean summed;

    /** It is not kept beyond {@link #passed}. */
    void passes(ByteBuf more) {
        if (ofRest) {
            rest.writeBytes(more, more.readerIndex(), more.readableBytes());
            end = rest.writerIndex();
        } else {
            bytes = more;
            at = more.readerIndex();
            end = more.writerIndex();
        }
    }

    void passed() {
        int count = end - at;
        if (ofRest) {
            rest.readerIndex(at).discardReadBytes();
        } else if (count > 0) {
            rest = rest.maxCapacity() == 0 ? Unpooled.buffer(count) : rest.clear();
            rest.writeBytes(bytes, at, count);
        }
        ofRest = count > 0;
        bytes = rest;
        at = 0;
        end = count;
    }

    /** Whether the head of that many bytes is here. */
    boolean has(int count) {
        return end - at >= count;
    }

    long large(int offset) {
        return bytes.getLong(at + offset);
    }

    int number(int offset) {
        return bytes.getInt(at + offset);
    }

    int small(int offset) {
        return bytes.getUnsignedShort(at + offset);
    }

    /** The head is over; so much of a content follows. */
    void skip(int head, long content) {
        at += head;
        left = content;
        summed = false;
    }

    /** The same, and the content's checksum is wanted. */
    void sum(int head, long content) {
        skip(head, content);
        summed = true;
        sum.begin();
    }

    /** Whether the content is still to pass, or a part of it. */
    boolean isWithin() {
        return left > 0;
    }

    /** Lets pass what is here of the content; whether there was any. */
    boolean advance() {
        int part = (int) Math.min(left, end - at);
        if (summed) {
            sum.add(bytes, at, part);
        }
        at += part;
        left -= part;
        return part > 0;
    }

    /** Of the content that has passed. */
    int sum() {
        return sum.value();
    }
}
