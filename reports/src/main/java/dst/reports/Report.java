package dst.reports;

import dst.protocol.Sentence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One run as it is told to people: what it came to, what happened in it, and how to see it again. A renderer adds nothing of its own.
 *
 * @param title what was run, in the fewest words
 * @param moments what happened, in the order of time; empty if nothing was recorded
 * @param nodes who has a boundary, in the order in which they are shown
 * @param facts about the run: its seed, the code and so on, in the order in which they are told
 * @param counts what was counted in it
 * @param nearest what the nearest run that holds does differently, if that is known
 * @param plan the plan as text, if it had one
 * @param again the command that shows it again
 */
public record Report(
        String title,
        Judgement judgement,
        List<Moment> moments,
        List<String> nodes,
        Map<String, String> facts,
        Map<String, Long> counts,
        Optional<Sentence> nearest,
        Optional<String> plan,
        String again) {

    /** The same, shown again by another command. */
    public Report seenAgainBy(String command) {
        return new Report(title, judgement, moments, nodes, facts, counts, nearest, plan, command);
    }

    /** The same with one more fact. */
    public Report with(String fact, String value) {
        Map<String, String> more = new LinkedHashMap<>(facts);
        more.put(fact, value);
        return new Report(title, judgement, moments, nodes, more, counts, nearest, plan, again);
    }

    /** The few moments that somebody has to see; none if nothing is broken. */
    List<Excerpt.Line> story() {
        return judgement
                .blame()
                .map(blame -> Excerpt.of(blame, judgement.history(), moments, nearest.orElse(Sentence.EMPTY)))
                .orElse(List.of());
    }
}
