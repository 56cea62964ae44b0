package dst.protocol;

/**
 * One life of a disk's volatile cache. It belongs to the disk, and a new one begins whenever unflushed writes may have been
 * lost; the counter is durable and rises, the nonce is drawn anew.
 */
public record Boot(long counter, Unique nonce) {
    public static final Boot NONE = new Boot(0, Unique.NONE);

    @Override
    public String toString() {
        return "boot " + counter + "/" + Words.hex(nonce.low()).substring(8);
    }
}
