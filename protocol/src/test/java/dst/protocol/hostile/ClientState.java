package dst.protocol.hostile;

/** Where a client's link is when it is attacked; the states are those of docs/PROTOCOL.md. */
enum ClientState {
    /** Connecting: the link is asked for and not open; no host has bytes of it yet, but a machine must bear them. */
    CONNECTING,
    /** Greeting, and nothing has come yet. */
    BEFORE_PREAMBLE,
    /** Greeting, and the preamble is here. */
    GREETING,
    ATTACHING,
    /** Live, everything settled, much of it retained. */
    LIVE,
    /** Live, with operations of all kinds sent, and others held behind them. */
    LIVE_BUSY,
    /** Live in the next boot, with a replay under way. */
    REPLAYING,
    /** Live, to be detached as soon as everything is settled and flushed. */
    LEAVING
}
