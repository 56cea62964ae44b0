package dst.protocol.wire;

import dst.protocol.Agreement;
import dst.protocol.Boot;
import dst.protocol.Device;
import dst.protocol.Holder;
import dst.protocol.Terms;
import dst.protocol.Unique;
import java.nio.ByteBuffer;

/** Writes the messages whose heads are made of attributes. */
final class HandshakeWriter {
    /** No head of attributes is longer, whatever its texts. */
    static final int LONGEST_HEAD = 1536;

    private final ByteBuffer head;

    /** Writes from the buffer's position on. */
    HandshakeWriter(ByteBuffer head) {
        this.head = head;
    }

    void hello(Message.Hello hello) {
        text(Attribute.EXPORT, hello.export());
        unique(Attribute.TOKEN, hello.token());
        number(Attribute.SLOT, hello.slot());
        number(Attribute.GENERATION, hello.generation());
        terms(hello.offer());
        holder(Attribute.HELD, hello.held());
        unique(Attribute.KNOWN, hello.known());
    }

    void welcome(Message.Welcome welcome) {
        agreement(welcome.agreement());
        boot(welcome.boot());
        number(Attribute.CAUSE, welcome.cause().code());
        number(Attribute.EPOCH, welcome.epoch());
        if (welcome.occupied()) {
            flag(Attribute.OCCUPIED, true);
        }
    }

    void refuse(Message.Refuse refuse) {
        number(Attribute.PROBLEM, refuse.problem().code());
        text(Attribute.TEXT, refuse.text());
        if (refuse.commit() != 0) {
            number(Attribute.DURABLE, refuse.commit());
        }
    }

    void attach(Message.Attach attach) {
        agreement(attach.agreement());
        number(Attribute.EPOCH, attach.epoch());
        flag(Attribute.JOINS, attach.joins());
    }

    void attached(Message.Attached attached) {
        agreement(attached.agreement());
        holder(Attribute.HOLDER, attached.holder());
        boot(attached.boot());
        flag(Attribute.OWED, attached.owed());
    }

    void replayed(Message.Replayed replayed) {
        number(Attribute.EPOCH, replayed.epoch());
        boot(replayed.boot());
    }

    void goodbye(Message.Goodbye goodbye) {
        flag(Attribute.CLEAN, goodbye.clean());
        number(Attribute.COMMIT, goodbye.commit());
        boot(goodbye.boot());
        text(Attribute.TEXT, goodbye.text());
    }

    private void agreement(Agreement agreement) {
        int from = open(Attribute.AGREEMENT);
        number(Attribute.VERSION, agreement.version());
        terms(agreement.terms());
        device(agreement.device());
        close(from);
    }

    private void terms(Terms terms) {
        int from = open(Attribute.TERMS);
        bits(Attribute.CHECKSUMS, terms.checksums());
        bits(Attribute.CIPHERS, terms.ciphers());
        bits(Attribute.FEATURES, terms.features());
        number(Attribute.KEEPALIVE, terms.keepaliveMillis());
        number(Attribute.LARGEST_TRANSFER, terms.largestTransfer());
        number(Attribute.TRANSACTIONS, terms.transactionsMax());
        number(Attribute.BYTES, terms.bytesMax());
        close(from);
    }

    private void device(Device device) {
        int from = open(Attribute.DEVICE);
        unique(Attribute.IDENTITY, device.identity());
        number(Attribute.SIZE, device.size());
        number(Attribute.BLOCK_SIZE, device.blockSize());
        number(Attribute.PERMISSION, device.permission().ordinal());
        close(from);
    }

    private void boot(Boot boot) {
        int from = open(Attribute.BOOT);
        number(Attribute.COUNTER, boot.counter());
        unique(Attribute.NONCE, boot.nonce());
        close(from);
    }

    private void holder(Attribute attribute, Holder holder) {
        int from = open(attribute);
        number(Attribute.EPOCH, holder.epoch());
        unique(Attribute.TOKEN, holder.token());
        close(from);
    }

    /** The number in as many bytes as the attribute's form has. */
    private void number(Attribute attribute, long value) {
        int from = open(attribute);
        switch (attribute.form()) {
            case FLAG, BYTE -> head.put((byte) fitting(attribute, value, 0xFF));
            case SHORT -> head.putShort((short) fitting(attribute, value, 0xFFFF));
            case COUNT -> head.putInt((int) fitting(attribute, value, Integer.MAX_VALUE));
            case NUMBER -> head.putLong(fitting(attribute, value, Long.MAX_VALUE));
            case BITS, UNIQUE, NAME, TEXT, NESTED -> throw new IllegalArgumentException(attribute + " is not a number");
        }
        close(from);
    }

    private void bits(Attribute attribute, int bits) {
        int from = open(attribute);
        head.putInt(bits);
        close(from);
    }

    private void flag(Attribute attribute, boolean value) {
        number(attribute, value ? 1 : 0);
    }

    private void unique(Attribute attribute, Unique unique) {
        int from = open(attribute);
        head.putLong(unique.high()).putLong(unique.low());
        close(from);
    }

    private void text(Attribute attribute, String text) {
        int from = open(attribute);
        head.put(attribute.form().bytes(text));
        close(from);
    }

    /** Writes the type and leaves room for the length; returns where the value begins. */
    private int open(Attribute attribute) {
        head.putShort((short) (attribute.needed() ? attribute.code() | Attribute.REQUIRED : attribute.code()));
        head.putShort((short) 0);
        return head.position();
    }

    private void close(int from) {
        head.putShort(from - 2, (short) (head.position() - from));
    }

    private static long fitting(Attribute attribute, long value, long largest) {
        if (value < 0 || value > largest) {
            throw new IllegalArgumentException(attribute + " cannot be " + value);
        }
        return value;
    }
}
