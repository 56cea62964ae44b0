package dst.protocol.wire;

import dst.protocol.Agreement;
import dst.protocol.Boot;
import dst.protocol.Device;
import dst.protocol.Holder;
import dst.protocol.Terms;
import dst.protocol.Unique;
import java.nio.ByteBuffer;

/** Writes the attributes of a head, one behind the other. */
final class AttributeWriter {
    private final ByteBuffer head;

    private AttributeWriter(ByteBuffer head) {
        this.head = head;
    }

    /** Of this head, from the buffer's position on. */
    static AttributeWriter of(ByteBuffer head) {
        return new AttributeWriter(head);
    }

    AttributeWriter agreement(Agreement agreement) {
        int from = open(Attribute.AGREEMENT);
        number(Attribute.VERSION, agreement.version());
        terms(agreement.terms());
        device(agreement.device());
        return close(from);
    }

    AttributeWriter terms(Terms terms) {
        int from = open(Attribute.TERMS);
        bits(Attribute.CHECKSUMS, terms.checksums());
        bits(Attribute.CIPHERS, terms.ciphers());
        bits(Attribute.FEATURES, terms.features());
        number(Attribute.KEEPALIVE, terms.keepaliveMillis());
        number(Attribute.LARGEST_TRANSFER, terms.largestTransfer());
        number(Attribute.TRANSACTIONS, terms.transactionsMax());
        number(Attribute.BYTES, terms.bytesMax());
        return close(from);
    }

    private void device(Device device) {
        int from = open(Attribute.DEVICE);
        unique(Attribute.IDENTITY, device.identity());
        number(Attribute.SIZE, device.size());
        number(Attribute.BLOCK_SIZE, device.blockSize());
        number(Attribute.PERMISSION, device.permission().ordinal());
        close(from);
    }

    AttributeWriter boot(Boot boot) {
        int from = open(Attribute.BOOT);
        number(Attribute.COUNTER, boot.counter());
        unique(Attribute.NONCE, boot.nonce());
        return close(from);
    }

    AttributeWriter holder(Attribute attribute, Holder holder) {
        int from = open(attribute);
        number(Attribute.EPOCH, holder.epoch());
        unique(Attribute.TOKEN, holder.token());
        return close(from);
    }

    /** The number in as many bytes as the attribute's form has. */
    AttributeWriter number(Attribute attribute, long value) {
        int from = open(attribute);
        switch (attribute.form()) {
            case FLAG, BYTE -> head.put((byte) fitting(attribute, value, 0xFF));
            case SHORT -> head.putShort((short) fitting(attribute, value, 0xFFFF));
            case COUNT -> head.putInt((int) fitting(attribute, value, Integer.MAX_VALUE));
            case NUMBER -> head.putLong(fitting(attribute, value, Long.MAX_VALUE));
            case BITS, UNIQUE, NAME, TEXT, NESTED -> throw new IllegalArgumentException(attribute + " is not a number");
        }
        return close(from);
    }

    /** The flag only if it is set: that it is not sent means that it is not. */
    AttributeWriter flagIfSet(Attribute attribute, boolean value) {
        return value ? flag(attribute, true) : this;
    }

    /** The number only if it is not 0: that it is not sent means that it is. */
    AttributeWriter numberIfAny(Attribute attribute, long value) {
        return value != 0 ? number(attribute, value) : this;
    }

    private void bits(Attribute attribute, int bits) {
        int from = open(attribute);
        head.putInt(bits);
        close(from);
    }

    AttributeWriter flag(Attribute attribute, boolean value) {
        return number(attribute, value ? 1 : 0);
    }

    AttributeWriter unique(Attribute attribute, Unique unique) {
        int from = open(attribute);
        head.putLong(unique.high()).putLong(unique.low());
        return close(from);
    }

    AttributeWriter text(Attribute attribute, String text) {
        int from = open(attribute);
        head.put(attribute.form().bytes(text));
        return close(from);
    }

    /** Writes the type and leaves room for the length; returns where the value begins. */
    private int open(Attribute attribute) {
        head.putShort((short) (attribute.needed() ? attribute.code() | Attribute.REQUIRED : attribute.code()));
        head.putShort((short) 0);
        return head.position();
    }

    private AttributeWriter close(int from) {
        head.putShort(from - 2, (short) (head.position() - from));
        return this;
    }

    private static long fitting(Attribute attribute, long value, long largest) {
        if (value < 0 || value > largest) {
            throw new IllegalArgumentException(attribute + " cannot be " + value);
        }
        return value;
    }
}
