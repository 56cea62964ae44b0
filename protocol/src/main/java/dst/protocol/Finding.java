package dst.protocol;

/**
 * Something that must not be: a rule or promise of docs/PROTOCOL.md by its number, who broke it, when, and one sentence that a
 * person understands, with the evidence in it.
 */
public record Finding(Rule rule, Side side, long at, Sentence said) {
    /** As people read it; nobody else looks into it. */
    public String sentence() {
        return said.words();
    }
}
