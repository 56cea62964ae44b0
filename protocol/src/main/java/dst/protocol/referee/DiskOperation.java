package dst.protocol.referee;

import dst.protocol.Boot;
import dst.protocol.DiskRequest;
import dst.protocol.Kind;
import dst.protocol.Range;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import org.jspecify.annotations.Nullable;

/** One operation that a server gave to a disk; its data is known by block checksums alone. */
final class DiskOperation implements Sentence.Subject {
    static final long[] NO_BLOCKS = new long[0];

    final long ticket;
    /** Null for a forget. */
    final @Nullable Kind kind;

    final long transaction;
    final long offset;
    final int length;
    final boolean durable;
    final boolean changes;
    /** For a write: of each whole block, the checksum of all of it above that of its first bytes. */
    final long[] blocks;

    /** On whose behalf; null for the server's own, or if that is not known. */
    @Nullable Task task;

    Boot boot = Boot.NONE;
    long startedAt;
    Crossing seen = Crossing.NONE;
    long sequence;
    /** On the disk's own clock, which no process restarts. */
    long begun;
    /** Among the changes of its boot. */
    long change;
    /** For a flush: the oldest change that ran as it was issued, and how many had ended. */
    long oldestRunning;

    long endedBefore;

    DiskOperation(DiskRequest request, long[] blocks) {
        this.ticket = request.ticket();
        this.transaction = request.transaction();
        this.blocks = blocks;
        switch (request) {
            case DiskRequest.Read it -> {
                kind = Kind.READ;
                offset = it.offset();
                length = it.length();
                durable = false;
            }
            case DiskRequest.Write it -> {
                kind = Kind.WRITE;
                offset = it.offset();
                length = it.data().readableBytes();
                durable = it.durable();
            }
            case DiskRequest.Zero it -> {
                kind = Kind.ZERO;
                offset = it.offset();
                length = it.length();
                durable = it.durable();
            }
            case DiskRequest.Trim it -> {
                kind = Kind.TRIM;
                offset = it.offset();
                length = it.length();
                durable = false;
            }
            case DiskRequest.Flush it -> {
                kind = Kind.FLUSH;
                offset = 0;
                length = 0;
                durable = false;
            }
            case DiskRequest.Forget it -> {
                kind = null;
                offset = 0;
                length = 0;
                durable = false;
            }
        }
        this.changes = kind != null && kind.changes();
    }

    long end() {
        return offset + length;
    }

    boolean conflictsWith(DiskOperation other) {
        return offset < other.end() && other.offset < end() && (changes || other.changes);
    }

    @Override
    public Sentence named() {
        Sentence what = kind == null
                ? Sentence.of(seen, "forget")
                : Sentence.of(seen, new Sentence.Access(0, kind, new Range(offset, length)));
        return task == null ? what : what.and(" for ", task);
    }

    @Override
    public String toString() {
        return named().words();
    }
}
