package dst.scenarios.shrink;

import dst.reports.Blame;
import dst.scenarios.cli.Durations;
import dst.scenarios.cli.ExitCode;
import dst.scenarios.cli.Interruption;
import dst.scenarios.cli.Invocation;
import dst.scenarios.cli.WrongInput;
import dst.scenarios.library.Library;
import dst.scenarios.library.Remembered;
import dst.scenarios.shrink.Shrinker.Shrunk;
import dst.scenarios.store.RunFolder;
import dst.scenarios.store.SecondRun;
import dst.sim.Plan;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a failure small. */
@Command(
        name = "shrink",
        mixinStandardHelpOptions = true,
        description = {
            "Leaves out of a failing run whatever it does not need to fail in the same way: faults, operations, hosts.",
            "It makes the rest ordinary and round.",
            "What is left is written as a run folder of its own, 'small' in the failure's folder, with its report and its plan;"
                    + " it is replaced by smaller ones as they come."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  dst shrink store/latest",
            "  dst shrink store/late-duplicates/17 --time 60s",
            "  dst replay store/latest/small   the small one, once more"
        })
public final class ShrinkCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FAILURE", description = "A run folder of a failing run, or a plan.edn.")
    private @SuppressWarnings("NullAway.Init") Path folder;

    @Option(
            names = "--time",
            paramLabel = "TIME",
            description = "At most so long, such as 500ms, 20s or 5m. Default: 20s.")
    private String time = "20s";

    @Spec
    private @SuppressWarnings("NullAway.Init") CommandSpec spec;

    @Override
    public Integer call() {
        Duration patience = Durations.parsed(time, "--time");
        PrintWriter out = spec.commandLine().getOut();
        SecondRun run = SecondRun.of(folder, _ -> List.of());
        Blame blame = run.trial()
                .judgement()
                .blame()
                .orElseThrow(() -> new WrongInput(folder + " does not fail: there is nothing to make smaller"));
        Failing failing = new Failing(
                run.system(), run.trial().plan(), run.before().flatMap(Remembered::expected), blame.fingerprint());
        out.println(blame.words() + ", in " + Failing.size(failing.plan()));
        out.flush();
        Path small = run.place().resolve(RunFolder.SMALL);
        long began = System.nanoTime();
        AtomicBoolean stopped = new AtomicBoolean();
        try (Interruption interruption = new Interruption(() -> stopped.set(true))) {
            Shrunk shrunk =
                    failing.shrink(() -> !stopped.get() && System.nanoTime() - began < patience.toNanos(), plan -> {
                        tell(plan, began);
                        write(failing, small, plan);
                    });
            write(failing, small, shrunk.plan());
            out.printf(
                    Locale.ROOT,
                    "%n%s left, after %,d tries in %.1f s. %s%n",
                    Failing.size(shrunk.plan()),
                    shrunk.tries(),
                    (System.nanoTime() - began) / 1e9,
                    shrunk.whole()
                            ? "Without any one of these, or any two, it does not fail like that."
                            : "There was no time to try all that could be left out (--time).");
            out.println();
            out.print(Library.textOf(small.resolve(RunFolder.PLAN)));
            out.println();
            out.println(
                    "Its folder is " + small + ", with its page; to see it again: " + Invocation.of("replay " + small));
            out.flush();
            return interruption.happened() ? ExitCode.INTERRUPTED : ExitCode.HOLDS;
        }
    }

    private static void write(Failing failing, Path small, Plan plan) {
        failing.write(small, plan);
    }

    private void tell(Plan plan, long began) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, "  %5.1f s   %s%n", (System.nanoTime() - began) / 1e9, Failing.size(plan));
        out.flush();
    }
}
