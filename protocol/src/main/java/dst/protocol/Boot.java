package dst.protocol;

/**
 * One life of a disk's volatile cache. It belongs to the disk, and a new one begins whenever unflushed writes may have been
 * lost; the counter is durable and rises, the nonce is drawn anew.
 */
public record Boot(long counter, Unique nonce) {
    public static final Boot NONE = new Boot(0, Unique.NONE);

    /** As a record's own, which is slower: it is compared at every message and every request. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Boot it && counter == it.counter && nonce.equals(it.nonce);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(counter) * 31 + nonce.hashCode();
    }

    @Override
    public String toString() {
        return "boot " + counter + "/" + Words.hex(nonce.low()).substring(8);
    }
}
