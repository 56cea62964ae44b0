package dst.realnode.ctl;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks a running server, or tells it something. */
@Command(
        name = "ctl",
        description = {
            "Asks a running 'dst serve' how it is, or changes what it offers.",
            "With --control also a running 'dst attach': status and allow."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  dst ctl status",
            "      exports, clients, what is in flight, how long it takes",
            "  dst ctl add disk2=/srv/disk2.img     one more export",
            "  dst ctl allow disk2@10.0.0.7=rw",
            "      let somebody in; also takes rights away, at once",
            "  dst ctl --control /run/dst/attach.sock allow 10.0.0.7=r",
            "      the same at an attached device",
            "  dst ctl resize disk 20GiB",
            "      attached clients see it at once, NBD ones when they connect again",
            "  dst ctl resize lv",
            "      the size that a volume or file was given meanwhile",
            "  dst ctl remove disk --deadline 10s",
            "      take an export away: flush, tell its client, end",
            "  dst ctl drain --deadline 30s         end in order, as SIGTERM does"
        })
public final class CtlCommand implements Callable<Integer> {
    @Spec
    private @SuppressWarnings("NullAway.Init") CommandSpec spec;

    @Option(names = "--control", paramLabel = "SOCKET", description = "The socket on which the server listens.")
    private Optional<Path> control = Optional.empty();

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            description = "resize, remove, drain: how long it may take. Default: 30s.")
    private Optional<String> deadline = Optional.empty();

    @Option(names = "--shrink", description = "resize: also smaller, which loses what lies behind the new end.")
    private boolean shrink;

    @Parameters(
            arity = "1..*",
            paramLabel = "WORD",
            description = "status | add EXPORT | resize NAME [SIZE] | remove NAME | allow RULE | drain")
    private List<String> words = new ArrayList<>();

    @Override
    public Integer call() {
        List<String> question = new ArrayList<>(words);
        if (shrink) {
            question.add("shrink");
        }
        deadline.ifPresent(it -> question.add("deadline=" + it));
        PrintWriter out = spec.commandLine().getOut();
        Answer answer = Question.ask(control.orElseGet(() -> Sockets.usual("serve")), question);
        answer.lines().forEach(out::println);
        out.flush();
        return answer.exitCode();
    }
}
