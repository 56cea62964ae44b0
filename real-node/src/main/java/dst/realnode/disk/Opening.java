package dst.realnode.disk;

import dst.realnode.disk.RealDisk.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way from a path to an open disk: what can be wrong with it, the lock, the state, the forgotten cache (H4). */
final class Opening {
    private static final Logger LOG = LoggerFactory.getLogger(RealDisk.class);
    private static final int BLOCK_DEVICE = 0060000;
    private static final int KIND = 0170000;

    private final Native kernel;
    private final Path path;
    private final Disks.Options options;

    Opening(Native kernel, Path path, Disks.Options options) {
        this.kernel = kernel;
        this.path = path;
        this.options = options;
    }

    /** The disk is named as in the words of its user. A file that is missing or empty gets this size. */
    RealDisk openOrCreate(String name, long size) throws IOException {
        int blockSize = options.blockSize() == 0 ? Disks.usualBlock(size) : options.blockSize();
        if (size == 0 || size % blockSize != 0) {
            throw new IOException(path + ": " + size + " bytes are not a whole number of blocks of " + blockSize);
        }
        if (!Files.exists(path)) {
            beside().refuseLost(path + " is not there");
            long descriptor = kernel.open(path, Native.READ_WRITE | Native.CREATE);
            if (descriptor < 0) {
                throw new IOException(path + " cannot be made: " + Errno.words(descriptor));
            }
            kernel.close((int) descriptor);
            LOG.warn("disk {}: it was not there: made with {} bytes, all zeros", path, size);
        }
        return open(name, size);
    }

    /** It is locked, so nobody else does the same. */
    private void grow(int descriptor, long size) throws IOException {
        long failed = kernel.truncate(descriptor, size);
        failed = failed < 0 ? failed : kernel.dataSync(descriptor);
        if (failed < 0) {
            throw new IOException(path + " cannot be made with " + size + " bytes: " + Errno.words(failed));
        }
        StateFile.sync(StateFile.parent(path));
    }

    RealDisk open(String name) throws IOException {
        return open(name, 0);
    }

    /** Wanted: the size that it has to have, if not 0. */
    private RealDisk open(String name, long wanted) throws IOException {
        if (!Files.exists(path)) {
            beside().refuseLost(path + " is not there");
        }
        boolean device = isDevice();
        boolean direct = device || options.direct();
        int flags = (options.readOnly() ? Native.READ_ONLY : Native.READ_WRITE)
                | (device && !options.readOnly() ? Native.EXCLUSIVE : 0)
                | (direct ? kernel.directFlag() : 0);
        long descriptor = kernel.open(path, flags);
        if (descriptor < 0) {
            throw new IOException(refusal(descriptor, direct));
        }
        OpenFile file = new OpenFile(kernel, (int) descriptor, device);
        try {
            Locked.lock(kernel, (int) descriptor, path, options.readOnly());
            if (!device && Files.size(path) == 0) {
                beside().refuseLost(path + " is empty");
                if (wanted > 0) {
                    grow((int) descriptor, wanted);
                }
            }
            Shape shape = shape(name, (int) descriptor, device);
            if (wanted > 0 && shape.size() != wanted) {
                throw new IOException(path + " is there already, with " + shape.size() + " bytes, not " + wanted
                        + ": give its size, or just its path, or remove it");
            }
            return withState(file, shape, direct);
        } catch (IOException | RuntimeException failed) {
            file.close();
            throw failed;
        }
    }

    private RealDisk withState(OpenFile file, Shape shape, boolean direct) throws IOException {
        Beside beside = new Beside(path.toString(), stateFolder(direct), options);
        StateDirectory state = beside.open(file.found(shape.size()), mark -> !options.readOnly() && file.mark(mark));
        try {
            if (direct) {
                tryOut(file, shape);
            }
            long failed = file.forget();
            if (failed < 0) {
                throw new IOException(path + ": the kernel's cache of it cannot be forgotten: " + Errno.words(failed)
                        + (failed == -Errno.BUSY
                                ? ": somebody reads or maps it (" + Users.of(path, 1) + "): end that first"
                                : ": the disk below is failing"));
            }
        } catch (IOException | RuntimeException refused) {
            state.close();
            throw refused;
        }
        return direct
                ? new DirectDisk(shape, state, file, path, options.memory())
                : new FileDisk(shape, state, file, path, options.memory());
    }

    /** Of a file, or of what may have been a block device. */
    private Beside beside() {
        return new Beside(path.toString(), options.state().orElseGet(this::sibling), options);
    }

    private Path sibling() {
        return path.resolveSibling(path.getFileName() + ".dst");
    }

    /** A file system may want larger blocks than this for direct access, and says so only when it is tried. */
    private void tryOut(OpenFile file, Shape shape) throws IOException {
        long read = file.read(Zeros.SPARE, shape.blockSize(), 0);
        if (read == -Errno.INVALID) {
            throw new IOException(path + ": direct access in blocks of " + shape.blockSize()
                    + " is not possible here: give a block size of 4096, or do without direct access");
        }
    }

    private Path stateFolder(boolean direct) throws IOException {
        if (options.state().isPresent()) {
            return options.state().get();
        }
        if (direct && path.toAbsolutePath().startsWith("/dev")) {
            throw new IOException(
                    path + ": what is durable beside a block device cannot be kept in /dev, which is empty"
                            + " after a restart: name a folder for its state");
        }
        return sibling();
    }

    private Shape shape(String name, int descriptor, boolean device) throws IOException {
        long size = device ? kernel.ask(descriptor, Native.GET_SIZE, 8) : Files.size(path);
        long sector = device ? kernel.ask(descriptor, Native.GET_SECTOR, 4) : sectorOf(size);
        if (size < 0 || sector < 0) {
            throw new IOException(path + ": its size cannot be told: " + Errno.words(Math.min(size, sector)));
        }
        int blockSize = options.blockSize() == 0 ? Math.toIntExact(sector) : options.blockSize();
        if (device && blockSize < sector) {
            throw new IOException(path + " has sectors of " + sector + " bytes: blocks of " + blockSize
                    + " are too small for it: leave the block size out");
        }
        if (size == 0) {
            throw new IOException(path + " is empty: give it a size: truncate -s 10G " + path);
        }
        if (size % blockSize != 0) {
            throw new IOException(path + " has " + size + " bytes, which is no whole number of blocks of " + blockSize
                    + ": truncate -s " + (size / blockSize + 1) * blockSize + " " + path);
        }
        return new Shape(name, size, blockSize, options.readOnly());
    }

    /** Past the page cache nothing smaller can be moved than what is usual. */
    private int sectorOf(long size) {
        return options.direct() ? Disks.USUAL_BLOCK : Disks.usualBlock(size);
    }

    private boolean isDevice() throws IOException {
        if (!Files.exists(path)) {
            boolean dangling = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
            throw new IOException(path + (dangling ? " is a link to nothing" : ": no such file")
                    + ": make one with a size: sparse:" + path + ":10GiB");
        }
        if (Files.isDirectory(path)) {
            throw new IOException(path + " is a directory: name a file or a block device");
        }
        if (Files.isRegularFile(path)) {
            return false;
        }
        Map<String, Object> attributes = Files.readAttributes(path, "unix:mode");
        if (attributes.get("mode") instanceof Integer mode && (mode & KIND) == BLOCK_DEVICE) {
            return true;
        }
        throw new IOException(path + " is neither a file nor a block device");
    }

    private String refusal(long result, boolean direct) {
        return switch ((int) -result) {
            case Errno.ACCESS, Errno.NOT_PERMITTED ->
                path + ": permission denied: this user has to be able to "
                        + (options.readOnly() ? "read it" : "read and write it, or serve it read-only");
            case Errno.READ_ONLY -> path + " is on a read-only file system: serve it read-only";
            case Errno.BUSY ->
                path + " is in use by " + Users.of(path, 0) + ", or mounted: a disk is one server's at a time: stop or"
                        + " unmount it";
            case Errno.INVALID ->
                direct ? path + ": this file system has no direct access" : path + ": " + Errno.words(result);
            default -> path + ": " + Errno.words(result);
        };
    }
}
