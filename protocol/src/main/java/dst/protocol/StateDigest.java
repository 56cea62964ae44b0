package dst.protocol;

import io.netty.buffer.ByteBuf;

/** Folds a machine's state into one number, in the order in which it is told. */
public final class StateDigest {
    private long value = 0x6A09E667F3BCC909L;

    public StateDigest add(long number) {
        value = Prng.mix(value * 31 + number);
        return this;
    }

    public StateDigest add(boolean flag) {
        return add(flag ? 1 : 2);
    }

    public StateDigest add(String text) {
        return add(Prng.hash(text.length(), text));
    }

    public StateDigest add(Unique unique) {
        return add(unique.high()).add(unique.low());
    }

    public StateDigest add(Holder holder) {
        return add(holder.epoch()).add(holder.token()).add(holder.clean());
    }

    /** The readable bytes, in however many pieces they lie. */
    public StateDigest add(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        add(end - at);
        for (; end - at >= Long.BYTES; at += Long.BYTES) {
            add(bytes.getLong(at));
        }
        for (; at < end; at++) {
            add(bytes.getByte(at));
        }
        return this;
    }

    public StateDigest add(Boot boot) {
        return add(boot.counter()).add(boot.nonce());
    }

    public long value() {
        return value;
    }
}
