package dst.scenarios;

import dst.reports.Page;
import dst.reports.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
            "Makes one HTML file that tells what a run came to and shows what happened in it; it needs no network.",
            "Of a run folder its plan is run again; of a recording by 'dst serve' or 'dst attach' the trace is read."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  dst report store/latest --open",
            "  dst report store/late-duplicates/17 --out failure.html",
            "  dst report recordings --node server --open   what 'dst serve --record recordings' wrote last"
        })
final class ReportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FOLDER", description = "A run folder, a plan.edn, or a recording.")
    private @SuppressWarnings("NullAway.Init") Path folder;

    @Option(names = "--node", paramLabel = "NAME", description = "Of a recording: this node, server or client.")
    private Optional<String> node = Optional.empty();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where the page goes. Default: report.html in the folder.")
    private Optional<Path> out = Optional.empty();

    @Option(names = "--open", description = "Show it in the browser.")
    private boolean open;

    @Spec
    private @SuppressWarnings("NullAway.Init") CommandSpec spec;

    @Override
    public Integer call() {
        if (!Files.exists(folder)) {
            throw new WrongInput("there is no run folder " + folder + "; failing runs leave one under store/");
        }
        PrintWriter said = spec.commandLine().getOut();
        Path page;
        Report report;
        if (node.isPresent() || Files.exists(folder.resolve(NodeReplay.RECORDING))) {
            NodeReplay replay =
                    node.map(name -> NodeReplay.of(folder, name)).orElseGet(() -> NodeReplay.ofRecording(folder));
            report = replay.report();
            page = out.orElseGet(() -> replay.folder().resolve(RunFolder.PAGE));
        } else {
            SecondRun second = SecondRun.of(folder, _ -> List.of());
            report = RunFolder.report(
                    second.trial(), second.recording(), second.subject(), second.text(), "replay " + folder);
            page = out.orElseGet(() -> second.place().resolve(RunFolder.PAGE));
        }
        try {
            Files.writeString(page, Page.of(report));
        } catch (IOException failed) {
            throw WrongInput.of(page + " cannot be written (choose another place with --out)", failed);
        }
        said.println(report.judgement().verdict().words() + "   "
                + report.judgement()
                        .blame()
                        .map(blame -> blame.rule() + " by " + blame.side().words())
                        .orElse("nothing was broken"));
        said.println("The page is " + page);
        said.flush();
        if (open) {
            show(page);
        }
        return ExitCode.HOLDS;
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
        PrintWriter err = spec.commandLine().getErr();
        err.println("dst: there is no xdg-open here to show it with: open it in a browser yourself");
        err.flush();
    }
}
