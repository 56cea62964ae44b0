package dst.protocol.wire;

import org.jspecify.annotations.Nullable;

/** Which attributes belong together: in the head of a message, or nested in another attribute (H2). */
enum Group {
    HELLO(
            Attribute.EXPORT,
            Attribute.TOKEN,
            Attribute.SLOT,
            Attribute.GENERATION,
            Attribute.TERMS,
            Attribute.HELD,
            Attribute.KNOWN),
    WELCOME(Attribute.AGREEMENT, Attribute.BOOT, Attribute.CAUSE, Attribute.EPOCH, Attribute.OCCUPIED),
    REFUSE(Attribute.PROBLEM, Attribute.TEXT, Attribute.DURABLE),
    ATTACH(Attribute.AGREEMENT, Attribute.EPOCH, Attribute.JOINS),
    ATTACHED(Attribute.AGREEMENT, Attribute.HOLDER, Attribute.BOOT, Attribute.OWED),
    REPLAYED(Attribute.EPOCH, Attribute.BOOT),
    GOODBYE(Attribute.CLEAN, Attribute.COMMIT, Attribute.BOOT, Attribute.TEXT),

    TERMS(
            Attribute.CHECKSUMS,
            Attribute.CIPHERS,
            Attribute.FEATURES,
            Attribute.KEEPALIVE,
            Attribute.LARGEST_TRANSFER,
            Attribute.TRANSACTIONS,
            Attribute.BYTES),
    DEVICE(Attribute.IDENTITY, Attribute.SIZE, Attribute.BLOCK_SIZE, Attribute.PERMISSION),
    AGREEMENT(Attribute.VERSION, Attribute.TERMS, Attribute.DEVICE),
    BOOT(Attribute.COUNTER, Attribute.NONCE),
    HOLDER(Attribute.EPOCH, Attribute.TOKEN);

    private final Attribute[] members;

    Group(Attribute... members) {
        this.members = members;
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
        throw new IllegalArgumentException(this + " has no " + attribute);
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
