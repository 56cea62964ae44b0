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

    /** The fault that made a convicted disk do it, if one that struck can have. */
    static Optional<String> behind(Finding conviction, Map<String, Long> struck) {
        if (conviction.side() != Side.DISK) {
            return Optional.empty();
        }
        return Stream.of(LYING_FLUSH, LOST_WRITE, OLDER_DISK, MISDIRECT, BIT_ROT, REPLACE_DISK)
                .filter(culprit -> culprit.rule().equals(conviction.rule()))
                .map(Culprit::fault)
                .filter(fault -> struck.getOrDefault(fault, 0L) > 0)
                .findFirst();
    }

    /** What can have done this, the likeliest first. */
    private static List<Culprit> likely(Finding promise) {
        return switch (promise.rule()) {
            case "R5" ->
                promise.sentence().contains("it holds what operation")
                        ? List.of(MISDIRECT, BIT_ROT)
                        : List.of(BIT_ROT, MISDIRECT);
            case "G1", "G2", "G4" -> List.of(REPLACE_DISK, OLDER_DISK, LYING_FLUSH, LOST_WRITE, MISDIRECT, BIT_ROT);
            default -> List.of();
        };
    }
}
