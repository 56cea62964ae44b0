package dst.protocol.hostile;

import dst.protocol.Agreement;
import dst.protocol.Boot;
import dst.protocol.Holder;
import dst.protocol.Unique;

/** What a hostile peer knows of its victim: enough to say the usual, and to be wrong in one thing only. */
final class Known {
    String export = Victims.EXPORT;
    Agreement agreement = Victims.AGREEMENT;
    Unique token = Victims.TOKEN;
    Holder held = Holder.NOBODY;
    Boot boot = Victims.BOOT;
    long epoch;
    long generation;

    /** The id that a client of now would give next. */
    long nextId = 1;

    /** Nothing is ever settled: the server is to keep every answer. */
    boolean hoards;

    /** An odd settled set was sent in this epoch: most ids may count as settled from now on. */
    boolean claimed;
}
