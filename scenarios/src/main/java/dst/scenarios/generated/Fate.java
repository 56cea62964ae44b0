package dst.scenarios.generated;

import dst.protocol.Side;
import java.util.Optional;

/**
 * What became of one mutation in the simulated worlds.
 *
 * @param found the first run that was broken, if one was
 * @param runs so many were tried, that one included
 * @param failure what went wrong where it could not be tried, or dst itself failed with it
 */
record Fate(Mutation mutation, Optional<Found> found, long runs, double seconds, Optional<String> failure) {
    /** Which run showed it, and who was blamed for what. */
    record Found(String scenario, long seed, String rule, Side side) {}

    boolean isFound() {
        return found.isPresent();
    }

    /** It ran, and nothing broke. */
    boolean survived() {
        return found.isEmpty() && failure.isEmpty();
    }

    boolean isBlamedRight() {
        return found.isPresent() && found.get().side() == mutation.side();
    }

    /** Somebody else was blamed; not nobody, as where it is not known who did it, or where no rule covers it. */
    boolean isBlamedWrongly() {
        return found.isPresent()
                && switch (found.get().side()) {
                    case CLIENT, SERVER, DISK, NETWORK -> !isBlamedRight();
                    case RULES, OPEN -> false;
                };
    }
}
