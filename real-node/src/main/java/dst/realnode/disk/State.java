package dst.realnode.disk;

import dst.protocol.Holder;
import dst.protocol.Unique;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * What is durable beside a disk, and how it is written: lines for a person to read, the version first, a checksum over all of it
 * last.
 *
 * <pre>
 * dst state 2
 * identity 0f..(32 digits)
 * boots 17
 * disk 10737418240 1796074980.466057852 4 data
 * written 1796075391.100000123
 * holder disk 3 5c..(32 digits) held
 * checksum 1a2b3c4d
 * </pre>
 *
 * Version 1 knew nothing of the disk, nor when the file that it is in was made.
 *
 * @param disk what the disk looks like; empty: it was not seen yet
 * @param written when the file was made that this is in, {@code ""} if that is not known
 * @param place the same of the file that it was read from: another one if that is a copy
 */
record State(
        Unique identity,
        long boots,
        Optional<Likeness> disk,
        String written,
        String place,
        SortedMap<String, Holder> holders) {
    private static final String MAGIC = "dst state ";
    private static final int VERSION = 2;
    private static final int WITHOUT_DISK = 1;
    private static final String CHECKSUM = "checksum ";
    /** Before the counter of the boot that ended with everything durable. */
    private static final String FLUSHED = "flushed-";

    /** It is not what it should be; the words say what it is. */
    static final class Damaged extends Exception {
        Damaged(String words) {
            super(words);
        }
    }

    State {
        holders = Collections.unmodifiableSortedMap(new TreeMap<>(holders));
    }

    static State fresh(Unique identity) {
        return new State(identity, 0, Optional.empty(), "", "", new TreeMap<>());
    }

    /** The state of another disk from now on: nobody holds it. Counters never go back. */
    State renewed(Unique other) {
        return new State(other, boots, Optional.empty(), written, place, new TreeMap<>());
    }

    State booted() {
        return new State(identity, Math.addExact(boots, 1), disk, written, place, holders);
    }

    State seeing(Likeness likeness) {
        return new State(identity, boots, Optional.of(likeness), written, place, holders);
    }

    /** In a file that was made then. */
    State writtenIn(String made) {
        return new State(identity, boots, disk, made, made, holders);
    }

    /** As it was read from a file that was made then. */
    State readFrom(String made) {
        return new State(identity, boots, disk, written, made, holders);
    }

    /** Whether there is, or was, a disk that it belongs to. */
    boolean knowsDisk() {
        return boots > 0 || disk.isPresent();
    }

    /** Whether the file that it is in is known to be no copy. */
    boolean isWhereItWasWritten() {
        return !written.isEmpty() && written.equals(place);
    }

    /** Epochs never go back. */
    State with(String export, Holder next) {
        Holder before = holders.getOrDefault(export, Holder.NOBODY);
        if (next.epoch() < before.epoch()) {
            throw new IllegalArgumentException(
                    "export " + export + ": epoch " + next.epoch() + " after " + before.epoch());
        }
        SortedMap<String, Holder> changed = new TreeMap<>(holders);
        changed.put(export, next);
        return new State(identity, boots, disk, written, place, changed);
    }

    byte[] bytes() {
        StringBuilder text = new StringBuilder(MAGIC).append(VERSION).append('\n');
        text.append("identity ").append(identity).append('\n');
        text.append("boots ").append(boots).append('\n');
        disk.ifPresent(likeness -> text.append("disk ").append(likeness.line()).append('\n'));
        text.append("written ").append(Likeness.word(written)).append('\n');
        holders.forEach((export, holder) -> text.append("holder ")
                .append(URLEncoder.encode(export, StandardCharsets.UTF_8))
                .append(' ')
                .append(holder.epoch())
                .append(' ')
                .append(holder.token())
                .append(' ')
                .append(how(holder))
                .append('\n'));
        String sum = checksum(text);
        text.append(CHECKSUM).append(sum).append('\n');
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static String how(Holder holder) {
        if (holder.flushedIn() != 0) {
            return FLUSHED + holder.flushedIn();
        }
        return holder.clean() ? "clean" : "held";
    }

    static State parse(byte[] bytes) throws Damaged {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        String first = text.lines().findFirst().orElse("");
        if (!first.startsWith(MAGIC)) {
            throw new Damaged("is no state of this program");
        }
        // Of another version nothing is known but this line.
        if (!first.equals(MAGIC + VERSION) && !first.equals(MAGIC + WITHOUT_DISK)) {
            throw new Damaged(
                    "begins with '" + first + "': it is damaged, or a newer version of this program wrote it");
        }
        int end = text.length() - CHECKSUM.length() - 9;
        if (end < 0 || !text.substring(end).equals(CHECKSUM + checksum(text.substring(0, end)) + "\n")) {
            throw new Damaged("is damaged: its checksum does not fit");
        }
        try {
            return parse(text.substring(0, end).split("\n"));
        } catch (IllegalArgumentException | IndexOutOfBoundsException wrong) {
            throw new Damaged("has a line that this version does not understand: " + wrong.getMessage());
        }
    }

    private static State parse(String[] lines) {
        Unique identity = unique(after("identity ", lines[1]));
        long boots = Long.parseLong(after("boots ", lines[2]));
        Optional<Likeness> disk = Optional.empty();
        String written = "";
        SortedMap<String, Holder> holders = new TreeMap<>();
        for (int i = 3; i < lines.length; i++) {
            if (lines[i].startsWith("disk ")) {
                disk = Optional.of(Likeness.parse(after("disk ", lines[i])));
            } else if (lines[i].startsWith("written ")) {
                written = Likeness.plain(after("written ", lines[i]));
            } else {
                String[] words = after("holder ", lines[i]).split(" ");
                holders.put(
                        URLDecoder.decode(words[0], StandardCharsets.UTF_8),
                        holder(Long.parseLong(words[1]), unique(words[2]), words[3]));
            }
        }
        return new State(identity, boots, disk, written, "", holders);
    }

    private static Holder holder(long epoch, Unique token, String how) {
        if (how.startsWith(FLUSHED)) {
            return new Holder(epoch, token, false, Long.parseLong(how.substring(FLUSHED.length())));
        }
        return switch (how) {
            case "clean" -> new Holder(epoch, token, true);
            case "held" -> new Holder(epoch, token);
            default -> throw new IllegalArgumentException(how);
        };
    }

    private static String after(String start, String line) {
        if (!line.startsWith(start)) {
            throw new IllegalArgumentException(line);
        }
        return line.substring(start.length());
    }

    static Unique unique(String digits) {
        if (digits.length() != 32) {
            throw new IllegalArgumentException(digits);
        }
        return new Unique(HexFormat.fromHexDigitsToLong(digits, 0, 16), HexFormat.fromHexDigitsToLong(digits, 16, 32));
    }

    private static String checksum(CharSequence text) {
        CRC32C sum = new CRC32C();
        sum.update(text.toString().getBytes(StandardCharsets.ISO_8859_1));
        return HexFormat.of().toHexDigits((int) sum.getValue());
    }
}
