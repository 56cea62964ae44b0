package dst.scenarios.doctor;

import java.util.Optional;

/** One thing looked for on this machine. {@code found} says what was found; empty means that it is missing. */
record Prerequisite(String what, Optional<String> found, String neededFor, String howToGet, boolean required) {

    static Prerequisite required(String what, Optional<String> found, String neededFor, String howToGet) {
        return new Prerequisite(what, found, neededFor, howToGet, true);
    }

    static Prerequisite optional(String what, Optional<String> found, String neededFor, String howToGet) {
        return new Prerequisite(what, found, neededFor, howToGet, false);
    }
}
