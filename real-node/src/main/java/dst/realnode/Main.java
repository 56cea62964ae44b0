package dst.realnode;

import dst.realnode.attach.AttachCommand;
import dst.realnode.ctl.CtlCommand;
import dst.realnode.ctl.DetachCommand;
import dst.realnode.guard.ForeignText;
import dst.realnode.proxy.ProxyCommand;
import dst.realnode.serve.ServeCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of a real node. */
@Command(
        name = "dst",
        synopsisSubcommandLabel = "COMMAND",
        description = "Offers disks over the network, and uses them.",
        mixinStandardHelpOptions = true,
        subcommands = {
            ServeCommand.class,
            AttachCommand.class,
            DetachCommand.class,
            CtlCommand.class,
            ProxyCommand.class,
            CompletionCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:ended in order",
            "2:the command line, or something that it names, is wrong",
            "3:dst itself failed",
            "4:ended, and not everything was in order"
        })
public final class Main implements Runnable {
    @Spec
    private @SuppressWarnings("NullAway.Init") CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Main());
        Version.sayIn(commandLine);
        return commandLine
                .setUsageHelpAutoWidth(true)
                .setColorScheme(Terminal.colours())
                .setParameterExceptionHandler((wrong, _) -> {
                    CommandLine command = wrong.getCommandLine();
                    String said = String.valueOf(wrong.getMessage())
                            .lines()
                            .findFirst()
                            .orElse("");
                    say(command, said + " (see " + command.getCommandSpec().qualifiedName() + " --help)");
                    return 2;
                })
                .setExecutionExceptionHandler((failure, command, _) -> failed(failure, command));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: serve, attach, detach, ctl or proxy");
    }

    private static int failed(Exception failure, CommandLine command) {
        if (failure instanceof WrongInput wrong) {
            wrong.words().lines().forEach(line -> say(command, line));
            return 2;
        }
        say(command, "this is an error in dst itself, please report it with the lines below");
        failure.printStackTrace(command.getErr());
        return 3;
    }

    private static void say(CommandLine command, String line) {
        PrintWriter err = command.getErr();
        err.println("dst: " + ForeignText.harmless(line));
        err.flush();
    }
}
