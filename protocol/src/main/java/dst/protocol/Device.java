package dst.protocol;

/** What a server states about an export at every link (H3, H6). */
public record Device(Unique identity, long size, int blockSize, Permission permission) {
    public Device {
        if (blockSize < 1 || Integer.bitCount(blockSize) != 1) {
            throw new IllegalArgumentException("a block size is a power of two, not " + blockSize);
        }
        if (size < 0 || size % blockSize != 0) {
            throw new IllegalArgumentException("size " + size + " is not a whole number of blocks of " + blockSize);
        }
    }
}
