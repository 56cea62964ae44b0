package dst.scenarios;

import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The workbench's command line. Each subcommand is a class of its own. */
@Command(
        name = "dst",
        synopsisSubcommandLabel = "COMMAND",
        description =
                "Runs a block protocol in a world that can break, and says which promise broke and by which side.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {Doctor.class},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything that was promised holds",
            "1:a promise is broken",
            "2:the command line is wrong",
            "3:dst itself failed",
            "4:unknown, or vacuous: the faults asked for never struck"
        },
        footerHeading = "%nExamples:%n",
        footer = {"  dst doctor      what this machine has, and what is missing for which part"})
public final class Main implements Runnable {
    @Spec
    private @SuppressWarnings("NullAway.Init") CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
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
        String reason = Optional.ofNullable(wrong.getMessage())
                .flatMap(message -> message.lines().findFirst())
                .orElse("the command line is wrong");
        PrintWriter err = command.getErr();
        err.println("dst: " + reason + " (see " + command.getCommandSpec().qualifiedName() + " --help)");
        err.flush();
        return ExitCode.USAGE;
    }

    private static int sayThatWeFailed(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        PrintWriter err = command.getErr();
        err.println("dst: internal fault in '" + command.getCommandSpec().qualifiedName()
                + "': this is an error in dst itself, please report it with the lines below");
        failure.printStackTrace(err);
        err.flush();
        return ExitCode.INTERNAL_FAULT;
    }

    /** The version that the build wrote into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                    .orElse("(not packaged)");
            return new String[] {"dst " + version + ", Java " + Runtime.version()};
        }
    }
}
