package dst.nbd.port;

/** So many bytes of the same kind. */
public record Extent(long length, boolean hole, boolean zero) {
    public Extent {
        if (length <= 0) {
            throw new IllegalArgumentException("an extent of " + length + " bytes");
        }
    }
}
