package dst.scenarios.store;

import dst.protocol.Prng;
import dst.protocol.Words;
import dst.protocol.trace.Tap;
import dst.protocol.trace.TraceWriter;
import dst.reports.BatchPage;
import dst.reports.Blame;
import dst.reports.Expectation;
import dst.reports.Page;
import dst.reports.Recording;
import dst.reports.Report;
import dst.scenarios.cli.CodeIdentity;
import dst.scenarios.cli.Invocation;
import dst.scenarios.cli.WrongInput;
import dst.scenarios.kinds.Kinds;
import dst.scenarios.library.Library;
import dst.scenarios.planting.Bug;
import dst.scenarios.trial.OperationLog;
import dst.scenarios.trial.Series;
import dst.scenarios.trial.SeriesText;
import dst.scenarios.trial.SystemUnderTest;
import dst.scenarios.trial.Trial;
import dst.sim.Plan;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A folder for one run, laid out as Jepsen lays out its store: {@code plan.edn} makes the run again, {@code verdict.edn} says what
 * it came to, {@code report.html} tells it, {@code history.edn} what was asked and answered, {@code client.trace}, {@code server.trace} and so on hold everything
 * that crossed the nodes' boundaries. {@code latest} leads to the newest.
 */
public final class RunFolder {
    public static final String PLAN = "plan.edn";
    public static final String VERDICT = "verdict.edn";

    /** What a recorded node's folder has instead of a plan. */
    public static final String RECORDING = "recording.edn";

    public static final String PAGE = "report.html";

    /** The page of one node of a run by itself, beside that of the run. */
    public static String pageOf(String node) {
        return "report-" + node + ".html";
    }

    public static final String HISTORY = "history.edn";

    /** The scenario, if it was a program that judges histories itself. */
    static final String PROGRAM = "scenario.clj";

    /** In the folder of a failure: the same failure, made small. */
    public static final String SMALL = "small";

    private final Path store;

    public RunFolder(Path store) {
        this.store = store;
    }

    /** What was run again to be written, and what happened in it for the story. */
    public record Written(Path folder, Trial trial, Report report) {
        public String whereItIs() {
            return "Everything about it is in " + folder + ", as a page in " + PAGE + "; to see it again: "
                    + Invocation.of("replay " + folder);
        }
    }

    /** Where all runs of a scenario, with the bug that is planted, have their folders. */
    private Path home(String scenario, SystemUnderTest system) {
        return store.resolve(scenario + system.bug().map(bug -> "+" + bug.id()).orElse(""));
    }

    /** Writes the page of a whole series, beside the folders of those of its runs that were written. */
    public Path write(Series series, Set<Long> written, Function<Long, String> again) {
        Path page = home(series.scenario().name(), series.system()).resolve("batch.html");
        Map<String, String> facts = new LinkedHashMap<>();
        String name = "";
        for (String line : SeriesText.lines(series)) {
            int head = Math.min(SeriesText.HEAD, line.length());
            // A line without a name goes on with the last one.
            name = line.substring(0, head).isBlank()
                    ? name
                    : line.substring(0, head).strip();
            facts.merge(name, line.substring(head), (a, b) -> a + ", " + b);
        }
        List<BatchPage.Group> groups = new ArrayList<>();
        series.firstSeeds()
                .forEach((same, first) -> groups.add(new BatchPage.Group(
                        same,
                        series.batch().failures().getOrDefault(same, 0L),
                        first,
                        written.contains(first) ? first + "/" + PAGE : "",
                        again.apply(first))));
        groups.sort(Comparator.comparingLong(BatchPage.Group::times).reversed());
        String title = series.scenario().name()
                + series.system()
                        .bug()
                        .map(bug -> ", with " + bug.id() + " planted")
                        .orElse("");
        String text = BatchPage.of(
                title, series.batch().verdict(), SeriesText.verdict(series), series.count(), groups, facts);
        try {
            Files.createDirectories(page.getParent());
            Files.writeString(page, text);
            return page;
        } catch (IOException failed) {
            throw WrongInput.of(page + " cannot be written (choose another place with --store)", failed);
        }
    }

    /** The run of that seed, once more with everything recorded. */
    public Written write(Series series, long seed) {
        return write(
                series.system().plan(series.scenario(), seed),
                series.system(),
                series.scenario().expected());
    }

    /** Runs the plan once more with everything recorded, and writes it. */
    public Written write(Plan plan, SystemUnderTest system, Optional<Expectation> expected) {
        Written written =
                writeAt(home(plan.scenario(), system).resolve(Long.toString(plan.seed())), plan, system, expected);
        try {
            pointAt(written.folder());
        } catch (IOException failed) {
            throw cannotBeWritten(written.folder(), failed);
        }
        return written;
    }

    /** The same in a folder of that name. */
    public static Written writeAt(Path folder, Plan plan, SystemUnderTest system, Optional<Expectation> expected) {
        return writeAt(folder, plan, system, expected, "");
    }

    /** The same, whose plan begins with these lines. */
    public static Written writeAt(
            Path folder, Plan plan, SystemUnderTest system, Optional<Expectation> expected, String head) {
        try {
            Files.createDirectories(folder);
            Recording recording = new Recording(Kinds.sayings(plan));
            OperationLog log = new OperationLog(plan.blockSize());
            String text = head + Library.text(plan);
            Files.writeString(folder.resolve(PLAN), text);
            writeKinds(folder, plan);
            if (system.checker().isPresent()) {
                Files.writeString(
                        folder.resolve(PROGRAM), system.checker().get().source());
            }
            Trial trial;
            List<OutputStream> traces = new ArrayList<>();
            try {
                List<TraceWriter> writers = new ArrayList<>();
                for (String node : nodes(plan)) {
                    OutputStream trace = trace(folder, node);
                    traces.add(trace);
                    writers.add(writer(node, trace));
                }
                List<Tap> taps = new ArrayList<>(List.of(recording, log));
                taps.addAll(writers);
                trial = system.run(plan, expected, taps.toArray(Tap[]::new));
                writers.forEach(TraceWriter::end);
            } finally {
                for (OutputStream trace : traces) {
                    trace.close();
                }
            }
            Files.writeString(folder.resolve(HISTORY), log.text());
            Files.writeString(folder.resolve(VERDICT), verdict(trial, system.bug(), text));
            Report report = report(trial, recording, system, text, "replay " + folder);
            Files.writeString(folder.resolve(PAGE), Page.of(report));
            return new Written(folder, trial, report);
        } catch (IOException failed) {
            throw cannotBeWritten(folder, failed);
        }
    }

    /** Which code such a plan runs: that of the kinds of nodes in it, too. */
    public static String build(Plan plan) {
        return CodeIdentity.with(Kinds.broughtBy(plan));
    }

    /** Where the kinds of nodes are found that are no part of this program. */
    private static void writeKinds(Path folder, Plan plan) throws IOException {
        String sources = plan.nodes().stream()
                .flatMap(node -> Kinds.find(node.kind()).stream())
                .flatMap(kind -> Kinds.source(kind).stream())
                .distinct()
                .map(source -> source + "\n")
                .collect(Collectors.joining());
        if (!sources.isEmpty()) {
            Files.writeString(folder.resolve(Library.KINDS), sources);
        }
    }

    private static WrongInput cannotBeWritten(Path folder, IOException failed) {
        return WrongInput.of(
                "the run folder " + folder + " cannot be written (choose another place with --store)", failed);
    }

    /** Everybody who has a boundary of his own. */
    public static List<String> nodes(Plan plan) {
        return plan.nodes().stream().map(Plan.NodePlan::name).toList();
    }

    public static Path traceOf(Path folder, String node) {
        return folder.resolve(node + ".trace");
    }

    private static OutputStream trace(Path folder, String node) throws IOException {
        return new BufferedOutputStream(Files.newOutputStream(
                traceOf(folder, node),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE));
    }

    public static TraceWriter writer(String node, OutputStream out) {
        return new TraceWriter(node, (bytes, offset, length) -> {
            try {
                out.write(bytes, offset, length);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
    }

    /** All that there is to tell of it; again is the command that shows the same, without dst's own name. */
    static Report report(Trial trial, Recording recording, SystemUnderTest system, String plan, String again) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("seed", Long.toString(trial.plan().seed()));
        system.bug().ifPresent(bug -> facts.put(Page.PLANTED, bug.id()));
        facts.put("code", CodeIdentity.name());
        facts.put("digest", Words.hex(trial.digest()));
        return new Report(
                trial.plan().scenario(),
                trial.judgement(),
                recording.momentsOf(trial.judgement().blame().map(Blame::seen), trial.noticed()),
                nodes(trial.plan()),
                facts,
                trial.counts().view(),
                Nearest.of(system, trial.plan(), trial.judgement()),
                Optional.of(plan),
                Invocation.of(again));
    }

    private static String verdict(Trial trial, Optional<Bug> bug, String plan) {
        List<String> lines = new ArrayList<>();
        lines.add(":verdict :" + trial.judgement().verdict().name().toLowerCase(Locale.ROOT));
        trial.judgement().blame().ifPresent(blame -> blame(blame, lines));
        trial.judgement()
                .expected()
                .ifPresent(expected -> lines.add(":expect {:broken " + expected.rule() + " :by :"
                        + expected.side().name().toLowerCase(Locale.ROOT) + "}"));
        lines.add(":scenario " + OperationLog.quoted(trial.plan().scenario()));
        lines.add(":seed " + trial.plan().seed());
        bug.ifPresent(planted -> lines.add(":planted " + OperationLog.quoted(planted.id())));
        lines.add(":digest " + OperationLog.quoted(Words.hex(trial.digest())));
        lines.add(":plan " + OperationLog.quoted(sumOf(plan)));
        lines.add(":code " + OperationLog.quoted(CodeIdentity.name()));
        lines.add(":build " + OperationLog.quoted(build(trial.plan())));
        List<String> counts = new ArrayList<>();
        trial.counts().view().forEach((name, times) -> counts.add(OperationLog.quoted(name) + " " + times));
        lines.add(":counts {" + String.join("\n          ", counts) + "}");
        return "{" + String.join("\n ", lines) + "}\n";
    }

    private static void blame(Blame blame, List<String> lines) {
        lines.add(":broken " + blame.rule());
        lines.add(":by :" + blame.side().name().toLowerCase(Locale.ROOT));
        lines.add(":at " + OperationLog.quoted(Words.seconds(blame.at())));
        lines.add(":sentence " + OperationLog.quoted(blame.sentence()));
        blame.promise().ifPresent(promise -> lines.add(":promise " + promise));
        blame.fault().ifPresent(fault -> lines.add(":fault :" + fault));
    }

    /** By which it is seen that a person has edited a plan. */
    static String sumOf(String text) {
        return Words.hex(Prng.hash(0, text));
    }

    private void pointAt(Path folder) throws IOException {
        Path latest = store.resolve("latest");
        try {
            Files.deleteIfExists(latest);
            Files.createSymbolicLink(latest, store.relativize(folder));
        } catch (UnsupportedOperationException noLinksHere) {
            // The folder's name is printed anyway.
        }
    }
}
