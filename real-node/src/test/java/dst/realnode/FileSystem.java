package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Patience;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A file system of the kernel's on an NBD device: nbdfuse makes the device a file, a loop device makes the file a disk. */
final class FileSystem implements AutoCloseable {
    private final Path fuse;
    private final Path mount;
    private final String kind;
    private final Process nbdfuse;
    private final String loop;
    private boolean mounted;
    private boolean closed;

    static void needAll() {
        dst.protocol.Tools.require("root".equals(System.getProperty("user.name")), "only root mounts file systems");
        dst.protocol.Tools.require(Files.exists(Path.of("/dev/fuse")), "there is no FUSE here (/dev/fuse)");
        dst.protocol.Tools.require(
                Files.exists(Path.of("/dev/loop-control")), "there are no loop devices here (/dev/loop-control)");
        Tools.need("nbdfuse", "libnbd-bin");
        Tools.need("losetup", "mount");
        Tools.need("mkfs.ext4", "e2fsprogs");
        Tools.need("mkfs.xfs", "xfsprogs");
    }

    FileSystem(Path folder, String uri, String kind) throws IOException {
        this.fuse = Files.createDirectories(folder.resolve("fuse"));
        this.mount = Files.createDirectories(folder.resolve("mount"));
        this.kind = kind;
        this.nbdfuse = new ProcessBuilder("nbdfuse", fuse + "/disk", uri)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nbdfuse.log").toFile())
                .start();
        Path device = fuse.resolve("disk");
        Path log = folder.resolve("nbdfuse.log");
        Patience.until(() -> Files.exists(device) || !nbdfuse.isAlive(), () -> "there is no device: " + read(log));
        assertTrue(nbdfuse.isAlive(), () -> "nbdfuse ended: " + read(log));
        this.loop = Tools.well("losetup", "--find", "--show", device.toString()).strip();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    void make() {
        if (kind.equals("xfs")) {
            Tools.well("mkfs.xfs", "-q", "-f", loop);
        } else {
            Tools.well("mkfs.ext4", "-q", "-F", loop);
        }
    }

    void mount() {
        Tools.well("mount", loop, mount.toString());
        mounted = true;
    }

    void unmount() {
        Tools.well("umount", mount.toString());
        mounted = false;
    }

    /** Fails unless the checker of this kind of file system finds nothing to mend. */
    void check() {
        if (kind.equals("xfs")) {
            Tools.well("xfs_repair", "-n", loop);
        } else {
            Tools.well("e2fsck", "-f", "-n", loop);
        }
    }

    Path root() {
        return mount;
    }

    @Override
    public void close() throws InterruptedException {
        if (closed) {
            return;
        }
        closed = true;
        if (mounted) {
            Tools.run("umount", "-l", mount.toString());
        }
        Tools.run("losetup", "--detach", loop);
        Tools.run("umount", fuse.toString());
        if (!nbdfuse.waitFor(Patience.SECONDS, TimeUnit.SECONDS)) {
            nbdfuse.destroyForcibly();
        }
    }

    /** Files that come, are written over and go, and what each has to hold. */
    static final class Load implements Runnable {
        private static final int FILES = 40;

        private final Path root;
        private final Random random;
        private final Map<String, String> hashes = new TreeMap<>();
        private volatile boolean stopped;
        private volatile Exception failure;
        private volatile long written;

        Load(Path root, long seed) {
            this.root = root;
            this.random = new Random(seed);
        }

        @Override
        public void run() {
            try {
                while (!stopped) {
                    change("file-" + random.nextInt(FILES));
                }
            } catch (IOException e) {
                failure = e;
            }
        }

        private void change(String name) throws IOException {
            Path file = root.resolve(name);
            if (random.nextInt(8) == 0) {
                Files.deleteIfExists(file);
                hashes.remove(name);
                return;
            }
            byte[] content = new byte[1 + random.nextInt(random.nextInt(4) == 0 ? 1 << 20 : 20_000)];
            random.nextBytes(content);
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                if (random.nextInt(3) == 0) {
                    channel.force(true);
                }
            }
            hashes.put(name, hash(content));
            written += content.length;
        }

        void stop() {
            stopped = true;
        }

        long written() {
            return written;
        }

        /** Goes on until so much more was written; whatever has failed is told by {@code verify}. */
        void awaitWritten(long more) {
            long enough = written + more;
            Patience.until(
                    () -> written >= enough || failure != null, () -> "after " + written + " bytes nothing is written");
        }

        /** Every file is as it was written, and no other is there. */
        void verify() throws IOException {
            if (failure != null) {
                throw new IOException("the load failed", failure);
            }
            for (Map.Entry<String, String> each : hashes.entrySet()) {
                assertEquals(each.getValue(), hash(Files.readAllBytes(root.resolve(each.getKey()))), each.getKey());
            }
            try (var list = Files.list(root)) {
                long files = list.filter(Files::isRegularFile).count();
                assertEquals(hashes.size(), files);
            }
        }

        private static String hash(byte[] content) {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
