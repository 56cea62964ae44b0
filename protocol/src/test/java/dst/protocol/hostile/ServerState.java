package dst.protocol.hostile;

/** Where a server's link is when it is attacked; the phases are those of docs/PROTOCOL.md. */
enum ServerState {
    /** Greeting, and nothing has come yet. */
    BEFORE_PREAMBLE,
    /** Greeting, and the preamble is here. */
    GREETING,
    PROPOSED,
    /** Granting: the old holder's operations run. */
    GRANTING_DRAINING,
    /** Granting: the new holder is being made durable. */
    GRANTING_PERSISTING,
    /** Live, and everything that is asked ends at once. */
    LIVE,
    /** Live, with requests held, running and answered. */
    LIVE_BUSY,
    /** Live, and not listened to: it asked too much, or reads nothing (R7). */
    PAUSED
}
