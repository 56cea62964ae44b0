package dst.protocol;

/** Every promise and rule of docs/PROTOCOL.md by its number, in the fewest words that say what it is about. */
public enum Rules implements Rule {
    G1("while its client lives, no acknowledged write is lost or undone"),
    G2("what a completed flush covers survives even the client"),
    G3("a client that was replaced changes nothing any more"),
    G4("every read returns what was written last"),
    G5("every operation settles exactly once, and its outcome is true"),
    G6("when the faults stop, everything settles in bounded time"),
    G7("neither side depends on how the other is made"),
    G8("bad bytes get a refusal that names the reason, never harm"),
    H1("first bytes and checksums are right, or the link is closed"),
    H2("unknown optional attributes are skipped, unknown required ones refused"),
    H3("on every link both sides agree on everything, or refuse"),
    H4("a server speaks only when it alone holds the disk and is ready"),
    H5("one holder at a time, and a new one only after the old one's work is over"),
    H6("a changed size, permission or block size is told, never silently used"),
    H7("nothing in the handshake can be altered"),
    T1("ids rise by one and are never used again"),
    T2("a resend repeats id and content, and says that it is one"),
    T3("an operation is executed at most once, and never after it has settled"),
    T4("requests and answers of another boot or epoch do not count"),
    T5("what overlaps waits for its turn"),
    T6("nobody changes a buffer between sending and settling"),
    T7("Unknown is told in time, and its blocks are read only when their fate is sure"),
    T8("Refused is told only if nothing can have been executed"),
    D1("Done means executed, and flushed or FUA means durable"),
    D2("execution and commit numbers say what is durable, no more"),
    D3("a new boot begins with a full replay, before anything else"),
    D4("retained content has a limit, and is flushed in time"),
    D5("a failed flush ends the boot, and nothing claims otherwise"),
    D6("a trimmed block reads as zeros or an earlier content of its own"),
    L1("a keepalive is sent in silence, and answered"),
    L2("a dead link gives way to a new one at once"),
    L3("a lost link is opened again, with pauses"),
    L4("sending and receiving never wait for each other"),
    L5("removing flushes first, and has a deadline"),
    L6("a server that goes away says so, and comes back as if nothing had been"),
    R1("a length is checked before memory is taken for it"),
    R2("the server checks range, alignment, permission and flags of every operation"),
    R3("the disk's errors reach the client as what they are"),
    R4("a short transfer is finished or reported, never taken for whole"),
    R5("a reader never sees bytes that are not the device's"),
    R6("access is refused by default"),
    R7("memory is bounded, and what was taken comes back");

    private final String words;

    Rules(String words) {
        this.words = words;
    }

    @Override
    public String words() {
        return words;
    }
}
