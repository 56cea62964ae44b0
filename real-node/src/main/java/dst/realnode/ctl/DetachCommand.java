package dst.realnode.ctl;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Ends an attached device in order. */
@Command(
        name = "detach",
        description = "Tells a running 'dst attach' to flush, to say goodbye and to end.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  dst detach", "  dst detach --control /run/dst/attach.sock --deadline 10s"})
public final class DetachCommand implements Callable<Integer> {
    @Spec
    private @SuppressWarnings("NullAway.Init") CommandSpec spec;

    @Option(
            names = "--control",
            paramLabel = "SOCKET",
            description = "The socket on which the attached device listens.")
    private Optional<Path> control = Optional.empty();

    @Option(names = "--deadline", paramLabel = "TIME", description = "How long it may take. Default: 30s.")
    private String deadline = "30s";

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Answer answer = Question.ask(
                control.orElseGet(() -> Sockets.usual("attach")), List.of("detach", "deadline=" + deadline));
        answer.lines().forEach(out::println);
        out.flush();
        return answer.exitCode();
    }
}
