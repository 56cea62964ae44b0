package dst.realnode.disk;

import dst.protocol.trace.Tap;
import dst.realnode.disk.RealDisk.Shape;
import dst.realnode.net.Address;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Opens disks. A disk that is open is this process's alone, and its cache was forgotten. */
public final class Disks {
    static final int USUAL_BLOCK = 512;

    /** A size that is no whole number of usual blocks is one of smaller ones, down to single bytes. */
    static int usualBlock(long size) {
        return size == 0 ? USUAL_BLOCK : (int) Math.min(USUAL_BLOCK, Long.lowestOneBit(size));
    }

    /**
     * How to open a disk.
     *
     * @param memory where reads go to: a pool of direct buffers
     * @param blockSize 0: what is usual, 512 for a file, or less if its size wants it, and the logical sector of a block device
     * @param direct past the page cache, which block devices always are
     * @param state the folder of what is durable beside the disk; usually {@code PATH.dst}
     * @param adopted the identity that is given up: the disk that is there becomes another device, whatever it was
     * @param watched who sees what the machines do that it takes to use the disk
     */
    public record Options(
            ByteBufAllocator memory,
            int blockSize,
            boolean readOnly,
            boolean direct,
            Optional<Path> state,
            Optional<String> adopted,
            Watched watched) {
        public Options {
            if (blockSize < 0 || blockSize > 1 << 20 || Integer.bitCount(blockSize) > 1) {
                throw new IllegalArgumentException(
                        "a block size is a power of two up to 1 MiB, such as 512 or 4096, not " + blockSize);
            }
        }

        public static Options usual(ByteBufAllocator memory) {
            return new Options(memory, 0, false, false, Optional.empty(), Optional.empty(), Watched.BY_NOBODY);
        }

        public Options withBlockSize(int size) {
            return new Options(memory, size, readOnly, direct, state, adopted, watched);
        }

        public Options asReadOnly() {
            return new Options(memory, blockSize, true, direct, state, adopted, watched);
        }

        public Options asDirect() {
            return new Options(memory, blockSize, readOnly, true, state, adopted, watched);
        }

        public Options withState(Path folder) {
            return new Options(memory, blockSize, readOnly, direct, Optional.of(folder), adopted, watched);
        }

        public Options watchedBy(Watched others) {
            return new Options(memory, blockSize, readOnly, direct, state, adopted, others);
        }

        public Options adopting(String identity) {
            return new Options(memory, blockSize, readOnly, direct, state, Optional.of(identity), watched);
        }
    }

    /** Who sees what machines do, each of which has a number that no other one on this node has. */
    public record Watched(Tap tap, LongSupplier numbers) {
        static final Watched BY_NOBODY = new Watched(Tap.BLIND, () -> 0);
    }

    private Disks() {}

    /**
     * Opens {@code data.img}, {@code /dev/sdb}, {@code memory:1GiB}, {@code sparse:PATH:10GiB} (made if it is missing) or
     * {@code volatile:PATH} (a {@link VolatileDisk}), {@code nbd://HOST:PORT/EXPORT} or {@code nbd+unix:///EXPORT?socket=PATH} (an
     * {@link NbdDisk}).
     *
     * @throws IOException if it cannot; the message says what, where, and what to do
     */
    public static RealDisk open(String source, Options options) throws IOException {
        Source parsed;
        try {
            parsed = Source.parse(source);
        } catch (IllegalArgumentException wrong) {
            throw new IOException(wrong.getMessage(), wrong);
        }
        return switch (parsed) {
            case Source.Memory(long size) -> memory(source, size, options);
            case Source.Existing(Path path) -> new Opening(Native.LINUX, path, options).open(source);
            case Source.Sparse(Path path, long size) ->
                new Opening(Native.LINUX, path, options).openOrCreate(source, size);
            case Source.Volatile(Path path) ->
                new VolatileDisk(source, new Opening(Native.LINUX, path, options).open(source), options.memory());
            case Source.Nbd(Address address, String export) -> NbdDisk.open(source, address, export, options);
        };
    }

    private static RealDisk memory(String source, long size, Options options) throws IOException {
        int blockSize = options.blockSize() == 0 ? usualBlock(size) : options.blockSize();
        if (size == 0 || size % blockSize != 0) {
            throw new IOException(source + ": " + size + " bytes are not a whole number of blocks of " + blockSize);
        }
        return new MemoryDisk(new Shape(source, size, blockSize, options.readOnly()), options.memory());
    }
}
