package dst.scenarios.store;

import dst.protocol.Sentence;
import dst.protocol.trace.Tap;
import dst.reports.Excerpt;
import dst.reports.Expectation;
import dst.reports.Recording;
import dst.reports.Report;
import dst.scenarios.cli.WrongInput;
import dst.scenarios.kinds.Kinds;
import dst.scenarios.library.Library;
import dst.scenarios.library.Remembered;
import dst.scenarios.trial.SystemUnderTest;
import dst.scenarios.trial.Trial;
import dst.sim.Plan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The plan of a run folder, run again with everything recorded.
 *
 * @param place the folder in which the plan lies
 * @param text the plan as it stands there, perhaps edited
 * @param before what the folder says of the first run
 */
public record SecondRun(
        Path place,
        String text,
        Optional<Remembered> before,
        SystemUnderTest system,
        Trial trial,
        Recording recording) {

    /** Of a run folder, or of a plan's file; others may watch, as its nodes have it. */
    public static SecondRun of(Path folder, Function<Plan, List<Tap>> others) {
        if (!Files.exists(folder)) {
            throw new WrongInput("there is no run folder " + folder + "; failing runs leave one under store/");
        }
        if (Files.isDirectory(folder) && !Files.exists(folder.resolve(RunFolder.PLAN))) {
            throw new WrongInput(
                    folder + " is no run folder: there is no " + RunFolder.PLAN
                            + " in it; of a recording by 'dst serve' or 'dst attach', say which node: --node server or --node client");
        }
        Path place = Files.isDirectory(folder)
                ? folder
                : Optional.ofNullable(folder.getParent()).orElse(Path.of("."));
        Path file = Files.isDirectory(folder) ? folder.resolve(RunFolder.PLAN) : folder;
        Plan plan = Library.plan(file);
        Optional<Remembered> before = Library.remembered(place.resolve(RunFolder.VERDICT));
        Library library = new Library();
        SystemUnderTest system =
                new SystemUnderTest(library, before.flatMap(Remembered::planted).map(library::bug));
        Path program = place.resolve(RunFolder.PROGRAM);
        if (Files.exists(program)) {
            system = system.judgedBy(library.checker(plan.scenario(), program));
        }
        Optional<Expectation> expected = before.flatMap(Remembered::expected);
        Recording recording = new Recording(Kinds.sayings(plan));
        List<Tap> taps = new ArrayList<>(List.of(recording));
        taps.addAll(others.apply(plan));
        Trial trial = system.run(plan, expected, taps.toArray(Tap[]::new));
        return new SecondRun(place, Library.textOf(file), before, system, trial, recording);
    }

    /** All that there is to tell of it; again is the command that shows the same, without dst's own name. */
    public Report report(String again) {
        Report report = RunFolder.report(trial, recording, system, text, again);
        if (before.isEmpty()) {
            return report.with(
                    "beside the plan:", "no " + RunFolder.VERDICT + ", so no bug is planted and nothing is expected");
        }
        return damaged().map(what -> report.with(TraceFile.INCOMPLETE, what)).orElse(report);
    }

    /** What of the first run's traces cannot be read any more, and so was not compared with this run; of an edited plan nothing is. */
    public Optional<String> damaged() {
        return before.isEmpty() || edited()
                ? Optional.empty()
                : RunFolder.nodes(trial.plan()).stream()
                        .map(node -> RunFolder.traceOf(place, node))
                        .filter(Files::exists)
                        .flatMap(trace -> TraceFile.damage(trace).map(what -> "of " + trace + " " + what).stream())
                        .reduce((a, b) -> a + "; " + b);
    }

    /** The operations that the finding names, and those of which something has to be seen to understand it. */
    public Set<Long> named() {
        return trial.judgement()
                .blame()
                .map(blame -> Excerpt.of(
                                blame,
                                trial.judgement().history(),
                                recording.momentsOf(Optional.of(blame.seen()), trial.noticed()),
                                Sentence.EMPTY)
                        .stream()
                        .map(line -> line.moment().tag())
                        .filter(tag -> tag != 0)
                        .collect(Collectors.toCollection(TreeSet::new)))
                .orElseGet(TreeSet::new);
    }

    /** Whether a person has changed the plan since the first run. */
    public boolean edited() {
        return before.isPresent() && !before.get().plan().equals(RunFolder.sumOf(text));
    }
}
