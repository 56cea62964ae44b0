package dst.realnode.disk;

import java.util.Optional;

/**
 * Whether the disk that is there is the one that a state is of, told by what is known of it beside its content. What speaks against it
 * is refused: to go on would lose what clients were told is durable.
 */
final class Recognition {
    private final State state;
    private final Likeness known;

    /** What was found. */
    record Found(long size, String origin, boolean holdsData, Optional<Mark> mark) {
        Likeness likeness(long openings) {
            return new Likeness(size, origin, openings, holdsData);
        }
    }

    private Recognition(State state, Likeness known) {
        this.state = state;
        this.known = known;
    }

    /** What speaks against it, as the end of a sentence about the disk; empty: nothing does. */
    static Optional<String> objection(State state, Found found) {
        return state.disk().flatMap(known -> new Recognition(state, known).objection(found));
    }

    private Optional<String> objection(Found found) {
        Optional<Mark> others = found.mark().filter(mark -> !mark.identity().equals(state.identity()));
        if (others.isPresent()) {
            return Optional.of("bears the mark of another disk (" + others.get().identity() + ")");
        }
        if (found.size() < known.size()) {
            return Optional.of("has " + found.size() + " bytes, and had " + known.size());
        }
        if (known.holdsData() && !found.holdsData()) {
            return Optional.of("holds nothing at all, and held data: it was emptied, or made anew");
        }
        return found.mark().isPresent() ? age(found.mark().get()) : origin(found);
    }

    /** A mark and the count in the state go together; a crash may have come between the two. */
    private Optional<String> age(Mark mark) {
        if (mark.openings() < known.openings()) {
            return Optional.of("is an earlier copy: its mark is of opening " + mark.openings()
                    + ", its state of opening " + known.openings() + ": it was restored without its state");
        }
        if (mark.openings() > known.openings() + 1) {
            return Optional.of("is newer than its state: its mark is of opening " + mark.openings()
                    + ", its state of opening " + known.openings() + ": the state was restored without the disk");
        }
        return Optional.empty();
    }

    /** Without a mark: a state that was copied came with its disk, one that is where it was written did not. */
    private Optional<String> origin(Found found) {
        boolean same = !known.origin().isEmpty() && known.origin().equals(found.origin());
        boolean canBeTold = known.openings() > 0
                || (!known.origin().isEmpty() && !found.origin().isEmpty());
        return !same && canBeTold && state.isWhereItWasWritten()
                ? Optional.of("is another one than before, put in its place: "
                        + (known.openings() > 0
                                ? "it has not the mark that the disk had"
                                : "it was made at another time, or has another name of its own"))
                : Optional.empty();
    }

    /** What is no reason to refuse, and is to be known; empty: nothing. */
    static Optional<String> remark(State state, Found found) {
        if (!state.knowsDisk()) {
            return found.mark()
                    .map(mark -> "there is no state of it here, but it had one (" + mark.identity()
                            + "): that was deleted, or is in another folder. It gets a new identity: clients that know the old one"
                            + " are told that this is another device, and fail");
        }
        if (state.disk().isEmpty()) {
            return Optional.empty();
        }
        Likeness known = state.disk().get();
        if (found.size() > known.size()) {
            return Optional.of("has grown from " + known.size() + " to " + found.size() + " bytes");
        }
        return !known.origin().equals(found.origin()) && !known.origin().isEmpty()
                ? Optional.of("was moved or copied, together with its state or its mark")
                : Optional.empty();
    }
}
