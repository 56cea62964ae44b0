package dst.reports;

import dst.protocol.Finding;
import dst.protocol.Kind;
import dst.protocol.Problem;
import dst.protocol.Rules;
import dst.protocol.trace.WorldEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What the page's scripts draw, as data. */
final class Drawn {
    private static final int BINS = 400;
    private static final int FINDINGS_MAX = 200;

    private final Report report;
    private final List<Excerpt.Line> story;
    private final Detail detail;
    private final long from;
    private final long to;

    /** What begins and what ends it have the same number. */
    private final Map<Object, Integer> pairs = new HashMap<>();

    private final Map<List<Rules>, Integer> touched = new LinkedHashMap<>();

    Drawn(Report report, List<Excerpt.Line> story, Detail detail, long from, long to) {
        this.report = report;
        this.story = story;
        this.detail = detail;
        this.from = from;
        this.to = to;
    }

    Map<String, Object> run(Load load) {
        Map<Way, Integer> ways = new LinkedHashMap<>();
        detail.shown().forEach(moment -> ways.putIfAbsent(moment.way(), ways.size()));
        List<Object> moments = new ArrayList<>();
        List<Integer> lines = new ArrayList<>();
        List<Integer> needed = new ArrayList<>();
        int guilty = -1;
        int next = 0;
        for (Moment moment : detail.shown()) {
            if (next < story.size() && moment.equals(story.get(next).moment())) {
                guilty = story.get(next).guilty() ? moments.size() : guilty;
                lines.add(moments.size());
                if (story.get(next).needed()) {
                    needed.add(moments.size());
                }
                next++;
            }
            moments.add(told(moment, ways.getOrDefault(moment.way(), 0)));
        }
        Optional<Blame> blame = report.judgement().blame();
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("rule", blame.map(one -> one.rule().name()).orElse(""));
        run.put("sentence", blame.map(one -> Story.whole(one.sentence())).orElse(""));
        run.put("lanes", lanes(ways.keySet()));
        run.put(
                "ways",
                ways.keySet().stream().map(way -> List.of(way.from(), way.to())).toList());
        run.put("sorts", Stream.of(Moment.Sort.values()).map(Enum::name).toList());
        run.put("moments", moments);
        run.put("story", lines);
        run.put("guilty", guilty);
        run.put("needed", needed);
        Window window = Window.of(story, report.moments(), from, to);
        run.put("window", List.of(window.from(), window.to()));
        run.put("from", from);
        run.put("to", to);
        run.put("overview", detail.overview(from, to, BINS));
        run.put("load", load.bins());
        run.put("unflushed", Unflushed.of(report.moments(), from, to, BINS));
        run.put("leftOut", detail.leftOut());
        run.put("findings", findings());
        run.put(
                "touches",
                touched.keySet().stream()
                        .map(rules -> rules.stream().map(Rules::name).toList())
                        .toList());
        run.put("rules", rules());
        return run;
    }

    /** The scripts know these by their places. */
    private List<Object> told(Moment moment, int way) {
        Event event = moment.event();
        Optional<Object> pair = pair(moment);
        return List.of(
                moment.at(),
                way,
                moment.sort().ordinal(),
                moment.words(),
                moment.range().offset(),
                moment.range().length(),
                moment.tag(),
                event.transaction(),
                pair.map(key -> pairs.computeIfAbsent(key, _ -> pairs.size())).orElse(-1),
                how(event),
                touched.computeIfAbsent(touches(event), _ -> touched.size()),
                Math.max(moment.at(), moment.until()) - moment.at());
    }

    /** Equal for what is sent and what arrives, for what a disk begins and what it ends. */
    private static Optional<Object> pair(Moment moment) {
        return switch (moment.event()) {
            case Event.Sent it -> Optional.of(List.of(moment.way(), it.said().alike()));
            case Event.Arrived it -> Optional.of(List.of(moment.way(), it.said().alike()));
            case Event.Bytes it when !it.says().isEmpty() -> Optional.of(List.of(moment.way(), it.says()));
            case Event.DiskStarted it -> Optional.of(List.of(moment.way().from(), it.step()));
            case Event.DiskEnded it -> Optional.of(List.of(moment.way().to(), it.step()));
            default -> Optional.empty();
        };
    }

    /** How an operation settled, whether a host is down or up again, which kind of fault it is. */
    private static String how(Event event) {
        return switch (event) {
            case Event.Settled(Event.How how, Problem _, String _, Content _) ->
                switch (how) {
                    case DONE -> "done";
                    case REFUSED -> "refused";
                    case UNKNOWN -> "unknown";
                };
            case Event.Crossed(WorldEvent.ProcessCrashed _) -> "down";
            case Event.Crossed(WorldEvent.PowerCut _) -> "down";
            case Event.Crossed(WorldEvent.ProcessStarted _) -> "up";
            case Event.Struck struck -> struck.fault();
            default -> "";
        };
    }

    /** The rules that a kind of message or step is about. */
    private static List<Rules> touches(Event event) {
        return switch (event) {
            case Event.Sent it -> touches(it.said());
            case Event.Arrived it -> touches(it.said());
            case Event.DiskStarted it when it.kind().equals(Optional.of(Kind.FLUSH)) -> List.of(Rules.D1, Rules.D5);
            case Event.DiskEnded it when it.kind().equals(Optional.of(Kind.FLUSH)) -> List.of(Rules.D1, Rules.D5);
            default -> List.of();
        };
    }

    private static List<Rules> touches(Event.Said said) {
        return switch (said) {
            case Event.Request request ->
                switch (request.copy()) {
                    case FIRST -> List.of(Rules.T1, Rules.T2);
                    case RESEND -> List.of(Rules.T2, Rules.T3);
                    case REPLAY -> List.of(Rules.D3);
                };
            case Event.Answer _ -> List.of(Rules.D1, Rules.T4);
            case Event.Garbled _ -> List.of(Rules.H1);
            case Event.Other other -> Gist.of(other.message()).rules();
        };
    }

    private static Map<String, String> rules() {
        Map<String, String> rules = new LinkedHashMap<>();
        for (Rules rule : Rules.values()) {
            rules.put(rule.name(), rule.words());
        }
        return rules;
    }

    private List<List<Object>> findings() {
        List<List<Object>> findings = new ArrayList<>();
        for (Finding one : report.judgement().findings()) {
            findings.add(List.of(one.at(), one.rule().name(), one.side().words(), one.sentence()));
        }
        return findings.size() > FINDINGS_MAX ? findings.subList(0, FINDINGS_MAX) : findings;
    }

    /** Who has a line of his own: the nodes, and the disk below the servers. */
    private List<String> lanes(Set<Way> ways) {
        Set<String> lanes = new LinkedHashSet<>(report.nodes());
        ways.forEach(way -> lanes.addAll(way.ends()));
        List<String> ordered = new ArrayList<>(lanes);
        if (ordered.remove(Way.DISK)) {
            ordered.add(Way.DISK);
        }
        return ordered;
    }
}
