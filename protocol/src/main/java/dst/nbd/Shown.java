package dst.nbd;

import dst.nbd.port.NbdExport;
import dst.protocol.Device;
import dst.protocol.Permission;
import dst.protocol.StateDigest;
import dst.protocol.Unique;
import org.jspecify.annotations.Nullable;

/** What a server has told of its export. What is not told is as the document has it: any offset will do, and 32 MiB. */
final class Shown {
    private static final int PREFERRED = 4096;
    private static final int MINIMUM_MAX = 1 << 16;
    private static final int PREFERRED_MAX = 32 << 20;

    private final String name;
    private long size = -1;
    private int flags;
    private int minimum = 1;
    private int preferred = PREFERRED;
    private int largest = Nbd.PAYLOAD_MAX;

    Shown(String name) {
        this.name = name;
    }

    boolean isThere() {
        return size >= 0;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** What is wrong with it; null if nothing is. Of what is not known here nothing is believed. */
    @Nullable String tell(int kind, Fields fields) {
        return switch (kind) {
            case Nbd.INFO_EXPORT ->
                fields.left() != 10
                        ? "an export told in " + fields.left() + " bytes"
                        : exported(fields.large(), fields.small());
            case Nbd.INFO_BLOCK_SIZE ->
                fields.left() != 12
                        ? "block sizes told in " + fields.left() + " bytes"
                        : blocks(fields.number(), fields.number(), fields.number());
            default -> null;
        };
    }

    @Nullable String exported(long bytes, int all) {
        size = bytes;
        flags = (all & Nbd.HAS_FLAGS) != 0 ? all & 0xFFFF : 0;
        return bytes < 0 ? "an export of " + bytes + " bytes" : null;
    }

    private @Nullable String blocks(int least, int best, int most) {
        // The largest may be all ones: no limit.
        long limit = Math.min(most & 0xFFFF_FFFFL, Nbd.PAYLOAD_MAX);
        boolean powers = least > 0 && best > 0 && Integer.bitCount(least) == 1 && Integer.bitCount(best) == 1;
        if (!powers || least > MINIMUM_MAX || least > best || best > PREFERRED_MAX || limit < least) {
            return "blocks of " + least + ", preferred " + best + ", at most " + most;
        }
        minimum = least;
        largest = (int) limit & -least;
        preferred = Math.min(best, Integer.highestOneBit(largest));
        return null;
    }

    /** What is behind the last whole block nobody can ask for. */
    NbdExport export(boolean maps) {
        Permission permission = has(Nbd.READ_ONLY) ? Permission.READ : Permission.BOTH;
        Device device = new Device(Unique.NONE, size & -(long) minimum, minimum, permission);
        int features = (has(Nbd.SEND_FUA) ? NbdExport.FUA : 0)
                | (has(Command.TRIM.offer.flag()) ? NbdExport.TRIM : 0)
                | (has(Command.WRITE_ZEROES.offer.flag()) ? NbdExport.ZERO : 0)
                | (has(Nbd.CAN_MULTI_CONN) ? NbdExport.MULTI : 0)
                | (has(Command.FLUSH.offer.flag()) ? NbdExport.FLUSH : 0)
                | (maps ? NbdExport.MAP : 0);
        return new NbdExport(name, "", device, minimum, preferred, largest, features);
    }

    void digest(StateDigest digest) {
        digest.add(name).add(size).add(flags).add(minimum).add(preferred).add(largest);
    }
}
