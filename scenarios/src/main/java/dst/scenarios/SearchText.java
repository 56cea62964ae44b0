package dst.scenarios;

import dst.protocol.Words;
import dst.reports.Data;
import dst.sim.Counts.Item;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
                    + Main.command("replay " + kind.written.folder()));
            kind.small()
                    .ifPresent(plan -> lines.add("    small, " + Failing.size(plan) + ": "
                            + Main.command("replay " + kind.written.folder().resolve(RunFolder.SMALL))));
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

    private String canaries() {
        long seen = search.canaries().count() - search.canaries().missed().size();
        return seen + " of " + search.canaries().count() + " planted bugs were seen, one after each batch"
                + (search.canaries().missed().isEmpty()
                        ? ""
                        : "; MISSED: " + String.join(", ", search.canaries().missed()));
    }

    private String verdict() {
        return switch (search.verdict()) {
            case HOLDS -> "HOLDS: nothing that was promised broke in " + SeriesText.runs(search.runs());
            case BROKEN ->
                "BROKEN: " + search.kinds().size()
                        + (search.kinds().size() == 1 ? " kind of failure in " : " kinds of failure in ")
                        + SeriesText.runs(search.runs());
            case UNKNOWN ->
                search.canaries().missed().isEmpty()
                        ? "UNKNOWN: a checker could not judge in some runs of " + search.unknown()
                        : "UNKNOWN: this search does not see what it has to see: "
                                + search.canaries().missed();
            case VACUOUS -> "VACUOUS: there was no time for a single run";
        };
    }

    String json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("verdict", search.verdict().name().toLowerCase(Locale.ROOT));
        all.put("scenarios", search.scenarios().stream().map(Scenario::name).toList());
        all.put("runs", search.runs());
        all.put("nanos", search.nanos());
        all.put("virtual-nanos", search.counts().total(Item.VIRTUAL_NANOS));
        all.put("struck", search.counts().struck());
        all.put("canaries", search.canaries().count());
        all.put("canaries-missed", search.canaries().missed());
        all.put("unknown", search.unknown());
        all.put("heap-bytes", memory);
        List<Object> failures = new ArrayList<>();
        for (Search.Kind kind : search.kinds()) {
            Map<String, Object> failure = new LinkedHashMap<>();
            failure.put("rule", kind.blame.rule());
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
