package dst.realnode.disk;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * What a state remembers of its disk, none of it content: what is put in the disk's place looks another way.
 *
 * @param origin when the file was made, or what a block device calls itself; empty if that is not known
 * @param openings how often a {@link Mark} was put on it
 * @param holdsData whether there was anything in it but holes
 */
record Likeness(long size, String origin, long openings, boolean holdsData) {
    Likeness sized(long changed) {
        return new Likeness(changed, origin, openings, holdsData);
    }

    Likeness holding(boolean data) {
        return new Likeness(size, origin, openings, data);
    }

    Likeness opened(long times) {
        return new Likeness(size, origin, times, holdsData);
    }

    /** Words without spaces, in one line. */
    String line() {
        return size + " " + word(origin) + " " + openings + " " + (holdsData ? "data" : "holes");
    }

    static Likeness parse(String line) {
        String[] words = line.split(" ");
        boolean data = switch (words[3]) {
            case "data" -> true;
            case "holes" -> false;
            default -> throw new IllegalArgumentException(line);
        };
        return new Likeness(Long.parseLong(words[0]), plain(words[1]), Long.parseLong(words[2]), data);
    }

    static String word(String text) {
        return text.isEmpty() ? "-" : URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static String plain(String word) {
        return word.equals("-") ? "" : URLDecoder.decode(word, StandardCharsets.UTF_8);
    }
}
