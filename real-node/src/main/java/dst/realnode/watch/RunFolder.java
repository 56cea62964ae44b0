package dst.realnode.watch;

import dst.realnode.WrongInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * A folder for one process of a node, laid out as the simulator's: {@code store/server/2026-01-31T12-00-00.000Z} with {@code
 * recording.edn}, which makes the machine again, {@code server.trace}, and {@code state}, one line about how the recording ended.
 * {@code latest} leads to the newest, beside it and in the store.
 */
final class RunFolder {
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH-mm-ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** What is overwritten in place needs no room on a disk that is full. */
    private static final int STATE_BYTES = 512;

    private final Path folder;
    private final FileChannel state;

    private RunFolder(Path folder) throws IOException {
        this.folder = folder;
        this.state = FileChannel.open(folder.resolve("state"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        say("recording, or killed while it was");
    }

    static RunFolder create(Path store, WatchedNode watched) {
        try {
            Path parent = Files.createDirectories(store.resolve(watched.layer().node()));
            Instant now = Instant.now();
            Path folder = fresh(parent, NAME.format(now));
            Files.writeString(folder.resolve("recording.edn"), description(watched, now));
            RunFolder made = new RunFolder(folder);
            pointAt(parent, folder);
            pointAt(store, folder);
            return made;
        } catch (IOException failed) {
            throw new WrongInput("no recording can be made in " + store + ": " + failed.getMessage());
        }
    }

    /** Never one that is there already. */
    private static Path fresh(Path parent, String name) throws IOException {
        for (int number = 1; ; number++) {
            try {
                return Files.createDirectory(parent.resolve(number == 1 ? name : name + "-" + number));
            } catch (FileAlreadyExistsException taken) {
                if (!Files.isDirectory(parent)) {
                    throw taken;
                }
            }
        }
    }

    private static String description(WatchedNode watched, Instant now) {
        String code = Optional.ofNullable(RunFolder.class.getPackage().getImplementationVersion())
                .orElse("(not packaged)");
        return ";; A recording of one process of a real node. Give its inputs to a fresh machine: dst replay FOLDER\n{:node :"
                + watched.layer().node() + "\n :code " + WatchedNode.quoted(code) + "\n :java "
                + WatchedNode.quoted(Runtime.version().toString()) + "\n :process "
                + ProcessHandle.current().pid() + "\n :started " + WatchedNode.quoted(now.toString())
                + "\n :settings\n "
                + watched.settings() + "}\n";
    }

    /** A link is a convenience: where there can be none, the folder's name is said anyway. */
    private static void pointAt(Path store, Path folder) {
        Path latest = store.resolve("latest");
        try {
            if (Files.isSymbolicLink(latest)) {
                Files.delete(latest);
            }
            Files.createSymbolicLink(latest, store.relativize(folder));
        } catch (IOException | UnsupportedOperationException noLinksHere) {
            // Another process was quicker, or there are no links.
        }
    }

    Path path() {
        return folder;
    }

    FileChannel trace(String node) throws IOException {
        return FileChannel.open(
                folder.resolve(node + ".trace"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Replaces what the folder says about how the recording ended. */
    void say(String line) throws IOException {
        byte[] bytes = line.replace('\n', ' ').getBytes(StandardCharsets.UTF_8);
        ByteBuffer all = ByteBuffer.allocate(STATE_BYTES);
        all.put(bytes, 0, Math.min(bytes.length, STATE_BYTES - 1));
        while (all.hasRemaining()) {
            all.put((byte) (all.remaining() == 1 ? '\n' : ' '));
        }
        all.flip();
        for (long at = 0; all.hasRemaining(); ) {
            at += state.write(all, at);
        }
    }

    void close() throws IOException {
        state.close();
    }
}
