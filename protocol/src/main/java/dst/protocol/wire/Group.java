package dst.protocol.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which attributes belong together: in the head of a message, or nested in another attribute (H2). */
final class Group {
    static final Group TERMS = new Group(
            "terms",
            Attribute.CHECKSUMS,
            Attribute.CIPHERS,
            Attribute.FEATURES,
            Attribute.KEEPALIVE,
            Attribute.LARGEST_TRANSFER,
            Attribute.TRANSACTIONS,
            Attribute.BYTES);
    static final Group DEVICE =
            new Group("device", Attribute.IDENTITY, Attribute.SIZE, Attribute.BLOCK_SIZE, Attribute.PERMISSION);
    static final Group AGREEMENT = new Group("agreement", Attribute.VERSION, Attribute.TERMS, Attribute.DEVICE);
    static final Group BOOT = new Group("boot", Attribute.COUNTER, Attribute.NONCE);
    static final Group HOLDER = new Group("holder", Attribute.EPOCH, Attribute.TOKEN);

    /** Those that nest. */
    static final List<Group> NESTED = List.of(TERMS, DEVICE, AGREEMENT, BOOT, HOLDER);

    private final String word;
    private final Attribute[] members;

    Group(String word, Attribute... members) {
        this.word = word;
        this.members = members;
    }

    String word() {
        return word;
    }

    int size() {
        return members.length;
    }

    Attribute member(int index) {
        return members[index];
    }

    /** Where the attribute stands among the members. */
    int indexOf(Attribute attribute) {
        for (int i = 0; i < members.length; i++) {
            if (members[i] == attribute) {
                return i;
            }
        }
        throw new IllegalArgumentException(word + " has no " + attribute);
    }

    /** The member with that number, or null: the number is not known here. */
    @Nullable Attribute known(int code) {
        for (Attribute member : members) {
            if (member.code() == code) {
                return member;
            }
        }
        return null;
    }
}
