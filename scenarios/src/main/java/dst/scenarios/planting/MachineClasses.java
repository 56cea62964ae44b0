package dst.scenarios.planting;

import dst.protocol.Side;
import dst.protocol.client.Client;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
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

    /** Every class of these packages, by name, wherever they lie. */
    public static List<String> names() {
        try {
            Path place = Path.of(Client.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            if (Files.isDirectory(place)) {
                return names(place);
            }
            try (FileSystem jar = FileSystems.newFileSystem(place, Map.of())) {
                return names(jar.getPath("/"));
            }
        } catch (URISyntaxException | IOException unreadable) {
            throw new IllegalStateException("the program's own classes cannot be read", unreadable);
        }
    }

    private static List<String> names(Path root) {
        List<String> names = new ArrayList<>();
        for (String each : PACKAGES.keySet()) {
            try (Stream<Path> files = Files.list(root.resolve(each.replace('.', '/')))) {
                files.map(file -> file.getFileName().toString())
                        .filter(file -> file.endsWith(SUFFIX) && !file.startsWith("package-info"))
                        .forEach(file -> names.add(each + "." + file.substring(0, file.length() - SUFFIX.length())));
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
        Collections.sort(names);
        return names;
    }
}
