package dst.scenarios.store;

import dst.reports.Story;
import dst.reports.Verdict;
import dst.scenarios.trial.Series;
import dst.scenarios.trial.SeriesText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What people are told that a series came to. Of each way of failing the first run has a folder; the lowest seed of all is told.
 *
 * @param first the run that is told; none if all hold, or if nothing struck
 */
public record SeriesStory(String words, Optional<RunFolder.Written> first) {
    /** Of so many kinds of failures the first run is written. */
    private static final int KINDS_MAX = 10;

    /** Again: the command that runs one seed again. */
    public static SeriesStory of(Series series, RunFolder store, Function<Long, String> again, boolean colour) {
        return series.kept().isEmpty()
                ? new SeriesStory(String.join("\n", withoutFailure(series)), Optional.empty())
                : ofFailure(series, store, again, colour);
    }

    private static List<String> withoutFailure(Series series) {
        List<String> lines = new ArrayList<>(List.of(SeriesText.verdict(series)));
        if (series.batch().verdict() == Verdict.VACUOUS
                && series.scenario().expected().isEmpty()) {
            lines.add("Faults strike only until the healing: let them come earlier, or heal later (:heal).");
            lines.add("If it is the make of the world that goes wrong, say which part of it: :standing.");
        }
        return lines;
    }

    private static SeriesStory ofFailure(Series series, RunFolder store, Function<Long, String> again, boolean colour) {
        // The lowest seed last, so that 'latest' leads to it.
        TreeSet<Long> told = new TreeSet<>(series.kept().keySet());
        series.firstSeeds().values().stream().limit(KINDS_MAX).forEach(told::add);
        RunFolder.Written first = told.descendingSet().stream()
                .map(failing -> store.write(series, failing))
                .reduce((_, newer) -> newer)
                .orElseThrow();
        List<String> lines = new ArrayList<>();
        long seed = series.kept().firstKey();
        if (series.planned() > 1) {
            lines.add(SeriesText.verdict(series));
            series.batch()
                    .failures()
                    .forEach((same, times) -> lines.add("  " + SeriesText.number(times)
                            + (times == 1 ? " time " : " times ") + same + ", first in seed "
                            + series.firstSeeds().get(same)));
            lines.add("");
            Path page = store.write(series, told, again);
            lines.add("All of them by kind, as a page: " + page);
            lines.add("");
            lines.add("Seed " + seed + ":");
        }
        lines.add(Story.tell(first.report().seenAgainBy(again.apply(seed)), colour));
        lines.add(first.whereItIs());
        return new SeriesStory(String.join("\n", lines), Optional.of(first));
    }
}
