package dst.protocol.trace;

import dst.protocol.Access;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Closing;
import dst.protocol.Device;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.Terms;
import dst.protocol.Unique;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Reads the fields of one record. The first thing that cannot be is kept as its fault; from then on everything reads as
 * nothing, so that a caller asks once, at the end.
 */
final class TraceCursor {
    private byte[] bytes = new byte[0];
    private int at;
    private int end;
    private String fault = "";

    /** Goes to a record, which is all that there is of these bytes. */
    void open(byte[] record, int length) {
        bytes = record;
        at = 0;
        end = length;
    }

    /** What cannot be, or empty. */
    String fault() {
        return fault;
    }

    boolean atEnd() {
        return at == end;
    }

    void fail(String what) {
        if (fault.isEmpty()) {
            fault = what;
        }
    }

    long number() {
        long value = 0;
        for (int shift = 0; shift < 64 && fault.isEmpty(); shift += 7) {
            if (at == end) {
                break;
            }
            byte next = bytes[at++];
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value >>> 1 ^ -(value & 1);
            }
        }
        fail("a number that does not end");
        return 0;
    }

    int integer() {
        long value = number();
        if (value != (int) value) {
            fail("the number " + value + " where a smaller one belongs");
            return 0;
        }
        return (int) value;
    }

    boolean flag() {
        return number() != 0;
    }

    String text() {
        int length = count();
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length && fault.isEmpty(); i++) {
            text.append((char) number());
        }
        return text.toString();
    }

    byte[] content() {
        int length = count();
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    ByteBuf buffer() {
        int length = count();
        at += length;
        return Unpooled.wrappedBuffer(bytes, at - length, length);
    }

    Unique unique() {
        return new Unique(number(), number());
    }

    Boot boot() {
        return new Boot(number(), unique());
    }

    BootCause bootCause() {
        return BootCause.of(integer());
    }

    Holder holder() {
        long epoch = number();
        Unique token = unique();
        long left = number();
        if (left < 0 || (left == 1 && !token.equals(Unique.NONE))) {
            fail("a holder of an epoch that has ended");
            left = 0;
        }
        return new Holder(epoch, token, left == 1, Math.max(0, left - 1));
    }

    Problem problem() {
        return Problem.of(integer());
    }

    Device device() {
        Unique identity = unique();
        long size = number();
        int blockSize = integer();
        Permission permission = permission();
        if (blockSize < 1 || Integer.bitCount(blockSize) != 1 || size < 0 || size % blockSize != 0) {
            fail("a device of " + size + " bytes in blocks of " + blockSize);
            return new Device(identity, 0, 1, permission);
        }
        return new Device(identity, size, blockSize, permission);
    }

    Terms terms() {
        int checksums = integer();
        int ciphers = integer();
        int features = integer();
        int keepalive = integer();
        int largest = integer();
        int transactions = integer();
        int inFlight = integer();
        if (keepalive < 1
                || largest < 1
                || inFlight < largest
                || transactions < 1
                || transactions > Terms.TRANSACTIONS_MAX) {
            fail("terms that cannot be");
            return Terms.DEFAULT;
        }
        return new Terms(checksums, ciphers, features, keepalive, largest, transactions, inFlight);
    }

    Export export() {
        String name = text();
        int disk = integer();
        long start = number();
        Device device = device();
        Terms terms = terms();
        boolean shared = flag();
        if (shared && device.permission().writes()) {
            fail("a shared export that can be written");
            shared = false;
        }
        return new Export(name, disk, start, device, terms, shared);
    }

    Access access() {
        int length = count();
        TreeMap<String, Permission> rules = new TreeMap<>();
        for (int i = 0; i < length && fault.isEmpty(); i++) {
            rules.put(text(), permission());
        }
        return new Access(rules);
    }

    Closing closing() {
        return new Closing(cause(), text(), text());
    }

    List<Range> ranges() {
        int length = count();
        List<Range> ranges = new ArrayList<>(length);
        for (int i = 0; i < length && fault.isEmpty(); i++) {
            ranges.add(new Range(number(), number()));
        }
        return List.copyOf(ranges);
    }

    private Permission permission() {
        int code = integer();
        return switch (code) {
            case 0 -> Permission.NONE;
            case 1 -> Permission.READ;
            case 2 -> Permission.WRITE;
            case 3 -> Permission.BOTH;
            default -> {
                fail("the permission " + code);
                yield Permission.NONE;
            }
        };
    }

    private Closing.Cause cause() {
        int code = integer();
        return switch (code) {
            case 1 -> Closing.Cause.PEER_WRONG;
            case 2 -> Closing.Cause.PEER_SILENT;
            case 3 -> Closing.Cause.REFUSED;
            case 4 -> Closing.Cause.SUPERSEDED;
            case 5 -> Closing.Cause.BOOT_ENDED;
            case 6 -> Closing.Cause.DONE;
            default -> {
                fail("the cause " + code);
                yield Closing.Cause.DONE;
            }
        };
    }

    /** R1: no more of anything than there are bytes left, since each takes at least one. */
    private int count() {
        int count = integer();
        if (count < 0 || count > end - at) {
            fail(count + " elements where " + (end - at) + " bytes are left");
            return 0;
        }
        return count;
    }
}
