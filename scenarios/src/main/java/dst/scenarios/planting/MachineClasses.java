package dst.scenarios.planting;

import dst.protocol.Side;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The packages of which machines are made, whose part each is, and the classes in them. */
public final class MachineClasses {
    private static final List<Side> OF_CLIENT = List.of(Side.CLIENT);
    private static final List<Side> OF_SERVER = List.of(Side.SERVER);

    /** An attached device is a client's; who has an export is a server's affair. */
    private static final SortedMap<String, List<Side>> PACKAGES =
            Collections.unmodifiableSortedMap(new TreeMap<>(Map.of(
                    "dst.protocol.client", OF_CLIENT,
                    "dst.protocol.server", OF_SERVER,
                    "dst.protocol.wire", List.of(Side.CLIENT, Side.SERVER),
                    "dst.nbd", OF_CLIENT,
                    "dst.nbd.attach", OF_CLIENT,
                    "dst.nbd.lending", OF_SERVER)));

    private static final String SUFFIX = ".class";

    private MachineClasses() {}

    public static SortedSet<String> packages() {
        return new TreeSet<>(PACKAGES.keySet());
    }

    /** On whose side such a class runs; of no machine's on none. */
    public static List<Side> sides(String className) {
        return PACKAGES.getOrDefault(packageOf(className), List.of());
    }

    static boolean isOfMachine(String className) {
        return PACKAGES.containsKey(packageOf(className));
    }

    public static String packageOf(String className) {
        return className.substring(0, Math.max(0, className.lastIndexOf('.')));
    }

    /** Every class of these packages, by name. */
    public static List<String> names() {
        List<String> names = new ArrayList<>();
        PACKAGES.keySet().forEach(each -> names.addAll(namesOf(each)));
        return names;
    }

    /** Every class of that package, wherever it lies. */
    static List<String> namesOf(String packageName) {
        try {
            URL place = Objects.requireNonNull(
                    MachineClasses.class.getResource("/" + packageName.replace('.', '/') + "/package-info.class"));
            if (place.getProtocol().equals("file")) {
                return namesIn(Path.of(place.toURI()).resolveSibling("."), packageName);
            }
            try (FileSystem jar = FileSystems.newFileSystem(
                    Path.of(URI.create(
                            place.getPath().substring(0, place.getPath().indexOf('!')))),
                    Map.of())) {
                return namesIn(jar.getPath("/", packageName.replace('.', '/')), packageName);
            }
        } catch (URISyntaxException | IOException unreadable) {
            throw new IllegalStateException("the program's own classes cannot be read", unreadable);
        }
    }

    private static List<String> namesIn(Path folder, String packageName) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(SUFFIX) && !file.startsWith("package-info"))
                    .map(file -> packageName + "." + file.substring(0, file.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        }
    }
}
