package dst.protocol.trace;

import dst.protocol.Range;

/** What a world did to its hosts, as far as it matters to a judge; not an input of any machine. */
public sealed interface WorldEvent {
    /** Whether a process begins or ends with it: no machine that was on this node lives beyond it. */
    default boolean isOfProcess() {
        return switch (this) {
            case ProcessStarted _, ProcessCrashed _, ProcessEnded _, PowerCut _ -> true;
            case Struck _, Healed _, MediaHolds _, ClockSet _, UsedByOthers _ -> false;
        };
    }

    /** A process began: every machine before it on this node is gone. */
    record ProcessStarted() implements WorldEvent {}

    /** The process ended without having been asked; the kernel and its caches live on. */
    record ProcessCrashed() implements WorldEvent {}

    /** The process ended as it had been asked to. */
    record ProcessEnded() implements WorldEvent {}

    /** The host lost power: a disk of it keeps what was durable and any subset of the rest. */
    record PowerCut() implements WorldEvent {}

    /**
     * A fault of the plan struck: its kind as the plan names it, what it hit, when that is over (not later than now: at once), and the
     * place on a disk that it hit, if there is one.
     */
    record Struck(String fault, String what, long until, Range hit) implements WorldEvent {
        private static final Range NOWHERE = new Range(0, 0);

        public Struck(String fault, String what, long until) {
            this(fault, what, until, NOWHERE);
        }
    }

    /** From here on no fault strikes, and everything has to settle (the second phase). */
    record Healed() implements WorldEvent {}

    /**
     * From here on a host's clock shows this: it showed {@code sinceHost} at {@code sinceWorld}, stands still until then, and
     * gains so many millionths. A machine's own time is known from it; without one its host's clock is the world's.
     */
    record ClockSet(long sinceWorld, long sinceHost, long ppm) implements WorldEvent {
        private static final long MILLION = 1_000_000;

        /** The host's time at a time of the world. */
        public long at(long world) {
            long elapsed = Math.max(0, world - sinceWorld);
            if (ppm == 0) {
                return sinceHost + elapsed;
            }
            return sinceHost + elapsed + elapsed / MILLION * ppm + elapsed % MILLION * ppm / MILLION;
        }
    }

    /** Somebody else than its server has used a disk, and may have written to it: what it holds is not known. */
    record UsedByOthers(int disk) implements WorldEvent {}

    /** At the end, what the media hold in one block: the content's first bytes identify it (see {@link Stamp}). */
    record MediaHolds(int disk, long offset, byte[] content) implements WorldEvent {}
}
