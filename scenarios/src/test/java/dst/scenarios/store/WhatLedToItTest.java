package dst.scenarios.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Finding;
import dst.protocol.Kind;
import dst.protocol.Range;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.reports.Blame;
import dst.reports.Excerpt;
import dst.reports.Excerpt.Line;
import dst.reports.Moment;
import dst.reports.Page;
import dst.reports.Recording;
import dst.reports.Report;
import dst.reports.Verdict;
import dst.scenarios.library.Library;
import dst.scenarios.library.Scenario;
import dst.scenarios.planting.Bug;
import dst.scenarios.trial.SystemUnderTest;
import dst.scenarios.trial.Trial;
import dst.sim.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Of every planted bug: what led to it is told with the crime in it, and with what the crime needed to be one. */
final class WhatLedToItTest {
    private static final Library LIBRARY = new Library();
    private static final String EVERYTHING = "everything";

    /** So many seeds of a scenario are tried: most bugs show in the first few. */
    private static final long SEEDS = 60;

    /** Nobody can see it in these worlds (docs/FAULTS.md, Survivors). */
    private static final Set<String> SURVIVES = Set.of("nbd-refused-payload-kept");

    private static final Pattern WINDOW = Pattern.compile("\"window\":\\[(-?\\d+),(-?\\d+)\\]");

    static List<String> bugs() {
        return LIBRARY.bugs().stream()
                .map(Bug::id)
                .filter(id -> !SURVIVES.contains(id))
                .toList();
    }

    /** All that is told of a failing run. */
    private record Told(Blame blame, List<Line> story, List<Moment> moments, Range window, String run) {
        boolean shows(Predicate<Line> line) {
            return story.stream().anyMatch(line);
        }

        boolean shows(Crossing crossing) {
            return shows(line -> line.moment().crossing().value() == crossing.value());
        }

        boolean says(String words) {
            return shows(line -> line.moment().words().contains(words));
        }

        /** Whether the bar of that operation is, from where it is submitted to where it settles. */
        boolean isInView(long tag) {
            long from = Long.MAX_VALUE;
            long to = Long.MAX_VALUE;
            for (Moment moment : moments) {
                if (moment.tag() == tag && moment.sort() == Moment.Sort.SUBMITTED) {
                    from = moment.at();
                } else if (moment.tag() == tag && moment.sort() == Moment.Sort.OUTCOME) {
                    to = moment.at();
                }
            }
            return from == Long.MAX_VALUE || (from <= window.end() && to >= window.offset());
        }

        Line guilty() {
            return story.stream().filter(Line::guilty).findFirst().orElseThrow();
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(run + ": " + blame.sentence());
            for (Line line : story) {
                text.append(line.guilty() ? "\n> " : line.needed() ? "\n* " : "\n  ")
                        .append(line.moment().at())
                        .append(' ')
                        .append(line.moment().way().words())
                        .append("  ")
                        .append(line.moment().words());
            }
            return text.toString();
        }
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void theStoryAndTheFirstWindowHoldTheCrime(String id) {
        Told told = told(id);
        System.out.println(
                "=== " + id + " " + told.blame().rule() + " " + told.blame().side() + " " + told);
        assertEquals(List.of(), wrong(told), told::toString);
    }

    private static List<String> wrong(Told told) {
        List<String> wrong = new ArrayList<>();
        Finding finding = told.blame().seen();
        if (told.story().stream().filter(Line::guilty).count() != 1) {
            wrong.add("not one line is marked");
        } else if (!finding.guilty().equals(Crossing.NONE)
                && told.guilty().moment().crossing().value() != finding.guilty().value()) {
            wrong.add("marked is not what the finding names");
        }
        for (Crossing named : finding.named()) {
            if (!told.shows(named)) {
                wrong.add(named + " is not in the story");
            }
        }
        for (Sentence.Part part : told.blame().said().parts()) {
            List<String> names = names(part);
            if (!names.isEmpty() && !told.shows(line -> says(line, names))) {
                wrong.add("nothing of '" + part.words() + "' is in the story");
            }
        }
        for (Line line : told.story()) {
            long at = line.moment().at();
            if (line.needed()
                    && (at < told.window().offset() || at > told.window().end())) {
                wrong.add("outside of the first window: " + line.moment().words());
            }
        }
        told.story().stream()
                .filter(Line::needed)
                .map(line -> line.moment().tag())
                .filter(tag -> tag != 0 && !told.isInView(tag))
                .forEach(tag -> wrong.add("operation " + tag + " is not in the first window"));
        return wrong;
    }

    /** What people can find an operation by that the sentence names; empty if it names none. */
    private static List<String> names(Sentence.Part part) {
        return switch (part) {
            case Sentence.Operation(long tag) -> List.of("operation " + tag);
            case Sentence.Access(long tag, Kind _, Range _) when tag != 0 -> List.of("operation " + tag);
            case Sentence.Number(long id) ->
                Stream.concat(Stream.of("transaction"), Stream.of(Kind.values()).map(WhatLedToItTest::word))
                        .map(word -> word + " " + id)
                        .toList();
            case Sentence.Transaction(long id, long _, Kind kind, Range _) ->
                List.of(word(kind) + " " + id, "transaction " + id);
            default -> List.of();
        };
    }

    private static String word(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static boolean says(Line line, List<String> names) {
        String words = line.moment().words();
        return names.stream()
                .anyMatch(name ->
                        Pattern.compile("\\b" + name + "\\b").matcher(words).find());
    }

    private static Told told(String id) {
        Bug bug = LIBRARY.bug(id);
        return told(bug, blame -> blame.side() == bug.side() && bug.rules().contains(blame.rule()))
                .or(() -> told(bug, _ -> true))
                .orElseThrow(() -> new AssertionError("no seed shows " + id));
    }

    private static Optional<Told> told(Bug bug, Predicate<Blame> wanted) {
        SystemUnderTest system = new SystemUnderTest(LIBRARY, Optional.of(bug));
        for (String name : Stream.of(bug.scenario(), EVERYTHING).distinct().toList()) {
            Scenario scenario = LIBRARY.scenario(name);
            for (long seed = 1; seed <= SEEDS; seed++) {
                Plan plan = system.plan(scenario, seed);
                Trial trial = system.run(plan, scenario.expected());
                if (trial.judgement().verdict() == Verdict.BROKEN
                        && trial.judgement().blame().filter(wanted).isPresent()) {
                    return Optional.of(told(system, scenario, plan));
                }
            }
        }
        return Optional.empty();
    }

    private static Told told(SystemUnderTest system, Scenario scenario, Plan plan) {
        Recording recording = new Recording();
        Trial trial = system.run(plan, scenario.expected(), recording);
        Blame blame = trial.judgement().blame().orElseThrow();
        List<Moment> moments = recording.momentsOf(Optional.of(blame.seen()), trial.noticed());
        Report report = new Report(
                scenario.name(),
                trial.judgement(),
                moments,
                RunFolder.nodes(plan),
                Map.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                "again");
        Matcher window = WINDOW.matcher(Page.of(report));
        assertTrue(window.find());
        long from = Long.parseLong(window.group(1));
        return new Told(
                blame,
                Excerpt.of(blame, trial.judgement().history(), moments, Sentence.EMPTY),
                moments,
                new Range(from, Long.parseLong(window.group(2)) - from),
                scenario.name() + " " + plan.seed());
    }

    /** Of a machine within a node it is told which one did wrong, in words of its own, and what it had been given before. */
    @ParameterizedTest
    @CsvSource({
        "nbd-wrong-cookie, NBD server 2, answers under the cookie 2: done, is asked under the cookie 2: write",
        "lent-while-held, lending 1, lends it to NBD connection 2, is asked for it by NBD connection 2",
        "granted-while-lent, lending 1, writes down epoch 3, is asked to let epoch 3 hold it",
        "reopened-unforgotten, lending 1, opens the disk again: , has its disk begin a flush",
        "reopened-lost-again, lending 1, opens the disk again: , hears that the way to the disk was lost",
        "size-told-wrongly, lending 1, tells that it has 0 bytes, hears that the disk has 5242880 bytes",
        "resized-under-connections, lending 1, has the disk given a size of , lends it to NBD connection 138"
    })
    void whatAMachineWithinANodeDidIsToldInItsOwnWords(String id, String part, String guilty, String before) {
        Told told = told(id);
        System.out.println("=== " + id + " " + told);
        String words = told.guilty().moment().words();
        assertTrue(words.startsWith(part + " " + guilty.strip()), told::toString);
        assertTrue(told.says(part + " " + before.strip()), told::toString);
        assertEquals(List.of(), wrong(told), told::toString);
    }

    @Test
    void aHeadThatIsTooLongIsInTheStory() {
        Told told = told("head-length-believed");
        assertTrue(told.guilty().moment().words().contains("a head of 65535 bytes"), told::toString);
    }

    @Test
    void theRecordOfANewHolderIsMarkedAndWhatWasNotFlushedBeforeItIsShown() {
        Told told = told("takeover-without-flush");
        assertTrue(told.guilty().moment().words().startsWith("writes down epoch"), told::toString);
        assertTrue(told.shows(line -> line.needed() && line.moment().words().startsWith("write at ")), told::toString);
    }

    @Test
    void whatSaidThatAnOperationIsSettledIsShown() {
        Told told = told("settled-id-started");
        long id = told.blame()
                .said()
                .each(Sentence.Transaction.class)
                .findFirst()
                .orElseThrow()
                .id();
        Pattern says = Pattern.compile("arrived: .*settled are .*\\b" + id + "\\b");
        assertTrue(
                told.shows(line ->
                        line.needed() && says.matcher(line.moment().words()).find()),
                told::toString);
    }
}
