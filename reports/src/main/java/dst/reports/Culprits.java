package dst.reports;

import dst.protocol.Finding;
import dst.protocol.Rule;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Side;
import dst.protocol.fault.FaultKind;
import dst.protocol.fault.Harm;
import dst.protocol.fault.Harm.To;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The faults that no protocol can survive: they explain a broken promise when nobody was seen breaking a rule. */
final class Culprits {
    /** That two nodes believe to have a disk alone is no fault that strikes: it stands in the plan. */
    private static final Culprit TWO_SERVERS = new Culprit(
            "two-servers",
            new Harm(To.GROUND, Rules.H4, "Two servers used the disk, and it did not turn the second one away."));

    /** Those first that are suspected first. */
    private static final List<Culprit> ALL = Stream.concat(
                    Stream.of(TWO_SERVERS),
                    Stream.of(FaultKind.values())
                            .flatMap(kind -> kind.harm().map(harm -> new Culprit(kind.key(), harm)).stream()))
            .sorted(Comparator.comparing(culprit -> culprit.harm().to()))
            .toList();

    /** What a disk's content can break. */
    private static final Set<Rule> CONTENT =
            Set.of(Rules.G1, Rules.G2, Rules.G3, Rules.G4, Rules.G5, Rules.G6, Rules.R5);

    /** A fault by the name that plans give it, and what it does. */
    private record Culprit(String fault, Harm harm) {
        Rule rule() {
            return harm.rule();
        }

        String did() {
            return harm.did();
        }
    }

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
        Optional<Culprit> culprit = first(harming(To.GROUND), struck)
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
        return first(harming(To.GROUND), struck).isPresent();
    }

    private static Stream<Culprit> harming(To... what) {
        return Stream.of(what)
                .flatMap(to -> ALL.stream().filter(each -> each.harm().to() == to));
    }

    private static Optional<Culprit> first(Stream<Culprit> culprits, Map<String, Long> struck) {
        return culprits.filter(each -> struck.getOrDefault(each.fault(), 0L) > 0)
                .findFirst();
    }

    /** What can have done this, the likeliest first. */
    private static List<Culprit> likely(Finding promise) {
        Stream<Culprit> likely = switch (promise.rule()) {
            case Rules.R5 ->
                holdsAnother(promise.said())
                        ? harming(To.PLACE, To.BLOCK, To.NEIGHBOUR)
                        : harming(To.NEIGHBOUR, To.BLOCK, To.PLACE);
            case Rules.G1, Rules.G2, Rules.G4 -> harming(To.DISK, To.NEIGHBOUR, To.WRITE, To.PLACE, To.BLOCK);
            default -> Stream.of();
        };
        // Of what clients told, and not of what is in a block.
        boolean told = promise.rule().equals(Rules.G5)
                && promise.said().each(Sentence.Place.class).findAny().isEmpty();
        boolean ofContent = CONTENT.contains(promise.rule()) && !told;
        return (ofContent ? Stream.concat(harming(To.GROUND), likely) : likely).toList();
    }

    /** Whole, and written for another place. */
    private static boolean holdsAnother(Sentence said) {
        return said.each(Sentence.Place.class).count() > 1
                && said.each(Sentence.Torn.class).findAny().isEmpty();
    }
}
