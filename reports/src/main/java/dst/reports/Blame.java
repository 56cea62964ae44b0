package dst.reports;

import dst.protocol.Finding;
import dst.protocol.Rule;
import dst.protocol.Sentence;
import dst.protocol.Side;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who broke which rule, when, and what happened. The promise is the one that broke in consequence, if one was seen to; the fault is the
 * one that explains it, if a fault does.
 *
 * @param seen what was found, by which it is known
 */
public record Blame(Finding seen, Rule rule, Side side, Sentence said, Optional<Rule> promise, Optional<String> fault) {

    public long at() {
        return seen.at();
    }

    /** As people read it; nobody else looks into it. */
    public String sentence() {
        return said.words();
    }

    /** Rule and side, for people. */
    public String words() {
        return rule.name() + (side == Side.OPEN ? ", by whom is not known" : " by " + side.words());
    }

    /** Of which operation it speaks, by kind and place, if it speaks of one: the same failure may happen to another one as well. */
    public Optional<String> about() {
        return said.parts().stream()
                .flatMap(part -> switch (part) {
                    case Sentence.Access(long _, var kind, var range) -> Stream.of(kind + " at " + range);
                    case Sentence.Transaction(long _, long _, var kind, var range) -> Stream.of(kind + " at " + range);
                    default -> Stream.empty();
                })
                .findFirst();
    }

    /** What makes two failures the same failure: rule, side, and what happened, whichever operation, place and time. */
    public String fingerprint() {
        return words() + ": " + said.shape();
    }
}
