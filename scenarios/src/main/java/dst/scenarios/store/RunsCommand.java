package dst.scenarios.store;

import dst.scenarios.cli.ExitCode;
import dst.scenarios.cli.WrongInput;
import dst.scenarios.store.StoredRuns.Stored;
import dst.scenarios.trial.SeriesText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which run folders there are, and the end of old ones. */
@Command(
        name = "runs",
        mixinStandardHelpOptions = true,
        description = {
            "Shows the run folders in a store, or removes old ones.",
            "list: the newest first, with what each came to.",
            "prune: removes all but the newest of them; nothing else in the store is touched."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  dst runs list",
            "  dst runs list --store /srv/store",
            "  dst runs prune --keep 20            the 20 newest stay",
            "  dst runs prune --keep 0 --dry-run   only says what would go"
        })
public final class RunsCommand implements Callable<Integer> {
    @Parameters(paramLabel = "list|prune", description = "What to do.")
    private @SuppressWarnings("NullAway.Init") String what;

    @Option(
            names = "--store",
            paramLabel = "DIR",
            defaultValue = "store",
            description = "Where the folders are. Default: store.")
    private @SuppressWarnings("NullAway.Init") Path store;

    @Option(names = "--keep", paramLabel = "N", description = "prune: so many of the newest stay.")
    private Optional<Integer> keep = Optional.empty();

    @Option(names = "--dry-run", description = "prune: says what would go, and removes nothing.")
    private boolean dryRun;

    @Spec
    private @SuppressWarnings("NullAway.Init") CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        switch (what) {
            case "list" -> list(out);
            case "prune" -> prune(out);
            default ->
                throw new ParameterException(
                        spec.commandLine(), "'" + what + "' is not known here: there are list and prune");
        }
        out.flush();
        return ExitCode.HOLDS;
    }

    private void list(PrintWriter out) {
        List<Stored> runs = StoredRuns.in(store);
        for (Stored run : runs) {
            out.println(run.when() + "  " + run.verdict() + "  " + run.folder());
        }
        out.println(
                runs.isEmpty()
                        ? "There are no runs in " + store + "; failing runs leave a folder there."
                        : SeriesText.runs(runs.size()) + ".");
    }

    private void prune(PrintWriter out) {
        int staying = keep.orElseThrow(
                () -> new ParameterException(spec.commandLine(), "how many are to stay? For example --keep 20"));
        if (staying < 0) {
            throw new WrongInput("--keep wants a number from 0 on, not " + staying);
        }
        List<Stored> runs = StoredRuns.in(store);
        List<Stored> going = runs.subList(Math.min(staying, runs.size()), runs.size()).stream()
                .filter(run -> !run.isGrowing())
                .toList();
        for (Stored run : going) {
            out.println((dryRun ? "would remove " : "removes ") + run.folder());
            if (!dryRun) {
                run.remove();
            }
        }
        out.println(SeriesText.runs(going.size()) + (dryRun ? " would go, " : " gone, ") + (runs.size() - going.size())
                + " stay.");
    }
}
