package dst.protocol.nbd;

import dst.protocol.Closing;
import dst.protocol.Operation;
import io.netty.buffer.ByteBuf;

/** Everything that one connection of an NBD server wants done. */
public sealed interface NbdServerOutput {
    record Send(ByteBuf bytes) implements NbdServerOutput {}

    /** Nothing more is sent or wanted; what was sent still goes out. Whatever was submitted still settles. */
    record Close(Closing closing) implements NbdServerOutput {}

    /** Whether the machine wants to be given what arrives (backpressure). */
    record Reading(boolean wanted) implements NbdServerOutput {}

    /**
     * The peer wants to use this export, or to know of it first; answered by {@code Opened} or {@code OpenRefused}. It may come
     * several times on a connection, one after the other: the export of the last answer before the first Submit is the one that
     * is used.
     */
    record Open(String export) implements NbdServerOutput {}

    /** The peer wants to know which exports it would be given; answered by {@code Listed}. */
    record List() implements NbdServerOutput {}

    /** Do this to the export that was opened; answered by {@code Completed}. Tags count up from 1. */
    record Submit(long tag, Operation operation) implements NbdServerOutput {}

    /** Where is something allocated? Answered by {@code Mapped}. */
    record Map(long tag, long offset, int length) implements NbdServerOutput {}

    /**
     * The next request needs so much more of the host's memory than was granted; answered by {@code Granted} as soon as there is so
     * much. It replaces what was said before; 0: nothing more is wanted.
     */
    record Wants(long bytes) implements NbdServerOutput {}

    /** So much of what was granted is not needed any more. What is left of it after {@code Close} the host knows. */
    record GivesBack(long bytes) implements NbdServerOutput {}

    /** For a person to read. */
    record Noted(String text) implements NbdServerOutput {}
}
