package dst.scenarios.report;

import dst.protocol.referee.Referee;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Read;
import dst.protocol.trace.Rerun;
import dst.realnode.Terminal;
import dst.reports.Blame;
import dst.reports.Judgement;
import dst.reports.Moment;
import dst.reports.Recording;
import dst.reports.Report;
import dst.reports.Story;
import dst.reports.Verdict;
import dst.reports.check.Checked;
import dst.reports.check.History;
import dst.scenarios.cli.ExitCode;
import dst.scenarios.cli.Invocation;
import dst.scenarios.cli.WrongInput;
import dst.scenarios.library.Library;
import dst.scenarios.library.RecordedNode;
import dst.scenarios.library.Remembered;
import dst.scenarios.planting.Bug;
import dst.scenarios.store.RunFolder;
import dst.scenarios.store.TraceFile;
import dst.scenarios.trial.SystemUnderTest;
import dst.sim.Plan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** One node of a run folder by itself: its recorded inputs are given to a fresh machine, and its trace is judged. */
public final class NodeReplay {
    private static final String STATE = "state";

    /** What is told of a long recording: the last of it before a finding. */
    private static final int MOMENTS_MAX = 100_000;

    private final Path folder;
    private final RecordedNode node;

    private NodeReplay(Path folder, RecordedNode node) {
        this.folder = folder;
        this.node = node;
    }

    /** In a run folder, or in the newest of those that a real node of this name has left in that place. */
    static NodeReplay of(Path place, String name) {
        Path folder = Stream.of(place, place.resolve(name).resolve("latest"), place.resolve("latest"))
                .filter(each -> Files.exists(RunFolder.traceOf(each, name)))
                .findFirst()
                .orElseThrow(() -> new WrongInput("there is no trace of a node '" + name + "' in " + place
                        + (tracesIn(place).isEmpty()
                                ? ", nor of any other"
                                : "; there are " + String.join(", ", tracesIn(place)))));
        return new NodeReplay(folder, node(folder, name));
    }

    /** The only node of a real node's run folder. */
    static NodeReplay ofRecording(Path folder) {
        return new NodeReplay(folder, Library.recording(folder.resolve(RunFolder.RECORDING)));
    }

    private static List<String> tracesIn(Path place) {
        try (Stream<Path> files = Files.list(place)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".trace"))
                    .map(file -> file.substring(0, file.length() - ".trace".length()))
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static RecordedNode node(Path folder, String name) {
        if (Files.exists(folder.resolve(RunFolder.RECORDING))) {
            return Library.recording(folder.resolve(RunFolder.RECORDING));
        }
        if (!Files.exists(folder.resolve(RunFolder.PLAN))) {
            throw new WrongInput("there is neither " + RunFolder.RECORDING + " nor " + RunFolder.PLAN + " in " + folder
                    + ": nothing says how the machine of the trace was made");
        }
        Plan plan = Library.plan(folder.resolve(RunFolder.PLAN));
        if (!plan.isHonest(name)) {
            throw new WrongInput(name + " is a program that is up to no good, more than a machine of its inputs:"
                    + " run the whole plan again, without --node");
        }
        String code = Library.remembered(folder.resolve(RunFolder.VERDICT))
                .map(Remembered::code)
                .orElse("(not known)");
        Plan.NodePlan node = plan.node(name);
        if (node != null) {
            return new RecordedNode(
                    name, node.kind(), node.settings(), node.host().program(), code);
        }
        throw new WrongInput("the plan knows no node '" + name + "'");
    }

    /** Says whether the outputs are the same and what a referee finds; whether both are well, as an exit code. */
    int run(Library library, Optional<String> plant, PrintWriter out) {
        Optional<Bug> bug = plant.map(library::bug);
        Path trace = trace();
        checkWhoseItIs(trace);
        out.println("The " + node.name() + " of " + folder + ", recorded by " + node.code()
                + bug.map(planted -> "; the machine has the bug " + planted.id() + " planted")
                        .orElse(""));
        state().ifPresent(state -> out.println("The recording: " + state + "."));
        Rerun.Result result =
                TraceFile.reading(trace, reader -> node.rerun(reader, new SystemUnderTest(library, bug).machines()));
        out.println(Differences.words(
                result,
                number -> TraceFile.reading(
                                trace, reader -> Optional.ofNullable(Rerun.input(reader, node::isIt, number)))
                        .orElse(null)));
        Parts parts = parts(trace, out);
        planted()
                .filter(id -> plant.isEmpty() && !(result instanceof Rerun.Result.Same))
                .ifPresent(id -> out.println("When it was recorded the bug " + id + " was planted: with --plant " + id
                        + " it has to be the same."));
        Verdict verdict = judge(trace, out);
        out.flush();
        if (parts == Parts.DIFFERENT) {
            return ExitCode.BROKEN;
        }
        return switch (result) {
            case Rerun.Result.Same(long inputs, long _, Read.Damaged _)
            when inputs == 0 && parts == Parts.NONE && verdict == Verdict.HOLDS -> {
                out.println("VACUOUS   nothing was recorded.");
                yield Verdict.VACUOUS.exitCode();
            }
            case Rerun.Result.Same _ -> verdict.exitCode();
            case Rerun.Result.Different _, Rerun.Result.Fell _ -> ExitCode.BROKEN;
        };
    }

    /** Says of the machines within a real node's whether they do the same again; a simulated node's are a part of its own. */
    private Parts parts(Path trace, PrintWriter out) {
        if (!Files.exists(folder.resolve(RunFolder.RECORDING))) {
            return Parts.NONE;
        }
        Map<Layer, Rerun.Result> results = TraceFile.reading(trace, RecordedNode::rerunParts);
        Map<String, long[]> same = new TreeMap<>();
        boolean differ = false;
        for (Map.Entry<Layer, Rerun.Result> part : results.entrySet()) {
            Layer layer = part.getKey();
            if (part.getValue() instanceof Rerun.Result.Same(long inputs, long outputs, Read.Damaged _)) {
                long[] counts = same.computeIfAbsent(layer.kind(), _ -> new long[3]);
                counts[0]++;
                counts[1] += inputs;
                counts[2] += outputs;
            } else {
                differ = true;
                out.println(layer.kind() + " " + layer.instance() + " within it: "
                        + Differences.words(
                                part.getValue(),
                                number -> TraceFile.reading(
                                                trace,
                                                reader ->
                                                        Optional.ofNullable(Rerun.input(reader, layer::equals, number)))
                                        .orElse(null)));
            }
        }
        same.forEach((kind, counts) -> out.println("Within it " + counts[0] + " of " + kind + ": the same " + counts[2]
                + " outputs to " + counts[1] + " inputs."));
        return differ ? Parts.DIFFERENT : results.isEmpty() ? Parts.NONE : Parts.SAME;
    }

    /** What the machines within a node did when they were given their inputs again. */
    private enum Parts {
        NONE,
        SAME,
        DIFFERENT
    }

    /** A trace that was put in the place of another's would be judged as what it is not. */
    private void checkWhoseItIs(Path trace) {
        String whose = TraceFile.reading(trace, reader -> {
            reader.next();
            return reader.node();
        });
        if (!whose.isEmpty() && !whose.equals(node.name())) {
            throw new WrongInput(trace + " is the trace of " + whose + ", not of " + node.name());
        }
    }

    /** How the recording ended, as a real node says. */
    private Optional<String> state() {
        Path file = folder.resolve(STATE);
        return Files.exists(file)
                ? Optional.of(Library.textOf(file).strip()).filter(line -> !line.isEmpty())
                : Optional.empty();
    }

    /** A real node says how its recording ends before the first value is in it: without that, values may have been left out. */
    private Optional<String> stateless() {
        return Files.exists(folder.resolve(RunFolder.RECORDING)) && state().isEmpty()
                ? Optional.of("how the recording ended is not known: there is nothing in " + folder.resolve(STATE))
                : Optional.empty();
    }

    private Optional<String> planted() {
        return Library.remembered(folder.resolve(RunFolder.VERDICT)).flatMap(Remembered::planted);
    }

    private Verdict judge(Path trace, PrintWriter out) {
        Judged judged = judged(trace);
        Judgement judgement = judged.judgement();
        if (judgement.blame().isPresent()) {
            out.println();
            out.println(Story.tell(report(judged), Terminal.isColourful()));
            judgement.history().unknown().ifPresent(missing -> out.println("INCOMPLETE   " + missing + "."));
        } else {
            out.println("The referee: nothing found, " + judged.rules() + " rules observed.");
            judgement.history().unknown().ifPresent(missing -> out.println("UNKNOWN   " + missing + "."));
        }
        return judgement.verdict();
    }

    /** What the referee says of it, and how many rules he saw at work. */
    private record Judged(Judgement judgement, int rules) {}

    private Judged judged(Path trace) {
        Referee referee = new Referee(node.limits(), node.judges());
        try {
            Optional<String> missing = joined(
                    TraceFile.reading(trace, reader -> TraceFile.pass(reader, referee, Long.MAX_VALUE)), stateless());
            Checked none = new History(List.of()).check();
            Checked history = new Checked(none.findings(), none.evidence(), missing, none.counts());
            Judgement judgement = Judgement.of(
                    new Judgement.Found(referee.findings(), history, List.of(), Map.of()), Optional.empty());
            return new Judged(judgement, referee.observed().size());
        } finally {
            referee.discard();
        }
    }

    private static Optional<String> joined(Optional<String> one, Optional<String> other) {
        return Stream.of(one, other).flatMap(Optional::stream).reduce((a, b) -> a + "; " + b);
    }

    /** The last before the breach, or before the end. */
    private static List<Moment> moments(Path trace, Judgement judgement) {
        Recording recording = Recording.ofTheLast(MOMENTS_MAX);
        long until = judgement.blame().map(Blame::at).orElse(Long.MAX_VALUE);
        TraceFile.reading(trace, reader -> TraceFile.pass(reader, recording, until));
        return recording.momentsOf(judgement.blame().map(Blame::seen), List.of());
    }

    private Path trace() {
        return RunFolder.traceOf(folder, node.name());
    }

    private String again() {
        return Invocation.of("replay " + folder + " --node " + node.name());
    }

    /** Where its page goes: that of a run stands beside it. */
    Path page() {
        boolean isOfRun = Files.exists(folder.resolve(RunFolder.PLAN));
        return folder.resolve(isOfRun ? RunFolder.pageOf(node.name()) : RunFolder.PAGE);
    }

    /** All that there is to tell of a node that was recorded by itself. */
    Report report() {
        checkWhoseItIs(trace());
        return report(judged(trace()));
    }

    private Report report(Judged judged) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("recorded by", node.code());
        state().ifPresent(state -> facts.put("the recording:", state));
        if (judged.judgement().blame().isPresent()) {
            judged.judgement().history().unknown().ifPresent(missing -> facts.put(TraceFile.INCOMPLETE, missing));
        }
        return new Report(
                "the " + node.name() + ", recorded",
                judged.judgement(),
                moments(trace(), judged.judgement()),
                List.of(node.name()),
                facts,
                Map.of("rules observed", (long) judged.rules()),
                Optional.empty(),
                Optional.empty(),
                again());
    }
}
