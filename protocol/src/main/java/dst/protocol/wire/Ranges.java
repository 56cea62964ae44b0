package dst.protocol.wire;

import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.Terms;
import dst.protocol.wire.Decoded.Wrong;
import org.jspecify.annotations.Nullable;

/** Which values, each of its form, make no sense: what the vocabulary asserts is checked here first, as the peer's word (H3). */
final class Ranges {
    private static final Permission[] PERMISSIONS = Permission.values();

    private Ranges() {}

    /** What is wrong with the values of the group, or null. */
    static @Nullable Wrong wrong(Group group, Fields fields) {
        return group == Group.TERMS ? terms(fields) : group == Group.DEVICE ? device(fields) : null;
    }

    static Permission permission(int code) {
        return PERMISSIONS[code];
    }

    private static @Nullable Wrong terms(Fields fields) {
        if (fields.intOf(Attribute.KEEPALIVE) < 1) {
            return wrong(fields, Attribute.KEEPALIVE, "is 0");
        }
        int largestTransfer = fields.intOf(Attribute.LARGEST_TRANSFER);
        if (largestTransfer < 1) {
            return wrong(fields, Attribute.LARGEST_TRANSFER, "is 0");
        }
        int transactions = fields.intOf(Attribute.TRANSACTIONS);
        if (transactions < 1 || transactions > Terms.TRANSACTIONS_MAX) {
            return wrong(
                    fields,
                    Attribute.TRANSACTIONS,
                    "is " + transactions + ", not between 1 and " + Terms.TRANSACTIONS_MAX);
        }
        int bytes = fields.intOf(Attribute.BYTES);
        return bytes >= largestTransfer
                ? null
                : wrong(
                        fields,
                        Attribute.BYTES,
                        "is " + bytes + ", less than one largest transfer of " + largestTransfer);
    }

    private static @Nullable Wrong device(Fields fields) {
        int blockSize = fields.intOf(Attribute.BLOCK_SIZE);
        if (Integer.bitCount(blockSize) != 1) {
            return wrong(fields, Attribute.BLOCK_SIZE, "is " + blockSize + ", not a power of two");
        }
        long size = fields.number(Attribute.SIZE);
        if (size % blockSize != 0) {
            return wrong(fields, Attribute.SIZE, "is " + size + ", not a whole number of blocks of " + blockSize);
        }
        int permission = fields.byteOf(Attribute.PERMISSION);
        return permission < PERMISSIONS.length
                ? null
                : wrong(fields, Attribute.PERMISSION, "is " + permission + ", which names none");
    }

    private static Wrong wrong(Fields fields, Attribute attribute, String text) {
        return new Wrong("H3", Problem.MALFORMED, fields.path(attribute) + " " + text);
    }
}
