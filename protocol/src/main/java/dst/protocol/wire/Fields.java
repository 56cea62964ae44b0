package dst.protocol.wire;

import dst.protocol.Agreement;
import dst.protocol.Boot;
import dst.protocol.Device;
import dst.protocol.Holder;
import dst.protocol.Problem;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.Words;
import dst.protocol.wire.Decoded.Wrong;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one group, found in a head. Once {@link #read} found nothing wrong, each needed one is there exactly once
 * and its value has the attribute's form and range, so taking it cannot fail (H2).
 */
final class Fields {
    /** Type and length of an attribute. */
    private static final int PREFIX_BYTES = 4;

    private final ByteBuffer head;
    private final Group group;
    private final @Nullable Fields outer;
    private final String word;
    private final int[] at;
    private final int[] lengths;
    private final @Nullable Fields[] inside;

    Fields(ByteBuffer head, Group group, @Nullable Fields outer, String word) {
        this.head = head;
        this.group = group;
        this.outer = outer;
        this.word = word;
        this.at = new int[group.size()];
        this.lengths = new int[group.size()];
        this.inside = new @Nullable Fields[group.size()];
    }

    /** Finds the attributes between two places of the head; what is wrong with them, or null. */
    @Nullable Wrong read(int from, int end) {
        int place = from;
        while (place < end) {
            if (end - place < PREFIX_BYTES) {
                return malformed(path() + " ends within an attribute");
            }
            int type = head.getShort(place) & 0xFFFF;
            int length = head.getShort(place + 2) & 0xFFFF;
            place += PREFIX_BYTES;
            if (length > end - place) {
                return malformed(path() + "/" + name(type) + " is longer than what holds it");
            }
            Wrong wrong = found(type, place, length);
            if (wrong != null) {
                return wrong;
            }
            place += length;
        }
        Wrong wrong = missing();
        return wrong != null ? wrong : Ranges.wrong(group, this);
    }

    private @Nullable Wrong found(int type, int place, int length) {
        Attribute attribute = group.known(type & ~Attribute.REQUIRED);
        if (attribute == null) {
            // H2: what is unknown is skipped, unless whoever sent it insists.
            return (type & Attribute.REQUIRED) == 0
                    ? null
                    : new Wrong(
                            "H2", Problem.UNKNOWN_ATTRIBUTE, "unknown required attribute " + path() + "/" + name(type));
        }
        int index = group.indexOf(attribute);
        if (at[index] != 0) {
            return malformed(path(attribute) + " is there twice");
        }
        String objection = attribute.form().objection(head, place, length);
        if (objection != null) {
            return malformed(path(attribute) + " " + objection);
        }
        at[index] = place;
        lengths[index] = length;
        Group nested = attribute.inside();
        if (nested == null) {
            return null;
        }
        Fields fields = new Fields(head, nested, this, attribute.word());
        inside[index] = fields;
        return fields.read(place, place + length);
    }

    private @Nullable Wrong missing() {
        for (int i = 0; i < at.length; i++) {
            Attribute attribute = group.member(i);
            if (at[i] == 0 && attribute.needed()) {
                return malformed(path(attribute) + " is missing");
            }
        }
        return null;
    }

    boolean flag(Attribute attribute) {
        return head.get(place(attribute)) != 0;
    }

    /** The flag; false if it was not sent. */
    boolean flagIfSent(Attribute attribute) {
        return place(attribute) != 0 && flag(attribute);
    }

    int byteOf(Attribute attribute) {
        return head.get(place(attribute)) & 0xFF;
    }

    int shortOf(Attribute attribute) {
        return head.getShort(place(attribute)) & 0xFFFF;
    }

    int intOf(Attribute attribute) {
        return head.getInt(place(attribute));
    }

    long number(Attribute attribute) {
        return head.getLong(place(attribute));
    }

    /** The number; 0 if it was not sent. */
    long numberIfSent(Attribute attribute) {
        return place(attribute) == 0 ? 0 : number(attribute);
    }

    Unique unique(Attribute attribute) {
        int place = place(attribute);
        return new Unique(head.getLong(place), head.getLong(place + 8));
    }

    /** The text, empty if it was not sent. */
    String text(Attribute attribute) {
        int index = group.indexOf(attribute);
        return new String(head.array(), at[index], lengths[index], StandardCharsets.UTF_8);
    }

    Agreement agreement() {
        Fields in = inside(Attribute.AGREEMENT);
        return new Agreement(in.shortOf(Attribute.VERSION), in.terms(), in.device());
    }

    Terms terms() {
        Fields in = inside(Attribute.TERMS);
        return new Terms(
                in.intOf(Attribute.CHECKSUMS),
                in.intOf(Attribute.CIPHERS),
                in.intOf(Attribute.FEATURES),
                in.intOf(Attribute.KEEPALIVE),
                in.intOf(Attribute.LARGEST_TRANSFER),
                in.intOf(Attribute.TRANSACTIONS),
                in.intOf(Attribute.BYTES));
    }

    private Device device() {
        Fields in = inside(Attribute.DEVICE);
        return new Device(
                in.unique(Attribute.IDENTITY),
                in.number(Attribute.SIZE),
                in.intOf(Attribute.BLOCK_SIZE),
                Ranges.permission(in.byteOf(Attribute.PERMISSION)));
    }

    Boot boot() {
        Fields in = inside(Attribute.BOOT);
        return new Boot(in.number(Attribute.COUNTER), in.unique(Attribute.NONCE));
    }

    Holder holder(Attribute attribute) {
        Fields in = inside(attribute);
        return new Holder(in.number(Attribute.EPOCH), in.unique(Attribute.TOKEN));
    }

    private Fields inside(Attribute attribute) {
        return Objects.requireNonNull(inside[group.indexOf(attribute)]);
    }

    /** Where the attribute stands, for people: {@code hello/terms/bytes}. */
    String path(Attribute attribute) {
        return path() + "/" + attribute.word();
    }

    private String path() {
        return outer == null ? word : outer.path() + "/" + word;
    }

    private int place(Attribute attribute) {
        return at[group.indexOf(attribute)];
    }

    private String name(int type) {
        Attribute attribute = group.known(type & ~Attribute.REQUIRED);
        return attribute != null
                ? attribute.word()
                : "0x" + Words.hex(type & ~Attribute.REQUIRED).substring(12);
    }

    private static Wrong malformed(String text) {
        return new Wrong("H2", Problem.MALFORMED, text);
    }
}
