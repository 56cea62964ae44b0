package dst.protocol.trace;

/** What a world did to its hosts, as far as it matters to a judge; not an input of any machine. */
public sealed interface WorldEvent {
    /** A process began: every machine before it on this node is gone. */
    record ProcessStarted() implements WorldEvent {}

    /** The process ended without having been asked; the kernel and its caches live on. */
    record ProcessCrashed() implements WorldEvent {}

    /** The host lost power: a disk of it keeps what was durable and any subset of the rest. */
    record PowerCut() implements WorldEvent {}

    /** A fault of the plan struck: its kind as the plan names it, and what it hit. */
    record Struck(String fault, String what) implements WorldEvent {}

    /** From here on no fault strikes, and everything has to settle (the second phase). */
    record Healed() implements WorldEvent {}

    /** At the end, what the media hold in one block: the content's first bytes identify it (see {@link Stamp}). */
    record MediaHolds(long offset, byte[] content) implements WorldEvent {}
}
