package dst.realnode.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The file that a {@link State} is in, in a folder that is this process's alone. It is replaced as a whole: the next one is written
 * beside it, synced and renamed, and the folder is synced. So it is the old one or the new one, whatever happens.
 */
final class StateFile implements AutoCloseable {
    private static final String NAME = "state";
    private static final String NEXT = "state.next";
    private static final int LARGEST = 1 << 24;

    private final Path folder;
    private final Locked lock;

    private StateFile(Path folder, Locked lock) {
        this.folder = folder;
        this.lock = lock;
    }

    static StateFile open(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            try {
                Files.createDirectory(folder);
            } catch (FileAlreadyExistsException file) {
                throw new IOException(
                        folder + ": the state of a disk is kept in a folder, and this is none: name another one", file);
            } catch (NoSuchFileException parent) {
                throw new IOException(
                        folder + ": there is no folder to make it in: make " + folder.getParent(), parent);
            } catch (IOException refused) {
                throw cannotWrite(folder, refused);
            }
            sync(parent(folder));
        }
        return new StateFile(folder, Locked.create(folder.resolve("lock")));
    }

    /** Null: there is none yet. */
    @Nullable State read() throws IOException {
        return read(folder);
    }

    /** As {@link #read()}, whoever has the folder. */
    static @Nullable State read(Path folder) throws IOException {
        Path path = folder.resolve(NAME);
        try {
            if (Files.size(path) > LARGEST) {
                throw new State.Damaged("is larger than any state");
            }
            return State.parse(Files.readAllBytes(path)).readFrom(born(path));
        } catch (NoSuchFileException none) {
            return null;
        } catch (State.Damaged damaged) {
            throw new IOException(
                    path + " " + damaged.getMessage()
                            + ". It is left as it is. Put a good copy back; without one, move it"
                            + " away: then the disk gets a new identity, and every client takes it for another disk",
                    damaged);
        }
    }

    /** As it is from now on. */
    State write(State state) throws IOException {
        State written;
        Path next = folder.resolve(NEXT);
        try {
            try (FileChannel channel = FileChannel.open(
                    next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                written = state.writtenIn(born(next));
                ByteBuffer bytes = ByteBuffer.wrap(written.bytes());
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(next, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
            sync(folder);
            return written;
        } catch (IOException refused) {
            throw cannotWrite(folder, refused);
        }
    }

    /** When a file was made; empty if that is not known. */
    private static String born(Path path) {
        Native kernel = Native.LINUX;
        long file = kernel.open(path, Native.READ_ONLY);
        if (file < 0) {
            return "";
        }
        FileStatus status = kernel.status((int) file);
        kernel.close((int) file);
        return status == null ? "" : status.born();
    }

    @Override
    public void close() {
        lock.close();
    }

    private static IOException cannotWrite(Path folder, IOException refused) {
        String why = refused instanceof AccessDeniedException ? "permission denied" : refused.getMessage();
        return new IOException(
                folder + ": the state of a disk cannot be written here: " + why
                        + ": name a folder that this user may write to",
                refused);
    }

    /** The folder that a path is in. */
    static Path parent(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        return parent == null ? Path.of("/") : parent;
    }

    /** Makes what was made or renamed in a folder durable. */
    static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
