package dst.realnode.ctl;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where nodes listen to their operators, if nobody says otherwise. */
public final class Sockets {
    private Sockets() {}

    /** The socket of a node of that kind: {@code serve} or {@code attach}. */
    public static Path usual(String kind) {
        return directory().resolve(kind + ".sock");
    }

    private static Path directory() {
        Optional<String> runtime =
                Optional.ofNullable(System.getenv("XDG_RUNTIME_DIR")).filter(it -> !it.isEmpty());
        if (runtime.isPresent() && Files.isDirectory(Path.of(runtime.get()))) {
            return Path.of(runtime.get(), "dst");
        }
        Path run = Path.of("/run");
        return Files.isWritable(run)
                ? run.resolve("dst")
                : Path.of("/tmp", "dst-" + System.getProperty("user.name", "nobody"));
    }
}
