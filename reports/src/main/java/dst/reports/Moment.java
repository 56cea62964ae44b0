package dst.reports;

import dst.protocol.Range;
import dst.protocol.Sentence.Crossing;

/**
 * One thing that happened, as data. The range is what it concerns on the device (of length 0: nothing in particular), the tag is the
 * submitter's name of the operation (0: none).
 *
 * @param crossing by which findings name it; none for what did not cross a boundary
 */
public record Moment(long at, Way way, Event event, Range range, long tag, Crossing crossing) {
    static final Range NOWHERE = new Range(0, 0);

    Moment(long at, Way way, Event event, Range range, long tag) {
        this(at, way, event, range, tag, Crossing.NONE);
    }

    public Sort sort() {
        return event.sort();
    }

    /** A fault lasts until a time of its own; everything else happens at once. */
    long until() {
        return event instanceof Event.Struck struck ? Math.max(at, struck.until()) : at;
    }

    boolean concerns(Range other) {
        return range.length() > 0 && range.overlaps(other.offset(), other.end());
    }

    /** As people read it; nobody else looks into it. */
    public String words() {
        return Phrases.of(this);
    }

    /** What sort of thing; the earlier ones say more to somebody who reads a failure. */
    public enum Sort {
        FAULT,
        /** By the world itself. */
        FOUND,
        PROCESS,
        BOOT,
        OUTCOME,
        SUBMITTED,
        DISK,
        MESSAGE,
        ARRIVAL,
        LINK,
        OTHER,
        /** Shown only where something was found in it. */
        QUIET
    }
}
