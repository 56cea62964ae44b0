package dst.reports.check;

import dst.protocol.BlockPort;
import dst.protocol.ClientControl;
import dst.protocol.Control;
import dst.protocol.Holder;
import dst.protocol.Kind;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Unique;
import dst.protocol.Words;
import dst.protocol.trace.Stamp;
import dst.protocol.trace.Stamp.Content;
import dst.reports.check.Operations.Fate;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * Puts what the clients of one export asked and were told, in their words (offsets begin where the export does), into a
 * {@link Ledger}. Every block written carries its {@link Stamp}, so what a read found is kept as the place of the operation that
 * wrote it.
 */
final class ExportHistory {
    private final Ledger ledger;
    private final Operations operations;
    private final Eras eras;
    private final Findings findings;
    /** No client holds the export, and whoever likes reads it (H5). */
    private boolean shared;
    /** The size of a block is the workload's, and not learned from the device. */
    private final boolean given;

    private Optional<String> unjudgeable = Optional.empty();

    /** A block size of 0 is learned from the device. */
    ExportHistory(int blockSize) {
        this.ledger = new Ledger(blockSize, 0);
        this.operations = ledger.operations;
        this.eras = ledger.eras;
        this.findings = ledger.findings;
        this.given = blockSize > 0;
    }

    void client(long now, String node, Object value) {
        if (value instanceof BlockPort.Submit submitted) {
            submitted(now, node, submitted.tag(), submitted.operation());
        } else if (value instanceof BlockPort.Completed completed) {
            completed(now, completed.tag(), completed.outcome());
        } else if (value instanceof Control.Started started) {
            eras.started(node, started.token(), ledger.moment());
        } else if (value instanceof BlockPort.Changed changed) {
            era(node).grantedAt(ledger.nextMoment(), changed.owed(), shared);
            learn(changed.device().blockSize());
        } else if (value instanceof BlockPort.Failed failed) {
            era(node).endedOrderly(failed.lost());
            if (failed.problem() == Problem.OTHER_DEVICE) {
                era(node).otherDevice();
            }
        } else if (value instanceof ClientControl.Detached detached) {
            era(node).endedOrderly(detached.lost());
        }
    }

    /** From now on whoever submits is one for all, and none comes after another. */
    void oneForAll(String all) {
        eras.started(all, Unique.NONE, ledger.moment());
        era(all).grantedAt(ledger.nextMoment(), false, false);
    }

    /** Its process is gone, or a new one begins. */
    void clientOver(String node) {
        eras.over(node);
    }

    /** Unflushed writes may have been lost. */
    void lossPossible() {
        eras.lossPossible(ledger.nextMoment());
    }

    /** A server has opened it. */
    void opened(boolean toShare, Holder holder) {
        shared = toShare;
        if (!toShare) {
            recorded(holder);
        }
    }

    /** That one is on durable record as its holder. */
    void recorded(Holder holder) {
        if (!holder.token().equals(Unique.NONE)) {
            eras.recorded(holder.token(), ledger.nextMoment());
        }
    }

    void mediaHold(long now, long offset, byte[] held) {
        Content content = Media.content(offset, held, ledger.blockSize());
        ledger.media.hold(offset, found(Proof.MEDIA, now, offset, content), now);
    }

    Checked check(Unknowns unknowns) {
        return unjudgeable.isPresent() ? ledger.unjudged(unjudgeable) : ledger.check(unknowns);
    }

    private Eras.Era era(String node) {
        return eras.era(eras.current(node, ledger.moment()));
    }

    private void learn(int deviceBlockSize) {
        int blockSize = ledger.blockSize();
        // Larger blocks are a whole number of the workload's; smaller ones may be torn within one of them.
        boolean fits = blockSize == 0 || blockSize == deviceBlockSize || (given && deviceBlockSize > blockSize);
        if (!fits) {
            unjudgeable = Optional.of("the device's block size changed from " + blockSize + " to " + deviceBlockSize);
        }
        if (!given) {
            ledger.blockSize(deviceBlockSize);
        }
    }

    private void submitted(long now, String node, long tag, Operation operation) {
        if (operations.find(tag) != TagIndex.ABSENT) {
            unjudgeable = Optional.of("two operations have the tag " + tag);
            return;
        }
        int place = ledger.submitted(
                tag, operation.kind(), operation.durable(), operation.offset(), operation.length(), now, node);
        // What is shorter than a block bears no stamp.
        if (operation instanceof Operation.Write write && write.length() >= Math.max(ledger.blockSize(), Stamp.BYTES)) {
            eras.era(operations.era(place))
                    .writtenBy(write.data().getLong(write.data().readerIndex()));
        }
    }

    private void completed(long now, long tag, Outcome outcome) {
        int place = operations.find(tag);
        if (place == TagIndex.ABSENT) {
            Outcomes.neverSubmitted(tag, now, findings);
            return;
        }
        if (operations.fate(place) != Fate.PENDING) {
            Outcomes.settledTwice(operations, place, now, findings);
            return;
        }
        Fate fate = switch (outcome) {
            case Outcome.Done _ -> Fate.DONE;
            case Outcome.Refused _ -> Fate.REFUSED;
            case Outcome.Unknown _ -> Fate.UNKNOWN;
        };
        ledger.settled(place, fate, now);
        if (outcome instanceof Outcome.Done done && operations.kind(place) == Kind.READ) {
            read(place, done.data());
        }
    }

    private void read(int place, ByteBuf data) {
        int blockSize = ledger.blockSize();
        if (blockSize == 0) {
            unjudgeable = Optional.of("a read was answered before the device was known");
            return;
        }
        if (data.readableBytes() != operations.length(place)) {
            Sentence sentence = Sentence.of(
                    operations.name(place),
                    " asked for ",
                    operations.length(place),
                    " bytes at offset ",
                    operations.offset(place),
                    " and was acknowledged with ",
                    data.readableBytes(),
                    ".");
            findings.add(
                    Rules.R4, operations.endNanos(place), sentence, operations.offset(place), operations.tag(place));
            return;
        }
        if (operations.offset(place) % blockSize != 0 || operations.length(place) % blockSize != 0) {
            return;
        }
        for (int i = 0; i < data.readableBytes(); i += blockSize) {
            long offset = operations.offset(place) + i;
            Content content = Stamp.read(data, data.readerIndex() + i, blockSize, offset);
            operations.saw(place, found(place, operations.endNanos(place), offset, content));
        }
    }

    /** The place of the operation that wrote this; a block that nobody wrote for this place is told at once (R5). */
    private int found(int reader, long now, long offset, Content content) {
        int place = content.state() == Content.State.ZERO ? TagIndex.ABSENT : operations.find(content.tag());
        Sentence wrong = switch (content.state()) {
            case ZERO -> Sentence.EMPTY;
            case WHOLE -> foreign(content, place, offset);
            case MISPLACED -> Sentence.of("holds ", written(content));
            case TORN ->
                Sentence.of(
                        "is ",
                        new Sentence.Torn(),
                        ": it begins ",
                        beginning(content),
                        " and goes on as something else");
            case FOREIGN ->
                Sentence.of(
                        "holds nothing that the workload wrote (its first bytes: ",
                        new Sentence.Name(Words.hex(content.writer())),
                        ")");
        };
        if (wrong.isNothing()) {
            return content.state() == Content.State.ZERO ? Operations.ZERO : place;
        }
        Sentence sentence = Sentence.of(
                reader == Proof.MEDIA
                        ? "at the end the media hold"
                        : operations.name(reader).and(" found"),
                " a bad block at offset ",
                new Sentence.Place(new Range(offset, Math.max(1, ledger.blockSize()))),
                ": it ",
                wrong,
                ".");
        findings.add(Rules.R5, now, sentence, offset, content.tag());
        return Operations.NOTHING;
    }

    private static Sentence beginning(Content content) {
        return content.tag() == 0 ? Sentence.of("with zeros") : Sentence.of("as ", written(content));
    }

    private static Sentence written(Content content) {
        return Sentence.of(
                "what operation ",
                new Sentence.Operation(content.tag()),
                " wrote for offset ",
                new Sentence.Place(new Range(content.wroteFor(), 1)));
    }

    private Sentence foreign(Content content, int place, long offset) {
        Sentence.Operation writer = new Sentence.Operation(content.tag());
        if (place == TagIndex.ABSENT) {
            return Sentence.of("holds what operation ", writer, " wrote, which was never submitted here until now");
        }
        if (!eras.era(operations.era(place)).isWriter(content.writer())) {
            return Sentence.of("holds what another writer, ", content.writer(), ", wrote as operation ", writer);
        }
        boolean covers = operations.kind(place) == Kind.WRITE
                && operations.offset(place) <= offset
                && offset < operations.endOffset(place);
        return covers ? Sentence.EMPTY : Sentence.of("is marked as operation ", writer, ", which does not write there");
    }
}
