package dst.scenarios.cli;

import dst.protocol.Words;
import dst.realnode.Version;
import dst.reports.Page;
import dst.sim.World;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** Tells one build of dst from another, whatever its version says: a checksum of its classes and its library. */
public final class CodeIdentity {
    private CodeIdentity() {}

    public static String ofThis() {
        return with(List.of());
    }

    /** The same with what lies where these classes do. */
    public static String with(List<Class<?>> others) {
        CRC32 sum = new CRC32();
        List<Class<?>> all = new ArrayList<>(List.of(Words.class, World.class, Page.class, CodeIdentity.class));
        all.addAll(others);
        for (Class<?> each : all) {
            try {
                Path place = Path.of(
                        each.getProtectionDomain().getCodeSource().getLocation().toURI());
                if (Files.isDirectory(place)) {
                    addAll(place, sum);
                } else {
                    try (FileSystem jar = FileSystems.newFileSystem(place, Map.of())) {
                        addAll(jar.getPath("/"), sum);
                    }
                }
            } catch (URISyntaxException | IOException unreadable) {
                throw new IllegalStateException("the program's own classes cannot be read", unreadable);
            }
        }
        return Words.hex(sum.getValue());
    }

    /** The version and, in a clone, the commit: to say later whether the same code ran. */
    public static String name() {
        return Optional.ofNullable(System.getProperty("dst.home"))
                .flatMap(home -> FirstLine.of(List.of("git", "-C", home, "describe", "--always", "--dirty")))
                .map(commit -> Version.ofBuild() + " " + commit)
                .orElseGet(Version::ofBuild);
    }

    /** Of a text, for example a scenario's. */
    public static String of(String text) {
        CRC32 sum = new CRC32();
        sum.update(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return Words.hex(sum.getValue());
    }

    private static void addAll(Path root, CRC32 sum) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            // What the build writes about itself differs though nothing else does.
            List<Path> files = all.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains("META-INF"))
                    .sorted()
                    .toList();
            for (Path file : files) {
                sum.update(Files.readAllBytes(file));
            }
        }
    }
}
