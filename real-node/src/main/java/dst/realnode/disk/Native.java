package dst.realnode.disk;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What Java lacks of the kernel's calls. Each gives what the kernel gives, or an error as a negative number ({@link Errno}); a call
 * that a signal interrupted is made again. All go through the C library's {@code syscall}, so there is one handle to link.
 */
class Native {
    static final Native LINUX = new Native();

    // The flags and commands that are the same on every processor.
    static final int READ_ONLY = 0;
    static final int READ_WRITE = 2;
    static final int CREATE = 0x40;
    static final int EXCLUSIVE = 0x80;
    static final int DATA_SYNC = 0x02;
    static final int NO_WAIT = 0x08;
    static final int KEEP_SIZE = 1;
    static final int PUNCH_HOLE = 2;
    static final int ZERO_RANGE = 16;
    static final int SEEK_END = 2;
    static final int SEEK_DATA = 3;
    static final int SEEK_HOLE = 4;
    static final long GET_SIZE = 0x80081272L;
    static final long GET_SECTOR = 0x1268L;
    static final long DISCARD = 0x1277L;
    static final long ZERO_OUT = 0x127FL;
    static final long TMPFS = 0x01021994L;

    private static final int EMPTY_PATH = 0x1000;
    private static final int STATUS_WANTED = 0xFFF;

    private static final int AT_CURRENT_DIRECTORY = -100;
    private static final int CLOSE_ON_EXEC = 0x80000;
    private static final int OPEN_LOCK = 37;
    private static final int DO_NOT_NEED = 4;
    private static final int READ_LOCK = 0;
    private static final int WRITE_LOCK = 1;
    private static final int PRIVATE_ANONYMOUS_UNRESERVED = 0x02 | 0x20 | 0x4000;
    private static final int READABLE_WRITABLE = 1 | 2;
    private static final int MAY_MOVE = 1;

    private static final Numbers CALLS = Numbers.ofThisMachine();

    @SuppressWarnings("restricted")
    private static final MethodHandle SYSCALL = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                    Linker.Option.captureCallState("errno"));

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    /** This thread's memory for what a call points at. */
    private static final class Scratch {
        final Arena arena = Arena.ofAuto();
        final MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
        final MemorySegment small = arena.allocate(256, 16);
    }

    int directFlag() {
        return CALLS.direct;
    }

    long open(Path path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path.toString());
            return call(CALLS.openat, AT_CURRENT_DIRECTORY, name.address(), flags | CLOSE_ON_EXEC, 0600, 0, 0);
        }
    }

    long close(int file) {
        return call(CALLS.close, file, 0, 0, 0, 0, 0);
    }

    long read(int file, long address, long length, long offset, int flags) {
        if (flags == 0) {
            return call(CALLS.pread, file, address, length, offset, 0, 0);
        }
        return call(CALLS.preadv2, file, vector(address, length), 1, offset, 0, flags);
    }

    long write(int file, long address, long length, long offset, int flags) {
        if (flags == 0) {
            return call(CALLS.pwrite, file, address, length, offset, 0, 0);
        }
        return call(CALLS.pwritev2, file, vector(address, length), 1, offset, 0, flags);
    }

    /** Writes what a vector of addresses and lengths points at. */
    long gather(int file, MemorySegment vector, int pieces, long offset) {
        return call(CALLS.pwritev2, file, vector.address(), pieces, offset, 0, 0);
    }

    /** Syncs what is known of the file too: its times, its attributes. */
    long sync(int file) {
        return call(CALLS.fsync, file, 0, 0, 0, 0, 0);
    }

    long dataSync(int file) {
        return call(CALLS.fdatasync, file, 0, 0, 0, 0, 0);
    }

    long truncate(int file, long size) {
        return call(CALLS.ftruncate, file, size, 0, 0, 0, 0);
    }

    long allocate(int file, int mode, long offset, long length) {
        return call(CALLS.fallocate, file, mode, offset, length, 0, 0);
    }

    long seek(int file, long offset, int whence) {
        return call(CALLS.lseek, file, offset, whence, 0, 0, 0);
    }

    /** Drops what the page cache holds of a file and what is clean. */
    long dropCache(int file) {
        return call(CALLS.fadvise, file, 0, 0, DO_NOT_NEED, 0, 0);
    }

    /** How many pages of the file are in the page cache. */
    long cachedPages(int file) {
        MemorySegment small = SCRATCH.get().small;
        small.set(JAVA_LONG, 0, 0L);
        small.set(JAVA_LONG, 8, 0L);
        long failed = call(CALLS.cachestat, file, small.address(), small.address() + 16, 0, 0, 0);
        return failed < 0 ? failed : small.get(JAVA_LONG, 16);
    }

    /** Null if the kernel does not tell. */
    @Nullable FileStatus status(int file) {
        return status(file, "", EMPTY_PATH);
    }

    /** Of what has this name now; null also if nothing has. */
    @Nullable FileStatus status(Path path) {
        return status(AT_CURRENT_DIRECTORY, path.toString(), 0);
    }

    private static @Nullable FileStatus status(int from, String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path);
            MemorySegment told = arena.allocate(256, 16);
            long failed = call(CALLS.statx, from, name.address(), flags, STATUS_WANTED, told.address(), 0);
            return failed < 0 ? null : FileStatus.of(told);
        }
    }

    /** The bytes of an extended attribute, as many as there is room for. */
    long attribute(int file, String name, MemorySegment value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment named = arena.allocateFrom(name);
            return call(CALLS.fgetxattr, file, named.address(), value.address(), value.byteSize(), 0, 0);
        }
    }

    long setAttribute(int file, String name, MemorySegment value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment named = arena.allocateFrom(name);
            return call(CALLS.fsetxattr, file, named.address(), value.address(), value.byteSize(), 0, 0);
        }
    }

    /** The magic number of the file system. */
    long fileSystem(int file) {
        MemorySegment small = SCRATCH.get().small;
        long failed = call(CALLS.fstatfs, file, small.address(), 0, 0, 0, 0);
        return failed < 0 ? failed : small.get(JAVA_LONG, 0);
    }

    /** Asks a block device for a number of four or eight bytes. */
    long ask(int file, long command, int bytes) {
        MemorySegment small = SCRATCH.get().small;
        small.set(JAVA_LONG, 0, 0L);
        long failed = call(CALLS.ioctl, file, command, small.address(), 0, 0, 0);
        return failed < 0 ? failed : bytes == 4 ? small.get(JAVA_INT, 0) : small.get(JAVA_LONG, 0);
    }

    /** Discards or zeroes a range of a block device. */
    long tell(int file, long command, long offset, long length) {
        MemorySegment small = SCRATCH.get().small;
        small.set(JAVA_LONG, 0, offset);
        small.set(JAVA_LONG, 8, length);
        return call(CALLS.ioctl, file, command, small.address(), 0, 0, 0);
    }

    /** Locks the whole file for this open description, or fails at once. */
    long lock(int file, boolean shared) {
        MemorySegment small = SCRATCH.get().small;
        small.asSlice(0, 32).fill((byte) 0);
        small.set(JAVA_SHORT, 0, (short) (shared ? READ_LOCK : WRITE_LOCK));
        return call(CALLS.fcntl, file, OPEN_LOCK, small.address(), 0, 0, 0);
    }

    /** The address of so much zeroed memory that costs nothing until it is touched. */
    long map(long size) {
        return call(CALLS.mmap, 0, size, READABLE_WRITABLE, PRIVATE_ANONYMOUS_UNRESERVED, -1, 0);
    }

    /** The same memory with another size, wherever there is room for it; more of it is zeroed. */
    long remap(long address, long size, long newSize) {
        return call(CALLS.mremap, address, size, newSize, MAY_MOVE, 0, 0);
    }

    long unmap(long address, long size) {
        return call(CALLS.munmap, address, size, 0, 0, 0, 0);
    }

    /** Gives whole pages of a mapping back; they read as zeros. */
    long giveBack(long address, long length) {
        return call(CALLS.madvise, address, length, DO_NOT_NEED, 0, 0, 0);
    }

    private static long vector(long address, long length) {
        MemorySegment small = SCRATCH.get().small;
        small.set(JAVA_LONG, 0, address);
        small.set(JAVA_LONG, 8, length);
        return small.address();
    }

    private static long call(int number, long a, long b, long c, long d, long e, long f) {
        MemorySegment errno = SCRATCH.get().errno;
        while (true) {
            long result;
            try {
                result = (long) SYSCALL.invokeExact(errno, (long) number, a, b, c, d, e, f);
            } catch (Throwable impossible) {
                throw new AssertionError(impossible);
            }
            if (result != -1) {
                return result;
            }
            int error = errno.get(JAVA_INT, 0);
            if (error != Errno.INTERRUPTED) {
                return -error;
            }
        }
    }

    /** The numbers of the calls, and of O_DIRECT: they depend on the processor. */
    private record Numbers(
            int pread,
            int pwrite,
            int preadv2,
            int pwritev2,
            int fdatasync,
            int ftruncate,
            int fallocate,
            int ioctl,
            int fadvise,
            int openat,
            int close,
            int lseek,
            int fcntl,
            int mmap,
            int munmap,
            int mremap,
            int madvise,
            int fstatfs,
            int cachestat,
            int fsync,
            int statx,
            int fgetxattr,
            int fsetxattr,
            int direct) {
        static Numbers ofThisMachine() {
            String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
            return switch (machine) {
                case "Linux amd64" ->
                    new Numbers(
                            17, 18, 327, 328, 75, 77, 285, 16, 221, 257, 3, 8, 72, 9, 11, 25, 28, 138, 451, 74, 332,
                            193, 190, 0x4000);
                case "Linux aarch64" ->
                    new Numbers(
                            67, 68, 286, 287, 83, 46, 47, 29, 223, 56, 57, 62, 25, 222, 215, 216, 233, 44, 451, 82, 291,
                            10, 7, 0x10000);
                default ->
                    throw new UnsupportedOperationException(
                            "disks are implemented for Linux on amd64 and aarch64, not for " + machine);
            };
        }
    }
}
