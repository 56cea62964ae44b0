package dst.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was found, as data: words, and between them the things that it is about. People read it as one sentence; everybody else asks for the
 * things.
 */
public record Sentence(List<Part> parts) {
    public static final Sentence EMPTY = new Sentence(List.of());

    private static final List<String> KINDS = List.of("read", "write", "zero", "trim");

    public Sentence {
        parts = List.copyOf(parts);
    }

    /** Words, or something that they are about. */
    public sealed interface Part {
        /** As people read it. */
        String words();
    }

    public record Text(String words) implements Part {}

    /** How many, how much, which one of a series. */
    public record Count(long number) implements Part {
        @Override
        public String words() {
            return Long.toString(number);
        }
    }

    /** What has a name that is another one in each run: a boot, an identity, a peer. */
    public record Name(String words) implements Part {}

    /** When something happened, or for how long. */
    public record Time(long nanos) implements Part {
        @Override
        public String words() {
            return Words.seconds(nanos);
        }
    }

    /** Something that reads, changes or flushes there, as a submitter or a disk knows it; the tag is 0 where nobody has one. */
    public record Access(long tag, Kind kind, Range range) implements Part {
        @Override
        public String words() {
            return kind == Kind.FLUSH ? word(kind) : word(kind) + place(range);
        }
    }

    /** An operation by its tag alone. */
    public record Operation(long tag) implements Part {
        @Override
        public String words() {
            return Long.toString(tag);
        }
    }

    /** What both sides know under that number; the tag is 0 where it is not known which operation that is. */
    public record Transaction(long id, long tag, Kind kind, Range range) implements Part {
        @Override
        public String words() {
            return kind == Kind.FLUSH ? word(kind) + " " + id : word(kind) + " " + id + place(range);
        }
    }

    /** A transaction of which nothing else is known. */
    public record Number(long id) implements Part {
        @Override
        public String words() {
            return Long.toString(id);
        }
    }

    /** A place on the device: where it begins, and how much is known of it. */
    public record Place(Range range) implements Part {
        @Override
        public String words() {
            return Long.toString(range.offset());
        }
    }

    /** A block is in part one content and in part another. */
    public record Torn() implements Part {
        @Override
        public String words() {
            return "torn";
        }
    }

    /** A fault of the plan, by its kind. */
    public record Fault(String kind) implements Part {
        @Override
        public String words() {
            return kind;
        }
    }

    /**
     * Evidence that is shown and not said: what crossed a boundary, by its number. It is the how-manieth value that was seen in the run,
     * and of that the how-manieth message that it completed; 0 is the value itself.
     */
    public record Crossing(long value, int message) implements Part {
        public static final Crossing NONE = new Crossing(0, 0);

        @Override
        public String words() {
            return "";
        }
    }

    /** What can be named in a sentence. */
    public interface Subject {
        Sentence named();
    }

    /** Numbers and things between words; what is none of these is a name. */
    public static Sentence of(Object... all) {
        List<Part> parts = new ArrayList<>(all.length);
        for (Object one : all) {
            switch (one) {
                case String words -> add(parts, words);
                case Sentence sentence -> sentence.parts.forEach(part -> add(parts, part));
                case Subject subject -> subject.named().parts.forEach(part -> add(parts, part));
                case Part part -> add(parts, part);
                case Integer number -> add(parts, new Count(number));
                case Long number -> add(parts, new Count(number));
                default -> add(parts, new Name(one.toString()));
            }
        }
        return new Sentence(parts);
    }

    private static void add(List<Part> parts, String words) {
        if (!words.isEmpty()) {
            add(parts, new Text(words));
        }
    }

    private static void add(List<Part> parts, Part part) {
        if (part instanceof Crossing && (part.equals(Crossing.NONE) || parts.contains(part))) {
            return;
        }
        if (part instanceof Text(String more) && !parts.isEmpty() && parts.getLast() instanceof Text(String words)) {
            parts.set(parts.size() - 1, new Text(words + more));
        } else {
            parts.add(part);
        }
    }

    /** The same, and more behind it. */
    public Sentence and(Object... more) {
        return of(this, of(more));
    }

    /** The same with one name for another. */
    public Sentence calling(String one, String another) {
        return new Sentence(parts.stream()
                .map(part -> part instanceof Text(String words) ? new Text(words.replace(one, another)) : part)
                .toList());
    }

    public boolean isNothing() {
        return parts.isEmpty();
    }

    /** As people read it. */
    public String words() {
        return parts.stream().map(Part::words).collect(Collectors.joining());
    }

    /** What it says, whichever operations, places, times and numbers it says it of. */
    public String shape() {
        return parts.stream()
                .map(part -> switch (part) {
                    case Text text -> alike(text.words());
                    case Torn torn -> torn.words();
                    case Fault fault -> fault.words();
                    case Crossing _ -> "";
                    case Access _, Transaction _ -> "operation";
                    case Count _, Name _, Time _, Operation _, Number _, Place _ -> "#";
                })
                .collect(Collectors.joining());
    }

    /** Words that somebody else made - of an exception, of a message that is wrong - have numbers and kinds of their own. */
    private static String alike(String words) {
        return Stream.of(words.split(" ", -1))
                .map(word ->
                        word.chars().anyMatch(Character::isDigit) ? "#" : KINDS.contains(word) ? "operation" : word)
                .collect(Collectors.joining(" "));
    }

    public <T extends Part> Stream<T> each(Class<T> kind) {
        return parts.stream().filter(kind::isInstance).map(kind::cast);
    }

    private static String word(Kind kind) {
        return switch (kind) {
            case READ -> "read";
            case WRITE -> "write";
            case FLUSH -> "flush";
            case TRIM -> "trim";
            case ZERO -> "zero";
        };
    }

    private static String place(Range range) {
        return " (offset " + range.offset() + ", " + range.length() + " bytes)";
    }

    @Override
    public String toString() {
        return words();
    }
}
