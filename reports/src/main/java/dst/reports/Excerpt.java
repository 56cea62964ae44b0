package dst.reports;

import dst.protocol.Finding;
import dst.protocol.Kind;
import dst.protocol.Range;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.protocol.Side;
import dst.reports.Moment.Sort;
import dst.reports.check.Checked;
import dst.reports.check.Checked.Evidence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The few moments of a run that a person has to see to understand who broke what, in the order of time. */
public final class Excerpt {
    private static final int LINES_MAX = 14;
    /** Of what happened to the whole world, so that it does not crowd out what happened to the block. */
    private static final int AROUND_MAX = 5;

    /** Of one kind of fault, so that it does not crowd out the others. */
    private static final int ALIKE_MAX = 2;

    private static final int AT_BREACH = 25;

    /** What the very machine was given or gave that did wrong. */
    private static final int AT_PART = 45;

    private static final long MICRO = 1_000;

    private final List<Range> places = new ArrayList<>();
    private final List<Mention> mentions = new ArrayList<>();
    private final Set<Long> tags = new HashSet<>();
    private final Set<Mention> transactions = new HashSet<>();
    /** People read them in microseconds, and so do two that look alike count as one. */
    private final Set<Long> times = new HashSet<>();

    private final Set<String> faults = new HashSet<>();

    /**
     * One moment to show. The guilty one is what the blame speaks of, and a proof is of an operation that it speaks of; without one
     * that is needed the sentence cannot be understood.
     */
    public record Line(Moment moment, boolean guilty, boolean proof, boolean needed) {}

    private final boolean nothingNamed;

    /** Whether the disk is to blame: what it did and said matters as much as what was said about it. */
    private final boolean disk;

    private final long at;

    /** How the lanes of the side that is to blame begin. */
    private final String side;

    private record Candidate(int index, double weight) {}

    /** The guilty machine within what its host runs, by node, kind and number; of others it is nothing. */
    private List<Object> part = List.of();

    private Excerpt(Blame blame, Checked history, Sentence nearest) {
        disk = blame.side() == Side.DISK;
        at = blame.at();
        side = switch (blame.side()) {
            case CLIENT -> "client";
            case SERVER -> "server";
            case DISK -> "disk";
            case NETWORK, RULES, OPEN -> "-";
        };
        blame.fault().ifPresent(faults::add);
        nearest.each(Sentence.Fault.class).forEach(fault -> faults.add(fault.kind()));
        nearest.each(Sentence.Operation.class).forEach(operation -> tags.add(operation.tag()));
        blame.said().parts().forEach(this::names);
        blame.said().parts().stream()
                .map(Mention::of)
                .filter(mention -> !mention.isOfNone())
                .forEach(mentions::add);
        for (int i = 0; i < history.findings().size(); i++) {
            if (history.findings().get(i).equals(blame.seen())) {
                Evidence evidence = history.evidence().get(i);
                tags.addAll(evidence.tags());
                tags.addAll(evidence.context());
                evidence.tags().forEach(tag -> mentions.add(new Mention(tag, 0, Optional.empty())));
            }
        }
        nothingNamed = places.isEmpty() && tags.isEmpty() && transactions.isEmpty();
    }

    private void names(Sentence.Part part) {
        switch (part) {
            case Sentence.Access(long tag, Kind _, Range range) -> {
                operation(tag);
                place(range);
            }
            case Sentence.Transaction(long _, long tag, Kind _, Range range) -> {
                operation(tag);
                place(range);
                transactions.add(Mention.of(part));
            }
            case Sentence.Number _ -> transactions.add(Mention.of(part));
            case Sentence.Operation(long tag) -> operation(tag);
            case Sentence.Place(Range range) -> place(range);
            case Sentence.Time(long nanos) -> times.add(nanos / MICRO);
            case Sentence.Fault(String kind) -> faults.add(kind);
            case Sentence.Text _, Sentence.Count _, Sentence.Name _, Sentence.Torn _, Sentence.Crossing _ -> {}
        }
    }

    private void operation(long tag) {
        if (tag != 0) {
            tags.add(tag);
        }
    }

    private void place(Range range) {
        if (range.length() > 0) {
            places.add(range);
        }
    }

    /** Nearest: what the nearest run that holds does differently; what it names is shown. */
    public static List<Line> of(Blame blame, Checked history, List<Moment> moments, Sentence nearest) {
        return new Excerpt(blame, history, nearest).choose(blame, moments);
    }

    private List<Line> choose(Blame blame, List<Moment> moments) {
        List<Moment> before =
                moments.stream().takeWhile(moment -> moment.at() <= blame.at()).toList();
        learnTags(before);
        part = part(blame.seen(), moments);
        List<Integer> relevant = new ArrayList<>();
        boolean quiet = before.stream().anyMatch(this::isProof);
        for (int i = 0; i < before.size(); i++) {
            quiet &= !isProof(before.get(i));
            // What came before the first operation that proves it is over, but for a fault that lasts.
            boolean over = quiet && !isNamedFault(before.get(i));
            if (interest(before.get(i)) > 0 && !over) {
                relevant.add(i);
            }
        }
        int guilty = guilty(blame.seen(), moments, relevant);
        List<Candidate> candidates = candidates(moments, relevant);
        Set<Integer> needed = needed(blame, before, candidates);
        if (guilty >= 0) {
            needed.add(guilty);
        }
        Set<Integer> chosen = new TreeSet<>(needed);
        Map<String, Integer> alike = new HashMap<>();
        int around = 0;
        for (Candidate candidate : candidates) {
            Moment moment = moments.get(candidate.index());
            boolean free = isAround(moment);
            boolean tooMany =
                    moment.event() instanceof Event.Struck struck && alike.getOrDefault(struck.fault(), 0) >= ALIKE_MAX;
            if (needed.contains(candidate.index())
                    || (chosen.size() < LINES_MAX && !tooMany && !(free && around >= AROUND_MAX))) {
                chosen.add(candidate.index());
                if (moment.event() instanceof Event.Struck struck) {
                    alike.merge(struck.fault(), 1, Integer::sum);
                }
                around += free ? 1 : 0;
            }
        }
        return chosen.stream()
                .map(index -> new Line(
                        moments.get(index), index == guilty, isProof(moments.get(index)), needed.contains(index)))
                .toList();
    }

    /** The heaviest first. */
    private List<Candidate> candidates(List<Moment> moments, List<Integer> relevant) {
        List<Candidate> candidates = new ArrayList<>();
        boolean begun = false;
        for (int i = 0; i < relevant.size(); i++) {
            Moment moment = moments.get(relevant.get(i));
            begun |= isProof(moment);
            double nearness = 40.0 / (1 + (relevant.size() - 1 - i) / 8.0);
            // What happened to the world matters most between the operations that the sentence names.
            double between = isAround(moment) ? (begun ? 20 : -20) : 0;
            candidates.add(new Candidate(relevant.get(i), interest(moment) + nearness + between));
        }
        candidates.sort(Comparator.comparingDouble(Candidate::weight)
                .thenComparingInt(Candidate::index)
                .reversed());
        return candidates;
    }

    /** What the finding names of what crossed; and of each operation that it names, and nothing of which is there, the heaviest. */
    private Set<Integer> needed(Blame blame, List<Moment> before, List<Candidate> candidates) {
        Set<Integer> needed = new TreeSet<>();
        blame.seen().named().forEach(crossing -> at(crossing, before).ifPresent(needed::add));
        for (Mention mention : mentions) {
            if (needed.stream().map(before::get).noneMatch(mention::matches)) {
                Stream.concat(
                                candidates.stream().map(Candidate::index),
                                IntStream.range(0, before.size()).boxed())
                        .filter(index -> mention.matches(before.get(index)))
                        .findFirst()
                        .ifPresent(needed::add);
            }
        }
        return needed;
    }

    /** Where that is told: as the very message, or by the last moment of the value. */
    private static OptionalInt at(Crossing crossing, List<Moment> moments) {
        OptionalInt found = OptionalInt.empty();
        for (int i = 0; i < moments.size(); i++) {
            Crossing one = moments.get(i).crossing();
            if (one.equals(crossing)) {
                return OptionalInt.of(i);
            }
            found = one.value() == crossing.value() ? OptionalInt.of(i) : found;
        }
        return found;
    }

    /** A transaction, or a time, that the sentence names is of an operation: everything about that is wanted. */
    private void learnTags(List<Moment> before) {
        Set<Long> learned = new HashSet<>();
        before.stream()
                .filter(moment -> moment.tag() != 0 && isProof(moment))
                .forEach(moment -> learned.add(moment.tag()));
        tags.addAll(learned);
    }

    private boolean isProof(Moment moment) {
        return named(moment) || atNamedTime(moment);
    }

    /**
     * The one that the finding names; or that which says what the world found. Of whoever sees no values, the latest moment at the
     * time of the breach that the sentence speaks of.
     */
    private int guilty(Finding seen, List<Moment> moments, List<Integer> relevant) {
        if (!seen.guilty().equals(Crossing.NONE)) {
            OptionalInt named = at(seen.guilty(), moments);
            if (named.isPresent()) {
                return named.getAsInt();
            }
        }
        int best = -1;
        for (int index : relevant) {
            Moment moment = moments.get(index);
            if (moment.event() instanceof Event.Found(Finding found) && found.equals(seen)) {
                return index;
            }
            boolean better = best < 0
                    || moment.at() > moments.get(best).at()
                    || (moment.at() == moments.get(best).at() && guilt(moment) >= guilt(moments.get(best)));
            if (better) {
                best = index;
            }
        }
        return best;
    }

    private int guilt(Moment moment) {
        int guilt = isAtSide(moment) ? 2 : 0;
        return guilt
                + (moment.sort() == Sort.FOUND ? 10 : 0)
                + (named(moment) ? 3 : touches(moment) ? 1 : 0)
                - (moment.sort() == Sort.ARRIVAL ? 1 : 0);
    }

    /** How much somebody who reads about this blame wants to see it; 0: not at all. */
    private double interest(Moment moment) {
        double about = isProof(moment)
                ? 60
                : touches(moment) ? 40 : nothingNamed && !moment.way().equals(Way.MEDIA) ? 20 : 0;
        double ofPart = !part.isEmpty() && part(moment).equals(part) ? AT_PART : 0;
        return Math.max(isBreach(moment) ? AT_BREACH : ofPart, bySort(moment, about));
    }

    private static List<Object> part(Finding seen, List<Moment> moments) {
        OptionalInt guilty = at(seen.guilty(), moments);
        return seen.guilty().equals(Crossing.NONE) || guilty.isEmpty()
                ? List.of()
                : part(moments.get(guilty.getAsInt()));
    }

    private static List<Object> part(Moment moment) {
        return moment.event() instanceof Event.OfPart it ? List.of(moment.way(), it.part(), it.instance()) : List.of();
    }

    private double bySort(Moment moment, double about) {
        return switch (moment.sort()) {
            case FAULT -> isNamedFault(moment) ? 90 + (hitsNamedPlace(moment) ? 30 : 0) : 30;
            case FOUND, PROCESS -> 40;
            case BOOT -> 35;
            case OUTCOME, SUBMITTED -> about;
            case MESSAGE -> about * 0.9;
            case DISK -> isFlush(moment) ? 15 : about * (disk ? 0.95 : 0.8);
            case ARRIVAL -> about * 0.1;
            case LINK -> 3;
            case OTHER, QUIET -> 0;
        };
    }

    /** What the side that is to blame did when it broke the rule, whatever it was. */
    private boolean isBreach(Moment moment) {
        return moment.at() == at && isAtSide(moment) && moment.sort() != Sort.ARRIVAL;
    }

    private boolean isAtSide(Moment moment) {
        return moment.way().from().startsWith(side);
    }

    private boolean isNamedFault(Moment moment) {
        return moment.event() instanceof Event.Struck struck && faults.contains(struck.fault());
    }

    private static boolean isFlush(Moment moment) {
        return moment.event().kind().equals(Optional.of(Kind.FLUSH));
    }

    private static boolean isAround(Moment moment) {
        return switch (moment.sort()) {
            case FAULT, FOUND, PROCESS, BOOT, LINK -> true;
            case OUTCOME, SUBMITTED, MESSAGE, DISK, ARRIVAL, OTHER, QUIET -> false;
        };
    }

    private boolean named(Moment moment) {
        if (moment.tag() != 0 && tags.contains(moment.tag())) {
            return true;
        }
        return transactions.stream().anyMatch(one -> one.matches(moment));
    }

    /** Whether it concerns the place that the sentence speaks of, if it speaks of any, at a time that it names. */
    private boolean atNamedTime(Moment moment) {
        return (touches(moment) || nothingNamed) && times.contains(moment.at() / MICRO);
    }

    /** Whether a fault says that it hit something at a place which the sentence speaks of. */
    private boolean hitsNamedPlace(Moment fault) {
        return fault.event() instanceof Event.Struck struck
                && places.stream()
                        .anyMatch(place -> place.overlaps(
                                struck.hit().offset(), struck.hit().end()));
    }

    private boolean touches(Moment moment) {
        return places.stream().anyMatch(moment::concerns);
    }
}
