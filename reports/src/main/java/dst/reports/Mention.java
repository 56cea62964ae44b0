package dst.reports;

import dst.protocol.Kind;
import dst.protocol.Range;
import dst.protocol.Sentence;
import java.util.Optional;

/**
 * An operation that a sentence names, by its tag or by the number of its transaction, 0 being none; the kind is empty if the sentence
 * does not say it.
 */
record Mention(long tag, long transaction, Optional<Kind> kind) {
    static final Mention OF_NONE = new Mention(0, 0, Optional.empty());

    static Mention of(Sentence.Part part) {
        return switch (part) {
            case Sentence.Access(long tag, Kind kind, Range _) -> new Mention(tag, 0, Optional.of(kind));
            case Sentence.Operation(long tag) -> new Mention(tag, 0, Optional.empty());
            case Sentence.Transaction(long id, long tag, Kind kind, Range _) -> new Mention(tag, id, Optional.of(kind));
            case Sentence.Number(long id) -> new Mention(0, id, Optional.empty());
            case Sentence.Text _,
                    Sentence.Count _,
                    Sentence.Name _,
                    Sentence.Time _,
                    Sentence.Place _,
                    Sentence.Torn _,
                    Sentence.Fault _,
                    Sentence.Crossing _ -> OF_NONE;
        };
    }

    boolean isOfNone() {
        return tag == 0 && transaction == 0;
    }

    /** Whether that is of it. A number is used by every client, for another operation. */
    boolean matches(Moment moment) {
        if (tag != 0 && moment.tag() != 0) {
            return tag == moment.tag();
        }
        Event event = moment.event();
        return transaction != 0
                && transaction == event.transaction()
                && (kind.isEmpty() || event.kind().isEmpty() || kind.equals(event.kind()));
    }
}
