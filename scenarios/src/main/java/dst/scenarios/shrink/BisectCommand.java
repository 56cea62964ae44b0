package dst.scenarios.shrink;

import dst.reports.Blame;
import dst.scenarios.cli.Durations;
import dst.scenarios.cli.ExitCode;
import dst.scenarios.cli.Invocation;
import dst.scenarios.cli.WrongInput;
import dst.scenarios.library.Remembered;
import dst.scenarios.shrink.Shrinker.Shrunk;
import dst.scenarios.store.SecondRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what the difference is between a failing run and one that holds. */
@Command(
        name = "bisect",
        mixinStandardHelpOptions = true,
        description = {
            "Makes the failing plan small, then takes each fault and operation that is left out of the whole plan.",
            "It does the same with what is left of all in which the make of its hosts, links and disk is out of the ordinary.",
            "Which of these turns the plan into one that holds? Others may do so as well: these are the ones that the small plan cannot do without either.",
            "For the commit that broke it: see the example with 'git bisect run'."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  dst bisect store/latest",
            "  git bisect start BAD GOOD",
            "  git bisect run scenarios/bisect-step store/latest",
            "      in a work tree of its own: see docs/tutorials/from-red-to-a-fix.md"
        })
public final class BisectCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FAILURE", description = "A run folder of a failing run, or a plan.edn.")
    private @SuppressWarnings("NullAway.Init") Path folder;

    @Option(
            names = "--time",
            paramLabel = "TIME",
            description = "At most so long for making it small, such as 500ms, 20s or 5m. Default: 20s.")
    private String time = "20s";

    @Spec
    private @SuppressWarnings("NullAway.Init") CommandSpec spec;

    @Override
    public Integer call() {
        Duration patience = Durations.parsed(time, "--time");
        SecondRun run = SecondRun.of(folder, _ -> List.of());
        Blame blame = run.trial()
                .judgement()
                .blame()
                .orElseThrow(() -> new WrongInput(folder + " does not fail: there is nothing to find the cause of"));
        Failing failing = new Failing(
                run.system(), run.trial().plan(), run.before().flatMap(Remembered::expected), blame.fingerprint());
        PrintWriter out = spec.commandLine().getOut();
        out.println(blame.words() + ", in " + Failing.size(failing.plan()));
        out.println("  " + blame.sentence());
        out.println();
        out.flush();
        long began = System.nanoTime();
        Shrunk small = failing.shrinkAbout(blame.about(), () -> System.nanoTime() - began < patience.toNanos());
        new BisectText(failing, small, run.named()).lines().forEach(out::println);
        out.println("Its story: " + Invocation.of("shrink " + folder));
        out.flush();
        return ExitCode.HOLDS;
    }
}
