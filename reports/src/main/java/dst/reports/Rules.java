package dst.reports;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Every promise and rule of docs/PROTOCOL.md by its number, in the fewest words that say what it is about. */
public final class Rules {
    private static final Map<String, String> WORDS = words();

    private Rules() {}

    /** In plain language; what is no number of the protocol's is the name of a checker that the scenario brought. */
    public static String words(String rule) {
        return WORDS.getOrDefault(rule, "what the scenario's own checker demands");
    }

    public static Map<String, String> all() {
        return WORDS;
    }

    private static Map<String, String> words() {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("G1", "while its client lives, no acknowledged write is lost or undone");
        words.put("G2", "what a completed flush covers survives even the client");
        words.put("G3", "a client that was replaced changes nothing any more");
        words.put("G4", "every read returns what was written last");
        words.put("G5", "every operation settles exactly once, and its outcome is true");
        words.put("G6", "when the faults stop, everything settles in bounded time");
        words.put("G7", "neither side depends on how the other is made");
        words.put("G8", "bad bytes get a refusal that names the reason, never harm");
        words.put("H1", "first bytes and checksums are right, or the link is closed");
        words.put("H2", "unknown optional attributes are skipped, unknown required ones refused");
        words.put("H3", "on every link both sides agree on everything, or refuse");
        words.put("H4", "a server speaks only when it alone holds the disk and is ready");
        words.put("H5", "one holder at a time, and a new one only after the old one's work is over");
        words.put("H6", "a changed size, permission or block size is told, never silently used");
        words.put("H7", "nothing in the handshake can be altered");
        words.put("T1", "ids rise by one and are never used again");
        words.put("T2", "a resend repeats id and content, and says that it is one");
        words.put("T3", "an operation is executed at most once, and never after it has settled");
        words.put("T4", "requests and answers of another boot or epoch do not count");
        words.put("T5", "what overlaps waits for its turn");
        words.put("T6", "nobody changes a buffer between sending and settling");
        words.put("T7", "Unknown is told in time, and its blocks are read only when their fate is sure");
        words.put("T8", "Refused is told only if nothing can have been executed");
        words.put("D1", "Done means executed, and flushed or FUA means durable");
        words.put("D2", "execution and commit numbers say what is durable, no more");
        words.put("D3", "a new boot begins with a full replay, before anything else");
        words.put("D4", "retained content has a limit, and is flushed in time");
        words.put("D5", "a failed flush ends the boot, and nothing claims otherwise");
        words.put("D6", "a trimmed block reads as zeros or an earlier content of its own");
        words.put("L1", "a keepalive is sent in silence, and answered");
        words.put("L2", "a dead link gives way to a new one at once");
        words.put("L3", "a lost link is opened again, with pauses");
        words.put("L4", "sending and receiving never wait for each other");
        words.put("L5", "removing flushes first, and has a deadline");
        words.put("L6", "a server that goes away says so, and comes back as if nothing had been");
        words.put("R1", "a length is checked before memory is taken for it");
        words.put("R2", "the server checks range, alignment, permission and flags of every operation");
        words.put("R3", "the disk's errors reach the client as what they are");
        words.put("R4", "a short transfer is finished or reported, never taken for whole");
        words.put("R5", "a reader never sees bytes that are not the device's");
        words.put("R6", "access is refused by default");
        words.put("R7", "memory is bounded, and what was taken comes back");
        return Collections.unmodifiableMap(words);
    }
}
