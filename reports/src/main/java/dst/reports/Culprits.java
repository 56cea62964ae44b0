package dst.reports;

import dst.protocol.Finding;
import dst.protocol.Side;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The faults that no protocol can survive: they explain a broken promise when nobody was seen breaking a rule. */
final class Culprits {
    private static final Culprit LYING_FLUSH = new Culprit(
            "lying-flush", "D1", "The disk said that a flush or a durable write had ended well and did nothing.");
    private static final Culprit LOST_WRITE =
            new Culprit("lost-write", "D1", "The disk said that a write had ended well and dropped it.");
    private static final Culprit OLDER_DISK = new Culprit(
            "older-disk",
            "D1",
            "The disk came back with what it had held at an earlier flush, as from a restored backup.");
    private static final Culprit MISDIRECT = new Culprit("misdirect", "R5", "The disk put a write one block too far.");
    private static final Culprit BIT_ROT = new Culprit("bit-rot", "R5", "The disk let a block rot.");
    private static final Culprit REPLACE_DISK =
            new Culprit("replace-disk", "H5", "The disk was replaced by another one, which knows nothing of this.");

    private static final Culprit TWO_SERVERS =
            new Culprit("two-servers", "H4", "Two servers used the disk, and it did not turn the second one away.");
    private static final Culprit OLDER_STATE = new Culprit(
            "older-state",
            "H5",
            "What was stored beside the disk (holder, boot counter) came back as it had been at an earlier time.");
    private static final Culprit TORN_NEIGHBOUR = new Culprit(
            "torn-neighbour", "D1", "A power cut tore a write and harmed a block beside it that was on the media.");

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

    /** A fault by the name that plans give it, the rule that it makes the disk break, and what the disk did. */
    private record Culprit(String fault, String rule, String sentence) {}

    private Culprits() {}

    /** The blame for a promise that is broken while nobody was seen breaking a rule. */
    static Blame of(Finding promise, Map<String, Long> struck) {
        for (Culprit culprit : likely(promise)) {
            if (struck.getOrDefault(culprit.fault(), 0L) > 0) {
                return new Blame(
                        culprit.rule(),
                        Side.DISK,
                        promise.at(),
                        promise.sentence() + " " + culprit.sentence(),
                        Optional.of(promise.rule()).filter(rule -> !rule.equals(culprit.rule())),
                        Optional.of(culprit.fault()));
            }
        }
        return new Blame(
                promise.rule(), Side.RULES, promise.at(), promise.sentence(), Optional.empty(), Optional.empty());
    }

    /**
     * The blame for a disk that was seen to break a rule: the fault behind it names the rule, so that one fault is one failure,
     * whichever of its consequences came to light first. Of several that struck, one that breaks the very rule that was seen.
     */
    static Blame behind(Finding conviction, Optional<String> promise, Map<String, Long> struck) {
        Optional<Culprit> culprit = first(GROUND.stream(), struck)
                .or(() -> first(ALL.stream().filter(each -> each.rule().equals(conviction.rule())), struck))
                .or(() -> first(ALL.stream(), struck));
        String rule = culprit.map(Culprit::rule).orElse(conviction.rule());
        return new Blame(
                rule,
                conviction.side(),
                conviction.at(),
                culprit.filter(each -> !each.rule().equals(conviction.rule()))
                        .map(each -> whole(conviction.sentence()) + " " + each.sentence())
                        .orElse(conviction.sentence()),
                promise.filter(broken -> !broken.equals(rule)),
                culprit.map(Culprit::fault));
    }

    private static String whole(String sentence) {
        return sentence.endsWith(".") ? sentence : sentence + ".";
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
            case "R5" ->
                promise.sentence().contains("it holds what operation")
                        ? List.of(MISDIRECT, BIT_ROT, TORN_NEIGHBOUR)
                        : List.of(TORN_NEIGHBOUR, BIT_ROT, MISDIRECT);
            case "G1", "G2", "G4" ->
                List.of(REPLACE_DISK, OLDER_DISK, TORN_NEIGHBOUR, LYING_FLUSH, LOST_WRITE, MISDIRECT, BIT_ROT);
            default -> List.of();
        };
        boolean told = promise.rule().equals("G5") && promise.sentence().contains("settled");
        boolean ofContent = promise.rule().matches("G[1-6]|R5") && !told;
        return ofContent ? Stream.concat(GROUND.stream(), likely.stream()).toList() : likely;
    }
}
