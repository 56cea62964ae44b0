package dst.protocol.model;

import java.util.EnumSet;
import java.util.Set;

/** The rules that are kept in one exploration. */
record Rules(Set<Rule> kept) {
    static Rules all() {
        return new Rules(EnumSet.allOf(Rule.class));
    }

    static Rules without(Rule rule) {
        return new Rules(EnumSet.complementOf(EnumSet.of(rule)));
    }

    boolean keep(Rule rule) {
        return kept.contains(rule);
    }
}
