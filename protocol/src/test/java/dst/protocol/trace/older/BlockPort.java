package dst.protocol.trace.older;

/** What anybody could write who wants to mislead a reader. */
public interface BlockPort {
    record Submit(long tag, Operation operation) {}

    /** Anything may stand in its place here. */
    sealed interface Operation {}

    record Copied(long tag) implements Operation {}
}
