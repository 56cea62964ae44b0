package dst.scenarios.report;

import dst.realnode.Terminal;
import dst.reports.Data;
import dst.reports.Diagram;
import dst.reports.JUnit;
import dst.reports.Page;
import dst.reports.Report;
import dst.reports.Story;
import dst.reports.Verdict;
import dst.scenarios.cli.Destination;
import dst.scenarios.cli.ExitCode;
import dst.scenarios.cli.WrongInput;
import dst.scenarios.store.RunFolder;
import dst.scenarios.store.SecondRun;
import dst.scenarios.store.TraceFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes the page that tells what happened in a run. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = {
            "Tells what a run came to and shows what happened in it.",
            "It does so as one HTML file that needs no network, as text with a diagram, or for programs as JUnit's XML, EDN or JSON.",
            "Of a run folder its plan is run again; of a recording by 'dst serve' or 'dst attach' the trace is read."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it is told, whatever the run came to",
            "2:the command line or a file is wrong",
            "4:a part of it could not be read or judged, and that is told"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  dst report store/latest --open",
            "  dst report store/late-duplicates/17 --out failure.html",
            "  dst report store/latest --format text        on the terminal, with a diagram",
            "  dst report store/latest --format junit --out TEST-dst.xml",
            "  dst report recordings --node server --open",
            "      what 'dst serve --record recordings' wrote last"
        })
public final class ReportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FOLDER", description = "A run folder, a plan.edn, or a recording.")
    private @SuppressWarnings("NullAway.Init") Path folder;

    @Option(names = "--node", paramLabel = "NAME", description = "Of a recording: this node, server or client.")
    private Optional<String> node = Optional.empty();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "Where it goes. Default: report.html in the folder, report-NAME.html of one node of a run; other formats are printed.")
    private Optional<Path> out = Optional.empty();

    @Option(names = "--format", paramLabel = "FORMAT", description = "One of ${COMPLETION-CANDIDATES}. Default: html.")
    private Format format = Format.HTML;

    enum Format {
        HTML,
        TEXT,
        JUNIT,
        EDN,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(names = "--open", description = "Show it in the browser.")
    private boolean open;

    @Spec
    private @SuppressWarnings("NullAway.Init") CommandSpec spec;

    @Override
    public Integer call() {
        if (!Files.exists(folder)) {
            throw new WrongInput("there is no run folder " + folder + "; failing runs leave one under store/");
        }
        out.ifPresent(file -> Destination.checkFile("--out", file));
        Path page;
        Report report;
        if (node.isPresent() || Files.exists(folder.resolve(RunFolder.RECORDING))) {
            NodeReplay replay =
                    node.map(name -> NodeReplay.of(folder, name)).orElseGet(() -> NodeReplay.ofRecording(folder));
            report = replay.report();
            page = replay.page();
        } else {
            SecondRun second = SecondRun.of(folder, _ -> List.of());
            report = second.report("replay " + folder);
            page = second.place().resolve(RunFolder.PAGE);
        }
        if (format == Format.HTML) {
            page(report, out.orElse(page));
        } else if (out.isPresent()) {
            write(text(report, false), out.get());
            TraceFile.incompleteIn(report).ifPresent(what -> warn("incomplete: " + what));
        } else {
            PrintWriter said = spec.commandLine().getOut();
            said.print(text(report, Terminal.isColourful()));
            said.flush();
        }
        // What could not be read was not told.
        return report.judgement().verdict() == Verdict.UNKNOWN
                        || TraceFile.incompleteIn(report).isPresent()
                ? ExitCode.UNKNOWN_OR_VACUOUS
                : ExitCode.HOLDS;
    }

    private String text(Report report, boolean colour) {
        return switch (format) {
            case HTML -> Page.of(report);
            case TEXT -> story(report, colour) + "\n" + Diagram.of(report, colour);
            case JUNIT -> JUnit.xml(report.title(), List.of(suiteCase(report)));
            case EDN -> Data.edn(report);
            case JSON -> Data.json(report);
        };
    }

    private static String story(Report report, boolean colour) {
        return Story.tell(report, colour)
                + TraceFile.incompleteIn(report)
                        .map(what -> "\nINCOMPLETE   " + what + ".\n")
                        .orElse("");
    }

    /** What holds as far as it can be read is no pass. */
    private static JUnit.Case suiteCase(Report report) {
        JUnit.Case whole = JUnit.of(report);
        return TraceFile.incompleteIn(report)
                .map(what -> whole.verdict() == Verdict.BROKEN
                        ? new JUnit.Case(
                                whole.name(), whole.verdict(), whole.message(), whole.type(), story(report, false))
                        : new JUnit.Case(
                                whole.name(),
                                Verdict.UNKNOWN,
                                "incomplete: " + what,
                                Verdict.UNKNOWN.words(),
                                story(report, false)))
                .orElse(whole);
    }

    private static void write(String text, Path file) {
        try {
            Files.writeString(file, text);
        } catch (IOException failed) {
            throw WrongInput.of(file + " cannot be written (choose another place with --out)", failed);
        }
    }

    private void page(Report report, Path page) {
        write(text(report, false), page);
        PrintWriter said = spec.commandLine().getOut();
        said.println(report.judgement().verdict().words() + "   " + Story.headlineOf(report.judgement()));
        TraceFile.incompleteIn(report).ifPresent(what -> said.println("INCOMPLETE   " + what + "."));
        said.println("The page is " + page);
        said.flush();
        if (open) {
            show(page);
        }
    }

    private void show(Path page) {
        for (String opener : List.of("xdg-open", "open")) {
            try {
                new ProcessBuilder(opener, page.toAbsolutePath().toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                return;
            } catch (IOException notHere) {
                // The other one, then.
            }
        }
        warn("there is no xdg-open here to show it with: open it in a browser yourself");
    }

    private void warn(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("dst: " + line);
        err.flush();
    }
}
