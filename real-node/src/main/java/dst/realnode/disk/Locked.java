package dst.realnode.disk;

import java.io.IOException;
import java.nio.file.Path;

/** An open file that is locked for as long as it is open: the kernel lets go when this process ends, however it ends. */
final class Locked implements AutoCloseable {
    private final Native kernel;
    private final int descriptor;
    private boolean closed;

    private Locked(Native kernel, int descriptor) {
        this.kernel = kernel;
        this.descriptor = descriptor;
    }

    /** Makes the file if there is none. */
    static Locked create(Path path) throws IOException {
        Native kernel = Native.LINUX;
        long descriptor = kernel.open(path, Native.READ_WRITE | Native.CREATE);
        if (descriptor < 0) {
            throw new IOException(path + ": " + Errno.words(descriptor) + ": this user has to be able to write here");
        }
        try {
            lock(kernel, (int) descriptor, path, false);
        } catch (IOException refused) {
            kernel.close((int) descriptor);
            throw refused;
        }
        return new Locked(kernel, (int) descriptor);
    }

    /** Locks what is open. */
    static void lock(Native kernel, int descriptor, Path path, boolean shared) throws IOException {
        long failed = kernel.lock(descriptor, shared);
        if (failed == -Errno.AGAIN || failed == -Errno.ACCESS) {
            throw new IOException(path + " is in use by " + Users.of(path, 1)
                    + ": a disk is one server's at a time: stop" + " that one, or serve another disk");
        }
        if (failed < 0) {
            throw new IOException(path + " cannot be locked: " + Errno.words(failed)
                    + ": use a file system that knows locks, since two servers on one disk destroy it");
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            kernel.close(descriptor);
        }
    }
}
