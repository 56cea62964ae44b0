package dst.scenarios.search;

import dst.protocol.Words;
import dst.reports.Data;
import dst.scenarios.cli.Invocation;
import dst.scenarios.shrink.Failing;
import dst.scenarios.store.RunFolder;
import dst.scenarios.trial.SeriesText;
import dst.sim.Counts.Item;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a search came to, for people and for programs. */
final class SearchText {
    private final Search search;
    private final long memory;

    /** Memory: what is used after a collection, in bytes. */
    SearchText(Search search, long memory) {
        this.search = search;
        this.memory = memory;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(String.format(
                Locale.ROOT,
                "  runs        %,d in %s: %,.0f a second; %s of virtual time",
                search.runs(),
                SeriesText.span(search.nanos()),
                search.runs() * 1e9 / Math.max(1, search.nanos()),
                SeriesText.span(search.counts().total(Item.VIRTUAL_NANOS))));
        lines.addAll(scenarios());
        lines.add("  struck      " + struck());
        lines.add("  canaries    " + canaries());
        lines.add(String.format(Locale.ROOT, "  memory      %,d MiB of heap in use in the end", memory >> 20));
        lines.add("");
        lines.add(verdict());
        for (Search.Kind kind : search.kinds()) {
            lines.add("");
            lines.add("  " + SeriesText.number(kind.times()) + (kind.times() == 1 ? " time " : " times ")
                    + kind.blame.words() + ", first in " + kind.failing.plan().scenario() + ", seed "
                    + kind.failing.plan().seed());
            lines.add("    " + kind.blame.sentence());
            lines.add("    " + kind.written.folder().resolve(RunFolder.PAGE) + "; again: "
                    + Invocation.of("replay " + kind.written.folder()));
            kind.small()
                    .ifPresent(plan -> lines.add("    small, " + Failing.size(plan) + ": "
                            + Invocation.of("replay " + kind.written.folder().resolve(RunFolder.SMALL))));
        }
        return lines;
    }

    private String struck() {
        return search.counts().struck().isEmpty()
                ? "nothing"
                : search.counts().struck().entrySet().stream()
                        .map(fault -> SeriesText.number(fault.getValue()) + " " + fault.getKey())
                        .collect(Collectors.joining(", "));
    }

    /** How many of how many were tried, which were not, and what is known of them from elsewhere. */
    private List<String> scenarios() {
        List<String> lines = new ArrayList<>();
        LongSummaryStatistics runs = search.searched().stream()
                .filter(Searched::isTried)
                .mapToLong(Searched::runs)
                .summaryStatistics();
        lines.add("  scenarios   " + tried() + " tried"
                + (runs.getCount() > 1
                        ? ", with " + SeriesText.number(runs.getMin()) + " to " + SeriesText.runs(runs.getMax())
                                + " each"
                        : ""));
        names("not tried", each -> !each.isTried()).ifPresent(lines::add);
        names("in vain", Searched::isVacuous)
                .map(line -> line + " (none of the faults asked for struck, or what is expected to break never did)")
                .ifPresent(lines::add);
        search.searched()
                .forEach(each -> search.ledger()
                        .earlierFailures(each.what(), each.of())
                        .forEach((failure, times) ->
                                lines.add("  earlier     " + each.scenario().name() + ": "
                                        + SeriesText.number(times) + (times == 1 ? " time " : " times ") + failure
                                        + ", by a search of this code before")));
        return lines;
    }

    private Optional<String> names(String head, Predicate<Searched> which) {
        List<String> names = search.searched().stream()
                .filter(which)
                .map(each -> each.scenario().name())
                .toList();
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(String.format(Locale.ROOT, "  %-12s%s", head, String.join(", ", names)));
    }

    /** How many of how many scenarios, or which one. */
    private String tried() {
        long tried = search.searched().stream().filter(Searched::isTried).count();
        int all = search.searched().size();
        return all == 1
                ? (tried == 0 ? "not even " : "")
                        + search.searched().getFirst().scenario().name()
                : tried == all ? "all " + all : tried + " of " + all;
    }

    private String canaries() {
        Canaries canaries = search.canaries();
        long seen = canaries.count() - canaries.missed().size();
        return seen + " of " + canaries.count() + " runs of " + canaries.kinds()
                + " planted bugs between the batches showed them"
                + (canaries.missed().isEmpty() ? "" : "; MISSED: " + String.join(", ", canaries.missed()))
                + (canaries.unfit().isEmpty()
                        ? ""
                        : "; cannot be planted in this code: " + String.join(", ", canaries.unfit()));
    }

    private String verdict() {
        String inRuns = " in " + SeriesText.runs(search.runs())
                + (search.searched().size() == 1 ? " of " + tried() : " of " + tried() + " scenarios");
        return switch (search.verdict()) {
            case HOLDS -> "HOLDS: nothing that was promised broke" + inRuns;
            case BROKEN ->
                "BROKEN: " + search.kinds().size()
                        + (search.kinds().size() == 1 ? " kind of failure" : " kinds of failure") + inRuns
                        + (search.isWhole() ? "" : "; " + missing());
            case UNKNOWN ->
                "UNKNOWN: nothing that was promised broke" + inRuns + ", but " + String.join("; ", doubts());
            case VACUOUS ->
                search.runs() == 0
                        ? "VACUOUS: there was no time for a single run"
                        : "VACUOUS: none of the faults asked for ever struck" + inRuns;
        };
    }

    /** Why it may not be said that all held. */
    private List<String> doubts() {
        List<String> doubts = new ArrayList<>();
        if (!search.isWhole()) {
            doubts.add(missing());
        }
        if (!search.unknown().isEmpty()) {
            doubts.add("a checker could not judge in some of them: " + search.unknown());
        }
        if (!search.canaries().missed().isEmpty()) {
            doubts.add("this search does not see what it has to see: "
                    + search.canaries().missed());
        }
        if (!search.canaries().unfit().isEmpty()) {
            doubts.add("that it would see one is not proved with "
                    + search.canaries().unfit()
                    + ", which cannot be planted in this code (scenarios/library/bugs.edn)");
        }
        long vain = search.searched().stream().filter(Searched::isVacuous).count();
        if (vain > 0) {
            doubts.add(vain + (vain == 1 ? " scenario was" : " scenarios were") + " run in vain");
        }
        return doubts;
    }

    /** What was asked for and not done. */
    private String missing() {
        long untried =
                search.searched().stream().filter(each -> !each.isTried()).count();
        String what = untried > 0
                ? "of " + untried + (untried == 1 ? " scenario" : " scenarios") + " nothing is known"
                : "not all that was asked for was run";
        return search.isStopped()
                ? "it was interrupted: " + what
                : what + ": there was no time (--time); the next search with this store begins with what ran least";
    }

    String json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("verdict", search.verdict().name().toLowerCase(Locale.ROOT));
        Map<String, Object> scenarios = new LinkedHashMap<>();
        search.searched().forEach(each -> scenarios.put(each.scenario().name(), each.runs()));
        all.put("scenarios", scenarios);
        all.put("whole", search.isWhole());
        all.put("interrupted", search.isStopped());
        all.put("runs", search.runs());
        all.put("nanos", search.nanos());
        all.put("virtual-nanos", search.counts().total(Item.VIRTUAL_NANOS));
        all.put("struck", search.counts().struck());
        all.put("canaries", search.canaries().count());
        all.put("canaries-missed", search.canaries().missed());
        all.put("canaries-unfit", search.canaries().unfit());
        all.put("unknown", search.unknown());
        all.put("heap-bytes", memory);
        List<Object> failures = new ArrayList<>();
        for (Search.Kind kind : search.kinds()) {
            Map<String, Object> failure = new LinkedHashMap<>();
            failure.put("rule", kind.blame.rule().name());
            failure.put("side", kind.blame.side().name().toLowerCase(Locale.ROOT));
            failure.put("sentence", kind.blame.sentence());
            failure.put("fingerprint", kind.failing.fingerprint());
            failure.put("times", kind.times());
            failure.put("scenario", kind.failing.plan().scenario());
            failure.put("seed", kind.failing.plan().seed());
            failure.put("digest", Words.hex(kind.written.trial().digest()));
            failure.put("folder", kind.written.folder().toString());
            kind.small().ifPresent(plan -> {
                failure.put("small-operations", (long) plan.operations().size());
                failure.put("small-faults", (long) plan.faults().size());
            });
            failures.add(failure);
        }
        all.put("failures", failures);
        return Data.jsonOf(all);
    }
}
