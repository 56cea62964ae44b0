package dst.protocol.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** How the value of an attribute is written: the lengths it may have, and which bytes of that length are no such value. */
enum Form {
    /** 0 or 1. */
    FLAG(1, 1),
    BYTE(1, 1),
    SHORT(2, 2),
    /** 32 bits of a set, each with a meaning of its own. */
    BITS(4, 4),
    /** 0 to 2^31-1. */
    COUNT(4, 4),
    /** 0 to 2^63-1. */
    NUMBER(8, 8),
    UNIQUE(16, 16),
    /** UTF-8. */
    NAME(0, 255),
    /** UTF-8, for people to read. */
    TEXT(0, 1024),
    /** Attributes. */
    NESTED(0, Wire.HEAD_MAX);

    private final int shortest;
    private final int longest;

    Form(int shortest, int longest) {
        this.shortest = shortest;
        this.longest = longest;
    }

    /** What is wrong with the value, or null. */
    @Nullable String objection(ByteBuffer head, int at, int length) {
        if (length < shortest || length > longest) {
            return "is " + length + " bytes long, not "
                    + (shortest == longest ? Integer.toString(shortest) : "at most " + longest);
        }
        return switch (this) {
            case FLAG -> (head.get(at) & 0xFE) == 0 ? null : "is neither 0 nor 1";
            case COUNT -> head.getInt(at) >= 0 ? null : "is larger than 2^31-1";
            case NUMBER -> head.getLong(at) >= 0 ? null : "is larger than 2^63-1";
            case NAME, TEXT -> isUtf8(head, at, length) ? null : "is not UTF-8";
            case BYTE, SHORT, BITS, UNIQUE, NESTED -> null;
        };
    }

    /** The text's bytes, cut between two characters if there are more than may be sent. */
    byte[] bytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= longest) {
            return bytes;
        }
        int end = longest;
        while ((bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }

    private static boolean isUtf8(ByteBuffer head, int at, int length) {
        byte[] again = new String(head.array(), at, length, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
        return Arrays.equals(again, 0, again.length, head.array(), at, at + length);
    }
}
