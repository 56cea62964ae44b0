package dst.reports.check;

import static dst.reports.check.Operations.ZERO;

import dst.protocol.Kind;
import dst.protocol.Range;
import dst.protocol.Rule;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.reports.check.Checked.Evidence;
import dst.reports.check.Operations.Fate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Puts what the judge of a block found into one sentence with the operations that prove it. Operations go by their place. */
final class Proof {
    /** Who looked at the media at the end, in place of a read. */
    static final int MEDIA = -4;

    /** Nobody, in place of a read. */
    static final int NOBODY = -5;

    private final Operations operations;
    private final Eras eras;
    private final Findings findings;

    Proof(Operations operations, Eras eras, Findings findings) {
        this.operations = operations;
        this.eras = eras;
        this.findings = findings;
    }

    /** A value, and those of the operations on it that ended first and that were submitted last. */
    record Cluster(int value, int firstToEnd, int lastToStart) {}

    /** A value that was seen by that reader, and a later one that had to survive. */
    record Lost(long offset, int value, int safe, int reader) {}

    /** Two values that would each have to come before the other. SeenBy: who saw that the other happened, if it may not have. */
    void outOfOrder(long offset, Cluster shown, Cluster other, int seenBy) {
        if (findings.isFull()) {
            return;
        }
        int read = shown.lastToStart();
        boolean one = other.firstToEnd() == other.lastToStart();
        boolean follows = shown.firstToEnd() >= 0;
        Sentence sentence = Sentence.of(
                operations.name(read),
                ", submitted at ",
                operations.started(read),
                ", returned ",
                content(shown.value()),
                " at offset ",
                place(offset),
                ", although ",
                operations.name(other.firstToEnd()),
                one && follows ? Sentence.of(", submitted after ", hadEnded(shown.firstToEnd(), shown), ", ") : " ",
                ended(other.firstToEnd(), other),
                " at ",
                operations.ended(other.firstToEnd()),
                one || !follows
                        ? ""
                        : Sentence.of(
                                ", and ",
                                operations.name(other.lastToStart()),
                                " was submitted after ",
                                hadEnded(shown.firstToEnd(), shown)),
                ".");
        List<Long> tags = tags(read, shown.firstToEnd(), other.firstToEnd(), other.lastToStart(), seenBy);
        Evidence evidence = new Evidence(offset, tags, tags(shown.value(), other.value()));
        findings.add(promise(shown, other), operations.endNanos(read), sentence, evidence);
    }

    private Rule promise(Cluster shown, Cluster other) {
        int read = shown.lastToStart();
        int written = other.value();
        if (written >= 0
                && operations.done(written)
                && eras.lossBetween(operations.start(written), operations.end(read))) {
            return Rules.G1;
        }
        if (isOfAnother(shown.value(), read)) {
            return Rules.G3;
        }
        boolean late = shown.value() >= 0
                && operations.fate(shown.value()) == Fate.UNKNOWN
                && operations.end(shown.value()) < operations.start(read);
        return late ? Rules.G5 : Rules.G4;
    }

    /** Whether another client wrote that than the one that read it. */
    private boolean isOfAnother(int written, int read) {
        return written >= 0
                && !eras.era(operations.era(written))
                        .node()
                        .equals(eras.era(operations.era(read)).node());
    }

    /** Witness: who saw that content, if that is how it is known to have been there. */
    void zeroFromNowhere(long offset, int read, int write, int witness) {
        if (findings.isFull()) {
            return;
        }
        Sentence sentence = Sentence.of(
                seen(read),
                "zeros at offset ",
                place(offset),
                ", although ",
                operations.name(write),
                " was acknowledged at ",
                operations.ended(write),
                " and nothing zeroed the block after that.");
        boolean lost = eras.lossBetween(operations.start(write), operations.end(read));
        findings.add(
                lost ? Rules.G1 : Rules.G4,
                operations.endNanos(read),
                sentence,
                new Evidence(offset, tags(read, write, witness), flush(write)));
    }

    void writtenByNoHolder(long offset, int write, int reader, long nanos) {
        if (findings.isFull()) {
            return;
        }
        Eras.Era era = eras.era(operations.era(write));
        boolean late = operations.start(write) >= eras.fence(operations.era(write));
        String why = !era.wasGranted()
                ? " was never granted the export."
                : late
                        ? " submitted it after another client had been granted the export."
                        : " was granted the export only after that.";
        Sentence sentence = Sentence.of(
                seen(reader),
                content(write),
                " at offset ",
                place(offset),
                ", although ",
                new Sentence.Name(era.node()),
                why);
        findings.add(Rules.G3, at(reader, nanos), sentence, evidence(offset, write, reader));
    }

    void refusedWasSeen(long offset, int write, int reader, long nanos) {
        if (findings.isFull()) {
            return;
        }
        Sentence sentence = Sentence.of(
                seen(reader),
                content(write),
                " at offset ",
                place(offset),
                ", although ",
                operations.name(write),
                " was refused at ",
                operations.ended(write),
                ".");
        findings.add(Rules.G5, at(reader, nanos), sentence, evidence(offset, write, reader));
    }

    void twoBeginnings(long offset, int firstValue, int firstReader, int value, int reader) {
        if (findings.isFull()) {
            return;
        }
        Sentence sentence = Sentence.of(
                operations.name(firstReader),
                " returned ",
                content(firstValue),
                " at offset ",
                place(offset),
                " and ",
                operations.name(reader),
                " returned ",
                content(value),
                ": two contents from before the client came back, and only one of them can have survived.");
        long at = Math.max(operations.endNanos(firstReader), operations.endNanos(reader));
        boolean ofAnother = isOfAnother(firstValue, firstReader) || isOfAnother(value, reader);
        findings.add(
                ofAnother ? Rules.G3 : Rules.G2,
                at,
                sentence,
                evidence(offset, firstReader, reader, firstValue, value));
    }

    void changedByItself(long offset, int earlier, int earlierReader, int value, int reader, long nanos) {
        if (findings.isFull()) {
            return;
        }
        Sentence sentence = Sentence.of(
                seen(reader),
                content(value),
                " at offset ",
                place(offset),
                ", although before that ",
                operations.name(earlierReader),
                " had returned ",
                content(earlier),
                " in another life of a client: what survived has changed by itself.");
        findings.add(Rules.G2, at(reader, nanos), sentence, evidence(offset, reader, earlierReader, value, earlier));
    }

    /**
     * An older content is there again although a write that had to survive came over it; by these operations it is known that it
     * came over it.
     */
    void cameBack(Lost lost, long nanos, int... order) {
        if (findings.isFull()) {
            return;
        }
        long offset = lost.offset();
        int value = lost.value();
        int safe = lost.safe();
        int reader = lost.reader();
        Eras.Era era = eras.era(operations.era(safe));
        boolean promised = era.isOrderly() && !era.reportsLost(offset, 1);
        String reason = operations.durable(safe)
                ? "was durable (FUA)"
                : era.flushCovers(operations.end(safe))
                        ? "was covered by a completed flush"
                        : promised
                                ? "was not reported lost when the client ended"
                                : "was not followed by anything that loses a cache, or the next client was told that"
                                        + " nothing is missing";
        Sentence sentence = Sentence.of(
                seen(reader),
                content(value),
                " at offset ",
                place(offset),
                ", although ",
                operations.name(safe),
                " came over it, was acknowledged at ",
                operations.ended(safe),
                " and ",
                reason,
                ".");
        int[] proving = Arrays.copyOf(order, order.length + 1);
        proving[order.length] = reader;
        List<Long> context = new ArrayList<>(tags(value, safe));
        context.addAll(flush(safe));
        Evidence evidence = new Evidence(offset, tags(proving), context);
        findings.add(promised ? Rules.G1 : Rules.G2, at(reader, nanos), sentence, evidence);
    }

    /** The flush without which it would not have had to survive, if it is one. */
    private List<Long> flush(int safe) {
        Eras.Era era = eras.era(operations.era(safe));
        boolean byFlush = !operations.durable(safe) && era.flushCovers(operations.end(safe));
        return byFlush ? tags(era.lastFlush()) : List.of();
    }

    private Evidence evidence(long offset, int... proving) {
        return new Evidence(offset, tags(proving), List.of());
    }

    private Sentence seen(int reader) {
        return reader == MEDIA
                ? Sentence.of("At the end the media hold ")
                : Sentence.of(operations.name(reader), ", submitted at ", operations.started(reader), ", returned ");
    }

    private long at(int reader, long mediaNanos) {
        return reader == MEDIA ? mediaNanos : operations.endNanos(reader);
    }

    private Sentence content(int value) {
        if (value == ZERO || value < 0) {
            return Sentence.of("zeros");
        }
        return operations.kind(value) == Kind.ZERO
                ? Sentence.of("the zeros of ", operations.name(value))
                : Sentence.of("what operation ", new Sentence.Operation(operations.tag(value)), " wrote");
    }

    private Sentence hadEnded(int place, Cluster cluster) {
        Sentence what = operations.kind(place) == Kind.READ
                ? Sentence.of(" had returned ", content(cluster.value()))
                : Sentence.of(" had ended");
        return Sentence.of(operations.name(place), what, " (", operations.ended(place), ")");
    }

    private Sentence ended(int place, Cluster cluster) {
        if (operations.kind(place) == Kind.READ) {
            return Sentence.of("returned ", content(cluster.value()));
        }
        return Sentence.of(operations.done(place) ? "was acknowledged" : "was told to be unknown");
    }

    private List<Long> tags(int... some) {
        List<Long> tags = new ArrayList<>();
        for (int place : some) {
            if (place >= 0 && !tags.contains(operations.tag(place))) {
                tags.add(operations.tag(place));
            }
        }
        return tags;
    }

    private static Sentence.Place place(long offset) {
        return new Sentence.Place(new Range(offset, 1));
    }
}
