package dst.protocol;

/** Everything that is wanted so that any bytes can be asked for. */
public sealed interface WholeBlocksOutput {
    /**
     * Whole blocks are to be moved for whoever asked under that tag; answered by {@code Settled}. Tickets count up from 1.
     */
    record Submit(long ticket, long tag, Operation operation) implements WholeBlocksOutput {}

    /** What was asked for is done, or is not. */
    record Completed(long tag, Outcome outcome) implements WholeBlocksOutput {}
}
