package dst.protocol;

/** What must hold: one of the protocol's {@link Rules}, or what a checker demands that a scenario brought. */
public interface Rule {
    String name();

    /** In plain language. */
    String words();

    /** The protocol's rule of that number; of any other name it is a checker's demand. */
    static Rule named(String name) {
        for (Rules rule : Rules.values()) {
            if (rule.name().equals(name)) {
                return rule;
            }
        }
        return of(name, "what the scenario's own checker demands");
    }

    /** Of a checker, or of a protocol, that somebody else has brought. */
    static Rule of(String name, String words) {
        return new Demand(name, words);
    }

    /** One that is not the protocol's. */
    record Demand(String name, String words) implements Rule {
        @Override
        public String toString() {
            return name;
        }
    }
}
