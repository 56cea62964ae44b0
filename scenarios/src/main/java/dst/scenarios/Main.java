package dst.scenarios;

import dst.realnode.CompletionCommand;
import dst.realnode.Terminal;
import dst.realnode.Version;
import dst.realnode.attach.AttachCommand;
import dst.realnode.ctl.CtlCommand;
import dst.realnode.ctl.DetachCommand;
import dst.realnode.proxy.ProxyCommand;
import dst.realnode.serve.ServeCommand;
import dst.scenarios.bench.BenchCommand;
import dst.scenarios.cli.ExitCode;
import dst.scenarios.cli.WrongInput;
import dst.scenarios.doctor.Doctor;
import dst.scenarios.library.Library;
import dst.scenarios.library.ListCommand;
import dst.scenarios.library.NewCommand;
import dst.scenarios.mutants.MutantsCommand;
import dst.scenarios.report.HistoryCommand;
import dst.scenarios.report.ReplayCommand;
import dst.scenarios.report.ReportCommand;
import dst.scenarios.run.RunCommand;
import dst.scenarios.search.SearchCommand;
import dst.scenarios.shrink.BisectCommand;
import dst.scenarios.shrink.ShrinkCommand;
import dst.scenarios.store.RunsCommand;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The workbench's command line. Each subcommand is a class of its own. The commands of a node are listed here; the launcher starts
 * them with the node's own, smaller program.
 */
@Command(
        name = "dst",
        synopsisSubcommandLabel = "COMMAND",
        description =
                "Runs a block protocol in a world that can break, and says which promise broke and by which side.",
        mixinStandardHelpOptions = true,
        subcommands = {
            RunCommand.class,
            SearchCommand.class,
            ListCommand.class,
            ReplayCommand.class,
            ReportCommand.class,
            ShrinkCommand.class,
            BisectCommand.class,
            RunsCommand.class,
            NewCommand.class,
            HistoryCommand.class,
            MutantsCommand.class,
            BenchCommand.class,
            Doctor.class,
            ServeCommand.class,
            AttachCommand.class,
            DetachCommand.class,
            CtlCommand.class,
            ProxyCommand.class,
            CompletionCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything that was promised holds",
            "1:a promise is broken",
            "2:the command line is wrong",
            "3:dst itself failed",
            "4:unknown, or vacuous: the faults asked for never struck",
            "130:interrupted"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  dst run                   the demonstration: start here",
            "  dst run everything        a thousand worlds in which everything goes wrong",
            "  dst search --time 10m     all scenarios, over seeds that were not run yet",
            "  dst new my-scenario       a scenario of your own to begin with",
            "  dst list                  every scenario, and every bug that can be planted",
            "  dst replay store/latest   the last failure once more",
            "  dst mutants               which of the planted bugs are found, and how soon",
            "  dst doctor                what this machine has, and what it lacks for what",
            "  dst serve --help          the same protocol on real sockets and disks"
        })
public final class Main implements Runnable {
    @Spec
    private @SuppressWarnings("NullAway.Init") CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Main());
        Version.sayIn(commandLine);
        return commandLine
                .setUsageHelpAutoWidth(true)
                .setColorScheme(Terminal.colours())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::sayWhatIsWrong)
                .setExecutionExceptionHandler(Main::sayThatWeFailed);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private static int sayWhatIsWrong(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        String reason = reason(wrong);
        PrintWriter err = command.getErr();
        err.println("dst: " + reason + " (see " + command.getCommandSpec().qualifiedName() + " --help)");
        err.flush();
        return ExitCode.USAGE;
    }

    private static String reason(ParameterException wrong) {
        String said = Optional.ofNullable(wrong.getMessage())
                .flatMap(message -> message.lines().findFirst())
                .orElse("the command line is wrong");
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            String what = unmatched.isUnknownOption()
                    ? "there is no option "
                    : wrong.getCommandLine().getSubcommands().isEmpty()
                            ? "there is one word too many: "
                            : "there is no command ";
            List<String> known = unmatched.isUnknownOption()
                    ? wrong.getCommandLine().getCommandSpec().options().stream()
                            .map(option -> option.longestName())
                            .toList()
                    : List.copyOf(wrong.getCommandLine().getSubcommands().keySet());
            String word = unmatched.getUnmatched().getFirst();
            List<String> near = Library.nearest(word, known);
            return what + "'" + word + "'"
                    + (near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?");
        }
        if (wrong.getArgSpec() instanceof OptionSpec option
                && option.paramLabel().equals("N")
                && wrong.getValue() != null) {
            return option.longestName() + " wants a whole number, not '" + wrong.getValue() + "'";
        }
        return said;
    }

    private static int sayThatWeFailed(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (failure instanceof WrongInput wrong) {
            wrong.words().lines().forEach(line -> err.println("dst: " + line));
            err.flush();
            return ExitCode.USAGE;
        }
        err.println("dst: internal fault in '" + command.getCommandSpec().qualifiedName()
                + "': this is an error in dst itself, please report it with the lines below");
        failure.printStackTrace(err);
        err.flush();
        return ExitCode.INTERNAL_FAULT;
    }
}
