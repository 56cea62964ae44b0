package dst.protocol;

import dst.protocol.Sentence.Crossing;
import java.util.List;
import java.util.stream.Stream;

/**
 * Something that must not be: a rule or promise of docs/PROTOCOL.md by its number, who broke it, when, and one sentence that a
 * person understands, with the evidence in it.
 *
 * @param guilty the very value at which it was found; none for who sees no boundary values, or all of them only at the end
 */
public record Finding(Rule rule, Side side, long at, Sentence said, Crossing guilty) {
    /** By whoever does not watch the values as they cross: the world itself, a checker of histories. */
    public Finding(Rule rule, Side side, long at, Sentence said) {
        this(rule, side, at, said, Crossing.NONE);
    }

    /** All that it names of what crossed: the guilty value first, then what that needed to be wrong. */
    public List<Crossing> named() {
        return Stream.concat(Stream.of(guilty), said.each(Crossing.class))
                .filter(crossing -> !crossing.equals(Crossing.NONE))
                .distinct()
                .toList();
    }

    /** As people read it; nobody else looks into it. */
    public String sentence() {
        return said.words();
    }
}
