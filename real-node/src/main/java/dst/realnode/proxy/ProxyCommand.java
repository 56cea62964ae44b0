package dst.realnode.proxy;

import dst.realnode.Ending;
import dst.realnode.WrongInput;
import dst.realnode.net.Address;
import dst.realnode.net.Network;
import dst.realnode.net.Transport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Passes connections on, and breaks them by a plan. */
@Command(
        name = "proxy",
        description = {
            "Listens at one address and passes everything on to another, but for the faults of a plan.",
            "A plan has one fault a line:",
            "  at 1.5s cut                    at-byte to-server 65536 flip to-server",
            "  at 2s black-hole both 10s      at-message to-client 12 stall to-client 2s",
            "  at 3s delay 50ms 10s           at 4s slow 64KiB 10s",
            "  at 5s split 1 2s               at 6s refuse 3s",
            "  at 7s cut-late 500ms           at 8s rebind"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  dst proxy --listen 127.0.0.1:4801 --to 127.0.0.1:4800 --plan faults.txt",
            "  dst proxy --listen 127.0.0.1:10811 --to 127.0.0.1:10809 \\",
            "      --plan faults.txt --seed 7"
        })
public final class ProxyCommand implements Callable<Integer> {
    @Spec
    private @SuppressWarnings("NullAway.Init") CommandSpec spec;

    @Option(names = "--listen", required = true, paramLabel = "ADDRESS", description = "Where clients connect.")
    private String listen = "";

    @Option(names = "--to", required = true, paramLabel = "ADDRESS", description = "Where the server is.")
    private String target = "";

    @Option(names = "--plan", paramLabel = "FILE", description = "What strikes, and when. Default: nothing.")
    private Optional<Path> plan = Optional.empty();

    @Option(names = "--seed", paramLabel = "N", description = "Decides which bits flip. Default: 1.")
    private long seed = 1;

    @Override
    public Integer call() throws InterruptedException {
        ProxyPlan faults =
                plan.isEmpty() ? ProxyPlan.QUIET : ProxyPlan.parse(plan.get().toString(), read(plan.get()));
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        PrintWriter out = spec.commandLine().getOut();
        try (Proxy proxy = new Proxy(
                new Network(Transport.best()),
                Address.parse(listen, 4801),
                Address.parseTarget(target, 4800),
                faults,
                seed,
                line -> say(out, line))) {
            Ending.whenAsked(asked::countDown, () -> {
                ended.await();
                return 0;
            });
            say(
                    out,
                    "passes on what comes to " + proxy.address() + ", "
                            + faults.faults().size() + (faults.faults().size() == 1 ? " fault" : " faults")
                            + " planned");
            asked.await();
            say(out, proxy.summary());
        } finally {
            // The process ends when this is so, not before.
            ended.countDown();
        }
        return 0;
    }

    private static void say(PrintWriter out, String line) {
        out.println("dst: " + line);
        out.flush();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new WrongInput("cannot read " + file + ": " + e.getMessage());
        }
    }
}
