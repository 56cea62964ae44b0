package dst.reports;

import dst.protocol.Side;
import dst.protocol.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A report for programs: the same in JSON and in EDN, whose keys are keywords. */
public final class Data {
    private Data() {}

    /** Maps, lists, texts, numbers and truths as JSON. */
    public static String jsonOf(Map<String, Object> values) {
        return Json.of(values);
    }

    public static String json(Report report) {
        return Json.of(of(report)) + "\n";
    }

    public static String edn(Report report) {
        return Edn.of(of(report)) + "\n";
    }

    private static Map<String, Object> of(Report report) {
        Judgement judgement = report.judgement();
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("verdict", word(judgement.verdict()));
        judgement.blame().ifPresent(blame -> {
            data.put("rule", blame.rule().name());
            data.put("rule-words", blame.rule().words());
            data.put("side", word(blame.side()));
            data.put("at", Words.seconds(blame.at()));
            data.put("sentence", blame.sentence());
            blame.promise().ifPresent(promise -> data.put("promise", promise.name()));
            blame.fault().ifPresent(fault -> data.put("fault", fault));
        });
        judgement
                .expected()
                .ifPresent(expected ->
                        data.put("expected", Map.of("rule", expected.rule().name(), "side", word(expected.side()))));
        judgement.history().unknown().ifPresent(why -> data.put("not-judged", why));
        report.nearest().ifPresent(nearest -> data.put("nearest", nearest.words()));
        data.put("title", report.title());
        data.put("again", report.again());
        data.put("facts", keyed(report.facts()));
        data.put("struck", keyed(judgement.struck()));
        data.put("counts", keyed(report.counts()));
        List<Object> findings = new ArrayList<>();
        judgement
                .findings()
                .forEach(one -> findings.add(ordered(
                        "rule", one.rule().name(),
                        "side", word(one.side()),
                        "at", Words.seconds(one.at()),
                        "sentence", one.sentence())));
        data.put("findings", findings);
        List<Object> story = new ArrayList<>();
        report.story()
                .forEach(line -> story.add(ordered(
                        "at", Words.seconds(line.moment().at()),
                        "where", line.moment().way().words(),
                        "what", line.moment().words(),
                        "guilty", line.guilty())));
        data.put("story", story);
        return data;
    }

    /** What people read as words is a key here: in lower case, joined by '-'. */
    private static Map<String, Object> keyed(Map<String, ?> words) {
        Map<String, Object> keyed = new LinkedHashMap<>();
        words.forEach((name, value) -> keyed.put(
                String.join(
                        "-",
                        Pattern.compile("[a-z0-9]+")
                                .matcher(name.toLowerCase(Locale.ROOT))
                                .results()
                                .map(MatchResult::group)
                                .toList()),
                value));
        return keyed;
    }

    private static Map<String, Object> ordered(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }

    private static String word(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT);
    }

    private static String word(Side side) {
        return side.name().toLowerCase(Locale.ROOT);
    }
}
