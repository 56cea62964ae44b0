package dst.reports;

import dst.protocol.Side;
import dst.protocol.Words;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A report as one HTML file, which needs nothing else and no network. */
public final class Page {
    /** The fact that names a planted bug. */
    public static final String PLANTED = "planted";

    private static final int CONCERNED_MAX = 3;
    private static final int LOAD_BINS = 120;

    /** A plan of this length is shown to its end. */
    private static final int PLAN_MAX = 200_000;

    private final Report report;
    private final Judgement judgement;
    private final List<Excerpt.Line> story;
    private final Detail detail;
    private final long from;
    private final long to;
    private final Load load;

    private Page(Report report) {
        this.report = report;
        this.judgement = report.judgement();
        this.story = report.story();
        this.detail = Detail.of(report.moments(), story);
        this.from = report.moments().isEmpty() ? 0 : report.moments().getFirst().at();
        this.to = report.moments().isEmpty() ? 1 : report.moments().getLast().at();
        this.load = new Load(report.moments(), from, to, LOAD_BINS);
    }

    public static String of(Report report) {
        return new Page(report).text();
    }

    private String text() {
        Map<String, String> parts = Map.of(
                "title", escaped(judgement.verdict().words() + " · " + report.title()),
                "style", resource("page.css"),
                "head", head(),
                "tables", tables(),
                "run", Json.of(new Drawn(report, story, detail, from, to).run(load)),
                "script", resource("moments.js") + resource("timeline.js") + resource("page.js"));
        StringBuilder page = new StringBuilder();
        String template = resource("page.html");
        int at = 0;
        for (int begin = template.indexOf("{{"); begin >= 0; begin = template.indexOf("{{", at)) {
            int end = template.indexOf("}}", begin);
            String part = parts.get(template.substring(begin + 2, end));
            page.append(template, at, begin).append(part);
            at = end + 2;
        }
        return page.append(template, at, template.length()).toString();
    }

    static String resource(String name) {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("there is no " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The verdict first. */
    private String head() {
        StringBuilder head = new StringBuilder("<header>\n");
        Verdict verdict = judgement.verdict();
        head.append("<h1><span class=\"verdict ")
                .append(verdict.name().toLowerCase(Locale.ROOT))
                .append("\">")
                .append(verdict.words())
                .append("</span>")
                .append(escaped(Story.headlineOf(judgement)))
                .append("</h1>\n");
        judgement.blame().ifPresent(blame -> blame(head, blame));
        report.nearest()
                .ifPresent(nearest -> head.append("<p class=\"more\">")
                        .append(escaped(Story.whole(nearest.words())))
                        .append("</p>\n"));
        head.append("<div class=\"again\">See it again: <code>")
                .append(escaped(report.again()))
                .append("</code> <button type=\"button\" data-copy=\"")
                .append(escaped(report.again()))
                .append("\">Copy</button></div>\n");
        String facts = Stream.concat(
                        Stream.of(report.title()),
                        report.facts().entrySet().stream().map(fact -> fact.getKey() + " " + fact.getValue()))
                .collect(Collectors.joining(" · "));
        return head.append("<p class=\"facts\">")
                .append(escaped(facts))
                .append("</p>\n</header>")
                .toString();
    }

    private void blame(StringBuilder head, Blame blame) {
        head.append("<p class=\"rule\"><b>")
                .append(blame.rule().name())
                .append("</b>: ")
                .append(escaped(blame.rule().words()))
                .append("</p>\n<p class=\"sentence\">")
                .append(escaped(Story.whole(blame.sentence())))
                .append("</p>\n");
        List<String> more = new ArrayList<>();
        concerned().ifPresent(more::add);
        blame.fault().ifPresent(fault -> more.add(Story.explained(blame, fault)));
        blame.promise()
                .ifPresent(promise -> more.add(promise + " is broken too, because "
                        + blame.side().words() + " broke " + blame.rule() + ": " + promise.words() + "."));
        if (blame.side() == Side.RULES) {
            more.add("Nobody was seen breaking a rule, and no fault that struck explains it.");
        }
        String planted = report.facts().get(PLANTED);
        if (planted != null) {
            more.add("The bug " + planted + " had been planted.");
        }
        for (String one : more) {
            head.append("<p class=\"more\">").append(escaped(one)).append("</p>\n");
        }
    }

    /** The operations that the sentence speaks of, as their submitters know them. */
    private Optional<String> concerned() {
        Set<Long> tags = new LinkedHashSet<>();
        story.stream()
                .filter(line -> line.proof() || line.guilty())
                .forEach(line -> tags.add(line.moment().tag()));
        tags.remove(0L);
        List<String> operations = report.moments().stream()
                .filter(moment -> moment.sort() == Moment.Sort.SUBMITTED && tags.contains(moment.tag()))
                .limit(CONCERNED_MAX)
                .map(moment -> "operation " + moment.tag() + " (" + Phrases.asked(moment) + transaction(moment.tag())
                        + "), submitted by the " + moment.way().from() + " at " + Words.seconds(moment.at()))
                .toList();
        return operations.isEmpty()
                ? Optional.empty()
                : Optional.of("It concerns " + String.join("; ", operations) + ".");
    }

    /** What it is called where it is sent. */
    private String transaction(long tag) {
        return report.moments().stream()
                .filter(moment -> moment.tag() == tag)
                .flatMap(moment -> moment.event() instanceof Event.Sent(Event.Request request, int _)
                        ? Stream.of(request)
                        : Stream.empty())
                .filter(request -> request.copy() != Event.Copy.REPLAY)
                .findFirst()
                .map(request -> ", sent as " + Phrases.transaction(request.its(), request.transaction()))
                .orElse("");
    }

    private String tables() {
        StringBuilder tables = new StringBuilder();
        if (!load.isEmpty()) {
            tables.append(
                            "<section><h2>How fast</h2>\n<svg id=\"load\" role=\"img\" aria-label=\"Operations settled and")
                    .append(" the slowest of them, over time\"></svg>\n<p class=\"facts\">Latency: half at most ")
                    .append(load.permille(500))
                    .append(", 99 % ")
                    .append(load.permille(990))
                    .append(", 99.9 % ")
                    .append(load.permille(999))
                    .append(", all ")
                    .append(load.permille(1000))
                    .append("</p></section>\n");
        }
        judgement.blame().ifPresent(blame -> blocks(tables, blame));
        tables.append("<div class=\"columns\">\n");
        SortedMap<String, Long> struck = judgement.struck();
        table(tables, "What struck", struck.isEmpty() ? Map.of("nothing", "") : struck);
        if (judgement.findings().size() > 1) {
            Map<String, String> found = new LinkedHashMap<>();
            judgement.findings().stream()
                    .limit(12)
                    .forEach(one ->
                            found.putIfAbsent(one.rule() + " by " + one.side().words(), Story.whole(one.sentence())));
            table(tables, "All that was found", found);
        }
        table(tables, "Counted", report.counts());
        tables.append("</div>\n");
        report.plan()
                .ifPresent(plan -> tables.append("<details><summary>The plan</summary><pre>")
                        .append(escaped(
                                plan.length() > PLAN_MAX
                                        ? plan.substring(0, PLAN_MAX) + "\n; and so on: the rest is in plan.edn"
                                        : plan))
                        .append("</pre></details>\n"));
        return tables.toString();
    }

    /** Those that the step which broke the rule is about. */
    private void blocks(StringBuilder into, Blame blame) {
        Moment guilty = story.stream()
                .filter(Excerpt.Line::guilty)
                .map(Excerpt.Line::moment)
                .findFirst()
                .orElse(null);
        if (guilty == null || guilty.range().length() == 0) {
            return;
        }
        into.append("<section id=\"blocks\"><h2>What its blocks hold, as their submitters know it at ")
                .append(Words.seconds(blame.at()))
                .append("</h2><table><thead><tr><th>at byte</th><th>should hold</th><th>may hold instead</th>")
                .append("<th>was read last as</th><th>the media, in the end</th></tr></thead><tbody>\n");
        for (BlockView.Row row : BlockView.of(
                report.moments(), guilty.range().offset(), guilty.range().end(), blame.at())) {
            into.append("<tr><td>").append(row.offset()).append("</td>");
            for (String cell : List.of(row.should(), row.may(), row.read(), row.media())) {
                into.append("<td>").append(escaped(cell)).append("</td>");
            }
            into.append("</tr>\n");
        }
        into.append("</tbody></table></section>\n");
    }

    private static void table(StringBuilder into, String title, Map<String, ?> rows) {
        if (rows.isEmpty()) {
            return;
        }
        into.append("<section><h2>").append(title).append("</h2><table><tbody>");
        rows.forEach((name, value) -> into.append("<tr><td>")
                .append(escaped(name))
                .append("</td><td>")
                .append(
                        value instanceof Long number
                                ? String.format(Locale.ROOT, "%,d", number)
                                : escaped(String.valueOf(value)))
                .append("</td></tr>"));
        into.append("</tbody></table></section>\n");
    }

    static String escaped(String words) {
        return words.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
