package dst.scenarios.doctor;

import java.util.Optional;

/** One thing looked for on this machine. {@code found} says what was found; empty means that it is missing. */
record Finding(String what, Optional<String> found, String neededFor, String howToGet, boolean required) {

    static Finding required(String what, Optional<String> found, String neededFor, String howToGet) {
        return new Finding(what, found, neededFor, howToGet, true);
    }

    static Finding optional(String what, Optional<String> found, String neededFor, String howToGet) {
        return new Finding(what, found, neededFor, howToGet, false);
    }
}
