package dst.protocol;

import io.netty.buffer.ByteBuf;

/** Folds a machine's state into one number, in the order in which it is told. */
public final class StateDigest {
    private static final long FNV_BASIS = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;

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

    public StateDigest add(Boot boot) {
        return add(boot.counter()).add(boot.nonce());
    }

    public StateDigest add(Holder holder) {
        return add(holder.epoch()).add(holder.token()).add(holder.clean()).add(holder.flushedIn());
    }

    public StateDigest add(Terms terms) {
        return add(terms.checksums())
                .add(terms.ciphers())
                .add(terms.features())
                .add(terms.keepaliveMillis())
                .add(terms.largestTransfer())
                .add(terms.transactionsMax())
                .add(terms.bytesMax());
    }

    public StateDigest add(Device device) {
        return add(device.identity())
                .add(device.size())
                .add(device.blockSize())
                .add(device.permission().ordinal());
    }

    public StateDigest add(Agreement agreement) {
        return add(agreement.version()).add(agreement.terms()).add(agreement.device());
    }

    /** The readable bytes of the buffers one after the other: in which pieces they lie decides nothing. */
    public StateDigest add(Iterable<ByteBuf> buffers) {
        long sum = FNV_BASIS;
        long length = 0;
        for (ByteBuf bytes : buffers) {
            for (int at = bytes.readerIndex(); at < bytes.writerIndex(); at++) {
                sum = (sum ^ (bytes.getByte(at) & 0xFF)) * FNV_PRIME;
            }
            length += bytes.readableBytes();
        }
        return add(length).add(sum);
    }

    public long value() {
        return value;
    }
}
