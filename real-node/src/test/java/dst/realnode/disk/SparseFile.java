package dst.realnode.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Files of zeros. */
final class SparseFile {
    private SparseFile() {}

    static Path of(Path path, long size) {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(size);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return path;
    }

    static String volatileSource(Path folder) {
        return "volatile:" + of(folder.resolve("disk"), 1 << 20);
    }
}
