package dst.realnode.net;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which process listens at an address, as far as this user may see. */
final class Listening {
    private static final String STATE_LISTENS = "0A";

    private Listening() {}

    /** For a sentence: "process 17 (java)"; "another process" if it cannot be seen. */
    static String at(Address address) {
        Set<String> sockets = new HashSet<>();
        switch (address) {
            case Address.Tcp(String _, int port) -> {
                String ending = String.format(Locale.ROOT, ":%04X", port);
                for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
                    for (String[] words : lines(table)) {
                        if (words.length > 9 && words[1].endsWith(ending) && words[3].equals(STATE_LISTENS)) {
                            sockets.add("socket:[" + words[9] + "]");
                        }
                    }
                }
            }
            case Address.Unix(Path path) -> {
                for (String[] words : lines("/proc/net/unix")) {
                    if (words.length > 7 && words[7].equals(path.toString())) {
                        sockets.add("socket:[" + words[6] + "]");
                    }
                }
            }
        }
        return holder(sockets);
    }

    private static List<String[]> lines(String table) {
        try {
            return Files.readAllLines(Path.of(table), StandardCharsets.ISO_8859_1).stream()
                    .map(line -> line.strip().split("\\s+"))
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static String holder(Set<String> sockets) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (has(process, sockets)) {
                    return words(process);
                }
            }
        } catch (IOException unreadable) {
            return "another process";
        }
        return "another process";
    }

    private static boolean has(Path process, Set<String> sockets) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (isOne(file, sockets)) {
                    return true;
                }
            }
        } catch (IOException gone) {
            return false;
        }
        return false;
    }

    private static boolean isOne(Path file, Set<String> sockets) {
        try {
            return sockets.contains(Files.readSymbolicLink(file).toString());
        } catch (IOException closed) {
            return false;
        }
    }

    private static String words(Path process) {
        if (Long.parseLong(process.getFileName().toString())
                == ProcessHandle.current().pid()) {
            return "this very process";
        }
        try {
            String name = Files.readString(process.resolve("comm"), StandardCharsets.UTF_8);
            return "process " + process.getFileName() + " (" + name.strip() + ")";
        } catch (IOException gone) {
            return "another process";
        }
    }
}
