package dst.protocol;

/** Bytes of a device, from {@code offset} on. */
public record Range(long offset, long length) {
    public long end() {
        return offset + length;
    }

    public boolean overlaps(long otherOffset, long otherEnd) {
        return offset < otherEnd && otherOffset < end();
    }

    @Override
    public String toString() {
        return offset + "+" + length;
    }
}
