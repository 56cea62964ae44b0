package dst.realnode.net;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why a socket's call failed, in words: without the call's name, its number, and the address that is said already. */
final class Failure {
    /** As in {@code bind(..) failed with error(-98): Address already in use: /127.0.0.1:4800}. */
    private static final Pattern TOLD =
            Pattern.compile("(?:\\w+\\(\\.\\.\\) failed(?: with error\\(-?\\d+\\))?: )?(.*?)(?:: \\S*/[^ ]*)?");

    private Failure() {}

    static String words(Throwable cause) {
        String message = cause.getMessage();
        if (message == null || message.isBlank()) {
            return cause.getClass().getSimpleName();
        }
        Matcher told = TOLD.matcher(message);
        String words = told.matches() ? told.group(1) : message;
        return words.length() > 1 && Character.isLowerCase(words.charAt(1))
                ? words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1)
                : words;
    }

    /** What is said of an address at which nobody can listen: what is wrong, and what to do. */
    static String ofListening(Address address, Throwable cause) {
        String words = words(cause);
        return switch (words) {
            case "address already in use" ->
                words + " by " + Listening.at(address) + ": stop that one, or choose another address";
            case "cannot assign requested address" ->
                "this machine has no such address: name one of its own, or [::] for all of them";
            case "permission denied" ->
                address instanceof Address.Unix
                        ? words + ": this user has to be able to write to the folder"
                        : words + ": ports below 1024 are for root alone: choose a higher one";
            default -> words + ": choose another address";
        };
    }
}
