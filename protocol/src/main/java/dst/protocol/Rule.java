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
        return new Demand(name);
    }

    /** Of a checker that is not the protocol's. */
    record Demand(String name) implements Rule {
        @Override
        public String words() {
            return "what the scenario's own checker demands";
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
