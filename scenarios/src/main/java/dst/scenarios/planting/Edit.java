package dst.scenarios.planting;

/**
 * One change of one method. An edit that finds nothing to change is an error, so that a change of the machines cannot disarm a
 * bug unnoticed.
 *
 * @param type the class, without {@code dst.protocol.}: {@code server.Store}; one of NBD without {@code dst.}: {@code nbd.NbdServer}
 * @param method the method's name; with parameters, {@code advance(int)}, if there are several
 */
public record Edit(String type, String method, Change change) {
    public String className() {
        return (type.startsWith("nbd.") ? "dst." : "dst.protocol.") + type;
    }

    /** What is done to the method. Values and actions are expressions, see {@link Expression}. */
    public sealed interface Change {
        /** Nothing of it runs; this is answered at once. */
        record Return(String value) implements Change {}

        /** All of it runs, and then this is answered. */
        record Answer(String value) implements Change {}

        /** Calls of this name are not made; whoever wanted an answer gets this one. */
        record ReplaceCall(String name, String value) implements Change {}

        /** Calls of this name are made, and what they answer is replaced. */
        record OverrideCall(String name, String value) implements Change {}

        /** The same, but only where the condition is true after the call. */
        record OverrideCallWhen(String name, String when, String value) implements Change {}

        /** Where this field is read, this is read instead. */
        record ReplaceRead(String field, String value) implements Change {}

        /** Where this number stands in the code, the other one stands. */
        record Constant(long from, long to) implements Change {}

        /** At the beginning (an empty {@code after}), or after each call of that name, this is done as well. */
        record Insert(String after, String when, String action) implements Change {}

        /** The same, but the method ends there with this answer. */
        record ReturnWhen(String when, String value) implements Change {}
    }
}
