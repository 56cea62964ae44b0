package dst.protocol.referee;

import dst.protocol.trace.ByteSum;
import io.netty.buffer.ByteBuf;

/** Checksums of whole blocks: what a content is known by. */
final class BlockSums {
    static final int[] NONE = new int[0];

    /** Whoever watches cannot follow smaller ones one by one: there are too many of them. */
    private static final int SMALLEST = 64;

    private final ByteSum sum = new ByteSum();
    private int zeroBlockSize;
    private int zero;

    /** The block size of a device whose content is judged; otherwise 0: of that nothing is known. */
    static int followed(int blockSize) {
        return blockSize < SMALLEST ? 0 : blockSize;
    }

    /** One for each whole block of the buffer, if blocks of that size are followed. */
    int[] of(ByteBuf data, int blockSize) {
        if (followed(blockSize) == 0) {
            return NONE;
        }
        int count = data.readableBytes() / blockSize;
        int[] sums = new int[count];
        int index = data.readerIndex();
        for (int i = 0; i < count; i++) {
            sums[i] = sum.of(data, index + i * blockSize, blockSize);
        }
        return sums;
    }

    /** The same, where the checksum of all of it is known already. */
    int[] of(ByteBuf data, int blockSize, int whole) {
        return data.readableBytes() == blockSize ? new int[] {whole} : of(data, blockSize);
    }

    /** How many bytes of a block have a checksum of their own: enough to know it by, where no more of it is to be had. */
    static final int HEAD = 32;

    /** Of each whole block: the checksum of all of it above that of its first bytes. */
    long[] identities(ByteBuf data, int blockSize) {
        if (followed(blockSize) == 0) {
            return DiskOperation.NO_BLOCKS;
        }
        int count = data.readableBytes() / blockSize;
        long[] identities = new long[count];
        int index = data.readerIndex();
        for (int i = 0; i < count; i++) {
            int at = index + i * blockSize;
            identities[i] = identity(sum.of(data, at, blockSize), sum.of(data, at, Math.min(HEAD, blockSize)));
        }
        return identities;
    }

    static long identity(int whole, int head) {
        return (long) whole << 32 | (head & 0xffffffffL);
    }

    static int whole(long identity) {
        return (int) (identity >>> 32);
    }

    static int head(long identity) {
        return (int) identity;
    }

    /** Of a block of zeros. */
    long zeroIdentity(int blockSize) {
        return identity(zero(blockSize), head(new byte[Math.min(HEAD, blockSize)], HEAD));
    }

    /** Of the first bytes. */
    int head(byte[] block, int blockSize) {
        return sum.of(block, 0, Math.min(block.length, Math.min(HEAD, blockSize)));
    }

    int whole(byte[] block) {
        return sum.of(block);
    }

    int whole(ByteBuf data) {
        return sum.of(data);
    }

    /** Of a block of zeros. */
    int zero(int blockSize) {
        if (zeroBlockSize != blockSize) {
            zeroBlockSize = blockSize;
            zero = sum.of(new byte[blockSize]);
        }
        return zero;
    }
}
