package dst.realnode.disk;

import dst.protocol.Unique;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is written on a disk's file, beside its content: whose state belongs to it, and how often it was opened with that. It goes where
 * the file goes, and stays behind where only the content is copied.
 */
record Mark(Unique identity, long openings) {
    /** The extended attribute that it is in. */
    private static final String NAME = "user.dst";

    private static final Pattern WORDS = Pattern.compile("([0-9a-f]{32}) ([0-9]{1,18})");
    private static final int LARGEST = 128;

    /** Empty if there is none that this program can read. */
    static Optional<Mark> of(Native kernel, int file) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(LARGEST);
            long length = kernel.attribute(file, NAME, value);
            if (length <= 0) {
                return Optional.empty();
            }
            byte[] bytes = value.asSlice(0, length).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
            Matcher words = WORDS.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
            return words.matches()
                    ? Optional.of(new Mark(State.unique(words.group(1)), Long.parseLong(words.group(2))))
                    : Optional.empty();
        }
    }

    /** Makes it durable on the file; false where that cannot be. */
    boolean put(Native kernel, int file) {
        try (Arena arena = Arena.ofConfined()) {
            byte[] words = (identity + " " + openings).getBytes(StandardCharsets.US_ASCII);
            MemorySegment value = arena.allocate(words.length);
            MemorySegment.copy(words, 0, value, java.lang.foreign.ValueLayout.JAVA_BYTE, 0, words.length);
            return kernel.setAttribute(file, NAME, value) >= 0 && kernel.sync(file) >= 0;
        }
    }
}
