package dst.scenarios.generated;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** What a measurement of mutations came to, for people: the score by package and by mutator, and who survived. */
final class GeneratedText {
    private final List<Fate> all;
    private final int existing;
    private final long runsMax;

    GeneratedText(List<Fate> all, int existing, long runsMax) {
        this.all = all;
        this.existing = existing;
        this.runsMax = runsMax;
    }

    /** One mutation, in one line. */
    static String line(Fate fate) {
        Mutation mutation = fate.mutation();
        String where = mutation.where() + ":" + mutation.line() + ", " + mutation.what() + " (" + mutation.kind() + ", "
                + mutation.side().words() + ")";
        return fate.found()
                .map(it -> where + ": " + it.rule() + " by " + it.side().words() + ", " + it.scenario() + " seed "
                        + it.seed() + ", run " + fate.runs())
                .orElseGet(() -> where
                        + fate.failure()
                                .map(why -> ": could not be tried: " + why)
                                .orElse(": survived"));
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        table(lines, "package", one -> one.packageName());
        table(lines, "mutator", Mutation::kind);
        list(lines, "Survived", all.stream().filter(Fate::survived).toList());
        list(
                lines,
                "Somebody else was blamed",
                all.stream().filter(Fate::isBlamedWrongly).toList());
        list(
                lines,
                "Could not be tried",
                all.stream().filter(one -> one.failure().isPresent()).toList());
        lines.add(summary());
        return lines;
    }

    private void table(List<String> lines, String title, Function<Mutation, String> by) {
        Map<String, List<Fate>> groups = new TreeMap<>();
        all.forEach(one -> groups.computeIfAbsent(by.apply(one.mutation()), _ -> new ArrayList<>())
                .add(one));
        lines.add(String.format(
                Locale.ROOT, "%-24s %9s %9s %7s %12s %9s", title, "tried", "found", "", "right side", "nobody"));
        groups.forEach((name, fates) -> {
            long tried = fates.stream().filter(one -> one.failure().isEmpty()).count();
            long found = fates.stream().filter(Fate::isFound).count();
            long right = fates.stream().filter(Fate::isBlamedRight).count();
            long wrong = fates.stream().filter(Fate::isBlamedWrongly).count();
            lines.add(String.format(
                    Locale.ROOT,
                    "%-24s %9d %9d %7s %12d %9d",
                    name,
                    tried,
                    found,
                    percent(found, tried),
                    right,
                    found - right - wrong));
        });
        lines.add("");
    }

    private static void list(List<String> lines, String title, List<Fate> fates) {
        if (fates.isEmpty()) {
            return;
        }
        lines.add(title + ":");
        fates.stream()
                .sorted(Comparator.comparing((Fate one) -> one.mutation().where())
                        .thenComparingInt(one -> one.mutation().line())
                        .thenComparing(one -> one.mutation().id()))
                .forEach(one -> lines.add("  " + line(one)));
        lines.add("");
    }

    private String summary() {
        long tried = all.stream().filter(one -> one.failure().isEmpty()).count();
        long found = all.stream().filter(Fate::isFound).count();
        long right = all.stream().filter(Fate::isBlamedRight).count();
        long wrong = all.stream().filter(Fate::isBlamedWrongly).count();
        double[] seconds = all.stream()
                .filter(Fate::isFound)
                .mapToDouble(Fate::seconds)
                .sorted()
                .toArray();
        return "Of " + existing + " mutations " + tried + " were tried, each in at most " + runsMax + " runs: " + found
                + " found (" + percent(found, tried) + "), " + (tried - found) + " survived"
                + (all.size() > tried ? "; " + (all.size() - tried) + " could not be tried" : "")
                + ". The right side was named for " + right + " of " + found + " (" + percent(right, found)
                + "), nobody for "
                + (found - right - wrong) + ", somebody else for " + wrong + "."
                + (seconds.length == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                " Half of those found took at most %.1f s, the slowest %.1f s.",
                                seconds[seconds.length / 2],
                                seconds[seconds.length - 1]));
    }

    private static String percent(long part, long whole) {
        return whole == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
    }
}
