package dst.realnode.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Which processes have a file open, as far as this user may see. */
final class Users {
    private Users() {}

    /** For a sentence: "process 17 (java), process 18 (fio)". This process has it open so many times in order to ask. */
    static String of(Path path, int own) {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            Path real = path.toRealPath();
            for (Path process : processes) {
                if (hasOpen(process, real, own)) {
                    found.add(words(process));
                }
            }
        } catch (IOException unreadable) {
            return "another process";
        }
        return found.isEmpty() ? "another process" : String.join(", ", found);
    }

    private static boolean hasOpen(Path process, Path path, int own) {
        int times = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                times += isLink(file, path) ? 1 : 0;
            }
        } catch (IOException gone) {
            return false;
        }
        return times > (isOwn(process) ? own : 0);
    }

    private static boolean isLink(Path file, Path path) {
        try {
            return Files.readSymbolicLink(file).equals(path);
        } catch (IOException closed) {
            return false;
        }
    }

    private static boolean isOwn(Path process) {
        return Long.parseLong(process.getFileName().toString())
                == ProcessHandle.current().pid();
    }

    private static String words(Path process) {
        if (isOwn(process)) {
            return "this very process";
        }
        String name;
        try {
            name = Files.readString(process.resolve("comm"), StandardCharsets.UTF_8)
                    .strip();
        } catch (IOException gone) {
            name = "gone";
        }
        return "process " + process.getFileName() + " (" + name + ")";
    }
}
