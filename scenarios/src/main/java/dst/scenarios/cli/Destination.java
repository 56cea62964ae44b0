package dst.scenarios.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Where results are to go: tried before a long run begins, and not after. */
public final class Destination {
    private Destination() {}

    /** Whether that file can be written; what is in it stays. */
    public static void checkFile(String option, Path file) {
        boolean isNew = !Files.exists(file);
        try {
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
            if (isNew) {
                Files.delete(file);
            }
        } catch (IOException failed) {
            throw WrongInput.of(option + " " + file + " cannot be written", failed);
        }
    }

    /** Whether files can be made in that folder, or in the nearest one above it that is there. */
    public static void checkFolder(String option, Path folder) {
        Path there = folder.toAbsolutePath();
        while (there.getParent() != null && !Files.exists(there)) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there)) {
            throw new WrongInput(option + " " + folder + ": " + there + " is no folder");
        }
        try {
            Files.delete(Files.createTempFile(there, ".dst", null));
        } catch (IOException failed) {
            throw WrongInput.of(option + " " + folder + ": nothing can be written in " + there, failed);
        }
    }
}
