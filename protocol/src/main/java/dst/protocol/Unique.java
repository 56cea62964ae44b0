package dst.protocol;

/** 128 random bits, drawn by a host: a client's token, a device's identity, a boot's nonce. */
public record Unique(long high, long low) {
    public static final Unique NONE = new Unique(0, 0);

    /** As a record's own, which is slower: nonces and tokens are compared at every message. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Unique it && high == it.high && low == it.low;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(high * 31 + low);
    }

    @Override
    public String toString() {
        return Words.hex(high) + Words.hex(low);
    }
}
