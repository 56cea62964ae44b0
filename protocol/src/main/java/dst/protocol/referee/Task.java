package dst.protocol.referee;

import dst.protocol.Kind;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.protocol.wire.Message;
import dst.protocol.wire.Settled;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A transaction as its server's boundary shows it, in one boot: received, started on the disk, ended there, answered. */
final class Task implements Sentence.Subject {
    final ExportView export;
    final AttachmentView attachment;
    /** Who asked, as far as rules of access go. */
    final String principal;

    final long id;
    final Kind kind;
    final long offset;
    final int length;
    final boolean durable;
    final int asks;
    final int checksum;
    /** Each whole block's checksum, for a WRITE. */
    final int[] blocks;
    /** The settled set that its first copy carried. */
    final Settled settled;
    /** How many changes had been started on the disk when it came. */
    final long changesBefore;

    boolean started;

    /** As it came, as the disk was first given something of it, and as that was over; as it was answered. */
    Crossing seen = Crossing.NONE;

    Crossing startSeen = Crossing.NONE;
    Crossing endSeen = Crossing.NONE;
    Crossing answerSeen = Crossing.NONE;

    /** The last change that was started on the disk before it came. */
    final Crossing changeBefore;

    int runningPieces;
    /** So many bytes from the start on have ended well. */
    int progress;
    /** What the disk said when it failed a piece. */
    @Nullable Problem failed;
    /** Each piece was handed over as durable. */
    boolean passedOn = true;
    /** The sequence at which all of it had ended well; 0 before. */
    long endedAs;

    boolean answered;
    Problem problem = Problem.NONE;
    long execution;
    /** Of the data that the disk gave, block by block; not judged if some piece ended within a block. */
    int[] read = BlockSums.NONE;

    boolean readable = true;

    /** Another attachment's looks the same to a disk: which of them an operation is for is not known. */
    boolean twin;

    Task(ExportView export, AttachmentView attachment, WatchedLink link, Message.Request request, int[] blocks) {
        this.changeBefore = export.disk.changeSeen;
        this.export = export;
        this.attachment = attachment;
        this.principal = link.principal;
        this.id = request.id();
        this.kind = request.kind();
        this.offset = request.offset();
        this.length = request.length();
        this.durable = request.durable();
        this.asks = request.asks();
        this.checksum = request.payloadChecksum();
        this.blocks = blocks;
        this.settled = request.settled();
        this.changesBefore = export.disk.changesStarted;
    }

    /** What the disk gave, from this block of the request on. */
    void keepRead(int from, int[] sums) {
        if (sums.length == 0) {
            return;
        }
        if (read.length < from + sums.length) {
            read = Arrays.copyOf(read, from + sums.length);
        }
        System.arraycopy(sums, 0, read, from, sums.length);
    }

    /** Whether some of it was moved, and some is left: it goes on, whatever changes meanwhile. */
    boolean continues() {
        return started && progress > 0 && progress < length;
    }

    /** Whether that can be a part of this one. */
    boolean mayBe(DiskOperation operation) {
        long from = operation.offset - export.export.start();
        return operation.kind == kind && from >= offset && from + operation.length <= offset + length;
    }

    boolean sameContent(Message.Request copy) {
        return kind == copy.kind()
                && offset == copy.offset()
                && length == copy.length()
                && asks == copy.asks()
                && checksum == copy.payloadChecksum();
    }

    @Override
    public Sentence named() {
        return Sentence.of(
                seen, startSeen, endSeen, answerSeen, new Sentence.Transaction(id, 0, kind, new Range(offset, length)));
    }

    @Override
    public String toString() {
        return named().words();
    }
}
