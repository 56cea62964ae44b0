package dst.reports;

import dst.protocol.Finding;
import dst.protocol.Rule;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Side;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The faults that no protocol can survive: they explain a broken promise when nobody was seen breaking a rule. */
final class Culprits {
    private static final Culprit LYING_FLUSH = new Culprit(
            "lying-flush", Rules.D1, "The disk said that a flush or a durable write had ended well and did nothing.");
    private static final Culprit LOST_WRITE =
            new Culprit("lost-write", Rules.D1, "The disk said that a write had ended well and dropped it.");
    private static final Culprit OLDER_DISK = new Culprit(
            "older-disk",
            Rules.D1,
            "The disk came back with what it had held at an earlier flush, as from a restored backup.");
    private static final Culprit MISDIRECT =
            new Culprit("misdirect", Rules.R5, "The disk put a write one block too far.");
    private static final Culprit BIT_ROT = new Culprit("bit-rot", Rules.R5, "The disk let a block rot.");
    private static final Culprit REPLACE_DISK =
            new Culprit("replace-disk", Rules.H5, "The disk was replaced by another one, which knows nothing of this.");

    private static final Culprit TWO_SERVERS =
            new Culprit("two-servers", Rules.H4, "Two servers used the disk, and it did not turn the second one away.");
    private static final Culprit OLDER_STATE = new Culprit(
            "older-state",
            Rules.H5,
            "What was stored beside the disk (holder, boot counter) came back as it had been at an earlier time.");
    private static final Culprit TORN_NEIGHBOUR = new Culprit(
            "torn-neighbour", Rules.D1, "A power cut tore a write and harmed a block beside it that was on the media.");

    /** They break the ground that everything stands on: whatever follows is theirs, whichever rule it shows at first. */
    private static final List<Culprit> GROUND = List.of(TWO_SERVERS, OLDER_STATE);

    private static final List<Culprit> ALL = List.of(
            TWO_SERVERS,
            OLDER_STATE,
            TORN_NEIGHBOUR,
            LYING_FLUSH,
            LOST_WRITE,
            OLDER_DISK,
            MISDIRECT,
            BIT_ROT,
            REPLACE_DISK);

    /** What a disk's content can break. */
    private static final Set<Rule> CONTENT =
            Set.of(Rules.G1, Rules.G2, Rules.G3, Rules.G4, Rules.G5, Rules.G6, Rules.R5);

    /** A fault by the name that plans give it, the rule that it makes the disk break, and what the disk did. */
    private record Culprit(String fault, Rule rule, String did) {}

    private Culprits() {}

    /** The blame for a promise that is broken while nobody was seen breaking a rule. */
    static Blame of(Finding promise, Map<String, Long> struck) {
        for (Culprit culprit : likely(promise)) {
            if (struck.getOrDefault(culprit.fault(), 0L) > 0) {
                return new Blame(
                        promise,
                        culprit.rule(),
                        Side.DISK,
                        promise.said().and(" ", culprit.did()),
                        Optional.of(promise.rule()).filter(rule -> !rule.equals(culprit.rule())),
                        Optional.of(culprit.fault()));
            }
        }
        return new Blame(promise, promise.rule(), Side.RULES, promise.said(), Optional.empty(), Optional.empty());
    }

    /**
     * The blame for a disk that was seen to break a rule: the fault behind it names the rule, so that one fault is one failure,
     * whichever of its consequences came to light first. Of several that struck, one that breaks the very rule that was seen.
     */
    static Blame behind(Finding conviction, Optional<Rule> promise, Map<String, Long> struck) {
        Optional<Culprit> culprit = first(GROUND.stream(), struck)
                .or(() -> first(ALL.stream().filter(each -> each.rule().equals(conviction.rule())), struck))
                .or(() -> first(ALL.stream(), struck));
        Rule rule = culprit.map(Culprit::rule).orElse(conviction.rule());
        return new Blame(
                conviction,
                rule,
                conviction.side(),
                culprit.filter(each -> !each.rule().equals(conviction.rule()))
                        .map(each -> conviction.said().and(isWhole(conviction) ? " " : ". ", each.did()))
                        .orElse(conviction.said()),
                promise.filter(broken -> !broken.equals(rule)),
                culprit.map(Culprit::fault));
    }

    /** What checkers of histories find ends as a sentence does. */
    private static boolean isWhole(Finding finding) {
        return finding.said().parts().getLast() instanceof Sentence.Text(String words) && words.endsWith(".");
    }

    /** Whether a fault has struck that takes the ground from under everything. */
    static boolean ofGround(Map<String, Long> struck) {
        return first(GROUND.stream(), struck).isPresent();
    }

    private static Optional<Culprit> first(Stream<Culprit> culprits, Map<String, Long> struck) {
        return culprits.filter(each -> struck.getOrDefault(each.fault(), 0L) > 0)
                .findFirst();
    }

    /** What can have done this, the likeliest first. */
    private static List<Culprit> likely(Finding promise) {
        List<Culprit> likely = switch (promise.rule()) {
            case Rules.R5 ->
                holdsAnother(promise.said())
                        ? List.of(MISDIRECT, BIT_ROT, TORN_NEIGHBOUR)
                        : List.of(TORN_NEIGHBOUR, BIT_ROT, MISDIRECT);
            case Rules.G1, Rules.G2, Rules.G4 ->
                List.of(REPLACE_DISK, OLDER_DISK, TORN_NEIGHBOUR, LYING_FLUSH, LOST_WRITE, MISDIRECT, BIT_ROT);
            default -> List.of();
        };
        // Of what clients told, and not of what is in a block.
        boolean told = promise.rule().equals(Rules.G5)
                && promise.said().each(Sentence.Place.class).findAny().isEmpty();
        boolean ofContent = CONTENT.contains(promise.rule()) && !told;
        return ofContent ? Stream.concat(GROUND.stream(), likely.stream()).toList() : likely;
    }

    /** Whole, and written for another place. */
    private static boolean holdsAnother(Sentence said) {
        return said.each(Sentence.Place.class).count() > 1
                && said.each(Sentence.Torn.class).findAny().isEmpty();
    }
}
