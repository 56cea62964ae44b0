package dst.realnode.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a block device is called by itself: its number, and its name in {@code /dev}, may be another one's after a restart. */
final class BlockDeviceName {
    /** Where the kernel tells it, the best first. */
    private static final List<String> TOLD =
            List.of("dm/uuid", "md/uuid", "wwid", "device/wwid", "serial", "device/serial", "loop/backing_file");

    private BlockDeviceName() {}

    /** Of {@code major:minor}; empty if it has none. */
    static String of(String device) {
        Path folder = Path.of("/sys/dev/block", device);
        String partition = read(folder.resolve("partition"));
        if (partition.isEmpty()) {
            return whole(folder);
        }
        // A part is where it begins on the whole, whose folder this one is in.
        try {
            String name = whole(StateFile.parent(folder.toRealPath()));
            return name.isEmpty() ? "" : name + " from " + read(folder.resolve("start"));
        } catch (IOException gone) {
            return "";
        }
    }

    private static String whole(Path folder) {
        for (String told : TOLD) {
            String name = read(folder.resolve(told));
            if (!name.isEmpty()) {
                return told + " " + name;
            }
        }
        return "";
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        } catch (IOException none) {
            return "";
        }
    }
}
