package dst.nbd.port;

import dst.protocol.Device;

/**
 * An export as NBD shows it.
 *
 * @param minimumBlock offsets and lengths are whole multiples of it; 1: any will do
 * @param preferredBlock smaller ones are slower
 * @param largestTransfer of one READ or WRITE
 * @param features what it can do beside READ, WRITE and FLUSH
 */
public record NbdExport(
        String name,
        String description,
        Device device,
        int minimumBlock,
        int preferredBlock,
        int largestTransfer,
        int features) {
    public static final int FUA = 1;
    public static final int TRIM = 2;
    public static final int ZERO = 4;
    /** It knows where nothing is allocated. */
    public static final int MAP = 8;
    /** A FLUSH on one connection covers what was answered on all. */
    public static final int MULTI = 16;
    /** It knows FLUSH. A server says so of each export, whatever is said here: it has no other ones. */
    public static final int FLUSH = 32;

    public NbdExport {
        if (minimumBlock < 1 || Integer.bitCount(minimumBlock) != 1 || minimumBlock > preferredBlock) {
            throw new IllegalArgumentException("blocks of " + minimumBlock + ", preferred " + preferredBlock);
        }
        if (Integer.bitCount(preferredBlock) != 1 || largestTransfer < preferredBlock) {
            throw new IllegalArgumentException("blocks of " + preferredBlock + ", at most " + largestTransfer);
        }
    }

    /** Every one of these, of which there may be none. */
    public boolean hasAll(int of) {
        return (features & of) == of;
    }

    public boolean has(int feature) {
        return (features & feature) != 0;
    }
}
