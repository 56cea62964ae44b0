package dst.protocol.hostile;

import dst.protocol.Agreement;
import dst.protocol.Boot;
import dst.protocol.Device;
import dst.protocol.Holder;
import dst.protocol.Terms;
import dst.protocol.Unique;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the heads that are made of attributes, at each depth now and then one that is missing, there twice, unknown, too long or
 * too short, or with a value at an edge (H2).
 */
final class Attributes {
    private static final int REQUIRED = 0x8000;
    private static final int MOST_UNKNOWN = 600;

    private final ByteBuffer bytes;
    private final Odds odds;

    /** Whether the device is the one that is known, in no earlier boot, whatever else is odd. */
    boolean deviceIsExact;

    Attributes(ByteBuffer bytes, Odds odds) {
        this.bytes = bytes;
        this.odds = odds;
    }

    void flag(int code, boolean usual) {
        int from = open(code);
        bytes.put((byte) odds.number(usual ? 1 : 0));
        close(from);
    }

    void byteOf(int code, int usual) {
        int from = open(code);
        bytes.put((byte) odds.number(usual));
        close(from);
    }

    void shortOf(int code, int usual) {
        int from = open(code);
        bytes.putShort(odds.small(usual));
        close(from);
    }

    /** With a value that has to be this one, whatever else is odd. */
    void exactly(int code, int value) {
        int from = open(code);
        bytes.putShort((short) value);
        close(from);
    }

    void count(int code, int usual) {
        int from = open(code);
        bytes.putInt(odds.count(usual));
        close(from);
    }

    void number(int code, long usual) {
        int from = open(code);
        bytes.putLong(odds.number(usual));
        close(from);
    }

    void unique(int code, Unique usual) {
        int from = open(code);
        bytes.putLong(odds.number(usual.high())).putLong(odds.number(usual.low()));
        close(from);
    }

    /** A name or a text; an odd one is longer than allowed, or no UTF-8. */
    void text(int code, String usual) {
        int from = open(code);
        bytes.put(usual.getBytes(StandardCharsets.UTF_8));
        if (odds.odd()) {
            byte[] more = new byte[odds.below(1100)];
            Arrays.fill(more, (byte) (odds.chance(1, 2) ? 'x' : 0xC0));
            bytes.put(more);
        }
        close(from);
    }

    void terms(Terms terms) {
        int from = open(0x10);
        count(0x11, terms.checksums());
        count(0x12, terms.ciphers());
        count(0x13, terms.features());
        count(0x14, terms.keepaliveMillis());
        count(0x15, terms.largestTransfer());
        count(0x16, terms.transactionsMax());
        count(0x17, terms.bytesMax());
        close(from);
    }

    void device(Device device) {
        int from = open(0x20);
        identity(device.identity());
        number(0x22, device.size());
        count(0x23, device.blockSize());
        byteOf(0x24, device.permission().ordinal());
        close(from);
    }

    private void identity(Unique identity) {
        int from = open(0x21);
        boolean other = !deviceIsExact && odds.odd();
        bytes.putLong(identity.high()).putLong(other ? odds.next() : identity.low());
        close(from);
    }

    void agreement(Agreement agreement) {
        int from = open(0x30);
        // Any order will do.
        boolean deviceFirst = odds.chance(1, 4);
        if (deviceFirst) {
            device(agreement.device());
        }
        shortOf(0x07, agreement.version());
        terms(agreement.terms());
        if (!deviceFirst) {
            device(agreement.device());
        }
        close(from);
    }

    void boot(Boot boot) {
        int from = open(0x38);
        int counter = open(0x39);
        long odd = odds.number(boot.counter());
        bytes.putLong(deviceIsExact && odd >= 0 ? Math.max(odd, boot.counter()) : odd);
        close(counter);
        unique(0x3A, boot.nonce());
        close(from);
    }

    void holder(int code, Holder holder) {
        int from = open(code);
        number(0x06, holder.epoch());
        unique(0x02, holder.token());
        close(from);
    }

    private int open(int code) {
        if (odds.odd()) {
            unknown();
        }
        bytes.putShort((short) (odds.odd() ? code : code | REQUIRED)).putShort((short) 0);
        return bytes.position();
    }

    private void close(int from) {
        if (!odds.odd()) {
            bytes.putShort(from - 2, (short) (bytes.position() - from));
            return;
        }
        int length = bytes.position() - from;
        switch (odds.below(7)) {
            case 0 -> bytes.position(from - 4);
            case 1 -> {
                bytes.putShort(from - 2, (short) length);
                bytes.put(bytes.array(), from - 4, length + 4);
            }
            case 2 -> bytes.putShort(from - 2, odds.small((int) odds.next()));
            case 3 -> bytes.putShort(from - 2, (short) -1);
            case 4 -> {
                bytes.position(from + odds.below(length + 1));
                bytes.putShort(from - 2, (short) (bytes.position() - from));
            }
            case 5 -> {
                bytes.putLong(odds.next());
                bytes.putShort(from - 2, (short) (bytes.position() - from));
            }
            default -> bytes.putShort(from - 2, (short) (length - 1));
        }
    }

    /** Something of a newer program, or of none. */
    private void unknown() {
        int code = 0x42 + odds.below(0x7F00);
        int length = odds.chance(1, 8) ? odds.below(MOST_UNKNOWN) : odds.below(20);
        bytes.putShort((short) (odds.chance(1, 3) ? code | REQUIRED : code)).putShort((short) length);
        bytes.put(new byte[length]);
    }
}
