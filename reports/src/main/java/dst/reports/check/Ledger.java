package dst.reports.check;

import dst.protocol.Kind;
import dst.reports.check.Checked.Counts;
import dst.reports.check.Operations.Fate;
import java.util.Optional;

/**
 * The core of the history checkers: one export's operations as columns of numbers, told in the order of events and judged in
 * O(n log n), without search. An operation goes by its place, which is how many were submitted before it; what a block holds goes by
 * the place of the operation that wrote it.
 */
public final class Ledger {
    /** What a read found where nothing was written, or zeros were. */
    public static final int ZERO = Operations.ZERO;

    /** What a read found in a block that proves nothing. */
    public static final int NOTHING = Operations.NOTHING;

    private static final String CLIENT = "client";

    final Operations operations;
    final Eras eras = new Eras();
    final Media media = new Media();
    final Findings findings = new Findings();
    private int blockSize;
    private int moment;

    /** Of one client that holds the export from the beginning to the end; room for so many operations at first. */
    public static Ledger ofOneClient(int blockSize, int expected) {
        Ledger ledger = new Ledger(blockSize, expected);
        ledger.eras.era(ledger.eras.current(CLIENT, 0)).grantedAt(ledger.nextMoment(), false, false);
        return ledger;
    }

    /** A block size of 0 is learned later. */
    Ledger(int blockSize, int expected) {
        this.blockSize = blockSize;
        this.operations = new Operations(expected);
    }

    int blockSize() {
        return blockSize;
    }

    void blockSize(int learned) {
        blockSize = learned;
    }

    int moment() {
        return moment;
    }

    int nextMoment() {
        return ++moment;
    }

    /** The only client submits one; answers its place. Its tag is nobody else's. */
    public int submitted(long tag, Kind kind, boolean durable, long offset, int length, long now) {
        return submitted(tag, kind, durable, offset, length, now, CLIENT);
    }

    int submitted(long tag, Kind kind, boolean durable, long offset, int length, long now, String node) {
        int era = eras.current(node, moment);
        int place = operations.submitted(tag, kind, durable, offset, length);
        operations.began(place, era, ++moment, now);
        return place;
    }

    /** What a read that is Done found in its next block; blocks are told in order. */
    public void found(int place, int writer) {
        operations.saw(place, writer);
    }

    public void done(int place, long now) {
        settled(place, Fate.DONE, now);
    }

    public void refused(int place, long now) {
        settled(place, Fate.REFUSED, now);
    }

    public void unknown(int place, long now) {
        settled(place, Fate.UNKNOWN, now);
    }

    void settled(int place, Fate fate, long now) {
        operations.settled(place, fate, ++moment, now);
        if (fate == Fate.DONE && operations.kind(place) == Kind.FLUSH) {
            eras.era(operations.era(place)).flushed(place, operations.start(place));
        }
    }

    /** Power is cut: the client is gone, and whatever was not flushed may be. */
    public void powerCut() {
        eras.over(CLIENT);
        eras.lossPossible(nextMoment());
    }

    /** The client is back, and told that something may be missing. */
    public void restarted() {
        eras.era(eras.current(CLIENT, moment)).grantedAt(nextMoment(), true, false);
    }

    /** Nothing is told any more. */
    void sortEras() {
        operations.renumberEras(eras.sortByGrant());
    }

    /** Judges all of it, once. */
    public Checked check(Unknowns unknowns) {
        Counts counts = new Counts(operations.size(), 0, 0, 0, eras.count());
        Optional<String> failed = Optional.empty();
        try {
            sortEras();
            Outcomes.check(operations, eras, findings);
            Fence.check(operations, eras, findings);
            Blocks blocks = Blocks.of(operations, media, Math.max(blockSize, 1));
            Proof proof = new Proof(operations, eras, findings);
            blocks.forEach(new Register(operations, eras, unknowns, blockSize, proof));
            counts = new Counts(operations.size(), blocks.readBlocks(), media.count(), blocks.count(), eras.count());
        } catch (RuntimeException | AssertionError wrong) {
            failed = Optional.of("the history checker failed: " + wrong);
        }
        findings.sort();
        return new Checked(findings.findings(), findings.evidence(), failed, counts);
    }

    /** What is known so far, not judged. */
    Checked unjudged(Optional<String> why) {
        Counts counts = new Counts(operations.size(), 0, 0, 0, eras.count());
        return new Checked(findings.findings(), findings.evidence(), why, counts);
    }
}
