package dst.scenarios.mutants;

import dst.protocol.Rules;
import dst.reports.Data;
import dst.reports.TablesPage;
import dst.reports.Verdict;
import dst.scenarios.planting.Bug;
import dst.scenarios.trial.SeriesText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the measurement of all planted bugs came to: tables for a terminal, in Markdown or on a page, and every figure as JSON. */
final class MutantsText {
    private final List<Measured> all;
    private final long seeds;
    private final boolean markdown;

    MutantsText(List<Measured> all, long seeds, boolean markdown) {
        this.all = all;
        this.seeds = seeds;
        this.markdown = markdown;
    }

    /** One bug, in one line. */
    static String progress(Measured measured) {
        StringBuilder line = new StringBuilder(measured.bug().id());
        for (Hunt hunt : measured.hunts()) {
            line.append("  ").append(hunt.scenario()).append(": ").append(found(hunt));
            hunt.failure()
                    .ifPresent(failure -> line.append(" (").append(failure).append(')'));
        }
        return line.append(measured.isFound() ? measured.isBlamedRight() ? "" : "  BLAMED WRONGLY" : "  NOT FOUND")
                .toString();
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (TablesPage.Table table : tables()) {
            lines.addAll(table(table.columns(), table.rows()));
            lines.add("");
        }
        lines.add(summary());
        return lines;
    }

    /** The same as a page. */
    String page() {
        Verdict verdict = all.stream().allMatch(measured -> measured.isFound() && measured.isBlamedRight())
                ? Verdict.HOLDS
                : Verdict.BROKEN;
        return TablesPage.of("planted bugs", verdict, summary(), tables());
    }

    private List<TablesPage.Table> tables() {
        List<TablesPage.Table> tables = new ArrayList<>();
        tables.add(new TablesPage.Table(
                "What is found",
                List.of(
                        "bug",
                        "side",
                        "rule",
                        "scenario",
                        "found",
                        "seeds p50/p95",
                        "seconds p50/p95",
                        "right side / rule, too",
                        "small",
                        "said to be broken"),
                bugs()));
        tables.add(new TablesPage.Table(
                "What each rule catches",
                List.of("rule", "bugs", "the only rule broken, in so many of the runs that found it"),
                rules()));
        if (all.stream().anyMatch(measured -> !measured.withoutFault().isEmpty())) {
            tables.add(new TablesPage.Table(
                    "What each kind of fault is needed for",
                    List.of("without", "bugs lost", "still found, though it had always struck"),
                    faults()));
        }
        return tables;
    }

    private String summary() {
        long found = all.stream().filter(Measured::isFound).count();
        long right = all.stream()
                .filter(measured -> measured.isFound() && measured.isBlamedRight())
                .count();
        List<String> not = all.stream()
                .filter(measured -> !measured.isFound())
                .map(measured -> measured.bug().id())
                .toList();
        return "Of " + all.size() + " planted bugs " + found + " were found in " + SeriesText.number(seeds)
                + " seeds of each scenario, " + right + " of them always with the right rule and side"
                + (not.isEmpty() ? "." : "; not found: " + String.join(", ", not) + ".") + speed() + power();
    }

    /** Where each is found soonest: how long a search takes that begins anywhere. */
    private String speed() {
        List<Waits> waits = all.stream()
                .flatMap(measured -> measured.soonest().stream())
                .map(Hunt::waits)
                .toList();
        return String.format(
                Locale.ROOT,
                " Of all, %d are found within a second in half of the searches, %d within 30 s in 95 of 100.",
                waits.stream().filter(one -> one.halfSeconds() <= 1).count(),
                waits.stream().filter(one -> one.mostSeconds() <= 30).count());
    }

    private String power() {
        List<Hunt> soonest =
                all.stream().flatMap(measured -> measured.soonest().stream()).toList();
        if (soonest.isEmpty()) {
            return "";
        }
        double side = soonest.stream()
                .mapToDouble(hunt -> (double) hunt.rightSide() / hunt.found())
                .average()
                .orElse(0);
        double right = soonest.stream()
                .mapToDouble(hunt -> (double) hunt.right() / hunt.found())
                .average()
                .orElse(0);
        List<Reduced> reduced =
                all.stream().flatMap(measured -> measured.reduced().stream()).toList();
        int[] steps = reduced.stream().mapToInt(Reduced::steps).sorted().toArray();
        return String.format(
                        Locale.ROOT,
                        " The right side is named in %.1f %% of the runs that find one, with the rule that is meant in %.1f %%.",
                        100 * side,
                        100 * right)
                + (steps.length == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                " Made small, half of the failures have at most %d steps (operations and faults), the largest %d;"
                                        + " it took at most %.1f s.",
                                steps[steps.length / 2],
                                steps[steps.length - 1],
                                reduced.stream()
                                        .mapToDouble(Reduced::seconds)
                                        .max()
                                        .orElse(0)));
    }

    private List<List<String>> bugs() {
        List<List<String>> rows = new ArrayList<>();
        for (Measured measured : all) {
            Bug bug = measured.bug();
            boolean first = true;
            for (Hunt hunt : measured.hunts()) {
                rows.add(List.of(
                        first ? bug.id() : "",
                        first ? bug.side().words().substring(4) : "",
                        first ? String.join(" ", bug.ruleNames()) : "",
                        hunt.scenario(),
                        found(hunt),
                        hunt.isFound()
                                ? hunt.waits().half() + " / " + hunt.waits().most()
                                : "-",
                        hunt.isFound()
                                ? String.format(
                                        Locale.ROOT,
                                        "%.3f / %.3f",
                                        hunt.waits().halfSeconds(),
                                        hunt.waits().mostSeconds())
                                : "-",
                        hunt.isFound()
                                ? percent(hunt.rightSide(), hunt.found()) + " / " + percent(hunt.right(), hunt.found())
                                : "-",
                        measured.soonest()
                                .filter(hunt::equals)
                                .flatMap(_ -> measured.reduced())
                                .map(MutantsText::small)
                                .orElse(""),
                        hunt.failure().orElse(verdicts(hunt))));
                first = false;
            }
        }
        return rows;
    }

    private static String percent(long part, long whole) {
        return 100 * part / whole + "%";
    }

    /** Operations and faults. */
    private static String small(Reduced reduced) {
        return reduced.operations() + " + " + reduced.faults();
    }

    private static String found(Hunt hunt) {
        return SeriesText.number(hunt.found()) + " of " + SeriesText.number(hunt.runs());
    }

    /** The most frequent first. */
    private static String verdicts(Hunt hunt) {
        List<Map.Entry<String, Long>> sorted = new ArrayList<>(hunt.verdicts().entrySet());
        sorted.sort(Map.Entry.<String, Long>comparingByValue().reversed());
        return String.join(
                ", ",
                sorted.stream()
                        .map(verdict ->
                                verdict.getValue() + " " + verdict.getKey().replace("by the ", "by "))
                        .toList());
    }

    private List<List<String>> rules() {
        List<List<String>> rows = new ArrayList<>();
        for (Rules rule : Rules.values()) {
            if (rule.name().startsWith("G") || rule == Rules.H7) {
                continue;
            }
            List<String> meant = all.stream()
                    .filter(measured -> measured.bug().rules().getFirst().equals(rule))
                    .map(measured -> measured.bug().id())
                    .toList();
            List<String> alone = all.stream()
                    .filter(measured -> measured.percentAlone(rule.name()) > 0)
                    .map(measured -> measured.bug().id() + " " + measured.percentAlone(rule.name()) + "%")
                    .toList();
            rows.add(List.of(
                    rule.name(),
                    meant.isEmpty() ? "none" : String.join(", ", meant),
                    alone.isEmpty() ? "none" : String.join(", ", alone)));
        }
        return rows;
    }

    private List<List<String>> faults() {
        SortedMap<String, List<String>> lost = new TreeMap<>();
        SortedMap<String, List<String>> kept = new TreeMap<>();
        for (Measured measured : all) {
            measured.withoutFault().forEach((kind, found) -> {
                lost.computeIfAbsent(kind, _ -> new ArrayList<>());
                (found ? kept : lost)
                        .computeIfAbsent(kind, _ -> new ArrayList<>())
                        .add(measured.bug().id());
            });
        }
        List<List<String>> rows = new ArrayList<>();
        lost.forEach((kind, ids) -> rows.add(List.of(
                kind,
                ids.isEmpty() ? "none" : String.join(", ", ids),
                String.join(", ", kept.getOrDefault(kind, List.of())))));
        return rows;
    }

    private List<String> table(List<String> head, List<List<String>> rows) {
        List<String> lines = new ArrayList<>();
        if (markdown) {
            lines.add("| " + String.join(" | ", head) + " |");
            lines.add("|" + String.join("|", Collections.nCopies(head.size(), "---")) + "|");
            rows.forEach(row -> lines.add("| " + String.join(" | ", row) + " |"));
            return lines;
        }
        int[] widths = new int[head.size()];
        for (int i = 0; i < widths.length; i++) {
            int column = i;
            widths[i] = Math.max(
                    head.get(i).length(),
                    rows.stream()
                            .mapToInt(row -> row.get(column).length())
                            .max()
                            .orElse(0));
        }
        lines.add(line(head, widths));
        rows.forEach(row -> lines.add(line(row, widths)));
        return lines;
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            line.append(row.get(i));
            if (i < row.size() - 1) {
                line.append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
        }
        return line.toString().stripTrailing();
    }

    static String json(List<Measured> all, long seeds) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("seeds", seeds);
        data.put("bugs", all.stream().map(MutantsText::data).toList());
        return Data.jsonOf(data) + "\n";
    }

    private static Map<String, Object> data(Measured measured) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("id", measured.bug().id());
        data.put("side", measured.bug().side().words().substring(4));
        data.put("rules", measured.bug().ruleNames());
        data.put("found", measured.isFound());
        data.put("right", measured.isBlamedRight());
        data.put("hunts", measured.hunts().stream().map(MutantsText::data).toList());
        data.put("found-without", measured.withoutFault());
        measured.reduced().ifPresent(reduced -> {
            data.put("operations", reduced.operations());
            data.put("faults", reduced.faults());
        });
        return data;
    }

    private static Map<String, Object> data(Hunt hunt) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("scenario", hunt.scenario());
        data.put("runs", hunt.runs());
        data.put("found", hunt.found());
        data.put("right", hunt.right());
        data.put("first-seed", hunt.firstSeed());
        data.put("seeds-half", hunt.waits().half());
        data.put("seeds-most", hunt.waits().most());
        data.put("seconds-to-first", hunt.secondsToFirst());
        data.put("verdicts", counted(hunt.verdicts()));
        data.put("alone", counted(hunt.alone()));
        data.put("struck-always", List.copyOf(hunt.always()));
        hunt.failure().ifPresent(failure -> data.put("failure", failure));
        return data;
    }

    /** Sentences, which are no keys. */
    private static List<Map<String, Object>> counted(Map<String, Long> verdicts) {
        List<Map<String, Object>> counted = new ArrayList<>();
        verdicts.forEach((verdict, times) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("verdict", verdict);
            one.put("times", times);
            counted.add(one);
        });
        return counted;
    }
}
