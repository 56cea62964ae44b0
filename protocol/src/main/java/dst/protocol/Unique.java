package dst.protocol;

/** 128 random bits, drawn by a host: a client's token, a device's identity, a boot's nonce. */
public record Unique(long high, long low) {
    public static final Unique NONE = new Unique(0, 0);

    @Override
    public String toString() {
        return Words.hex(high) + Words.hex(low);
    }
}
