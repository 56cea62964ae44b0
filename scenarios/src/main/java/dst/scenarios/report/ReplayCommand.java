package dst.scenarios.report;

import dst.protocol.Words;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Read;
import dst.protocol.trace.Tap;
import dst.protocol.trace.TraceReader;
import dst.protocol.trace.WorldEvent;
import dst.realnode.Terminal;
import dst.reports.Story;
import dst.scenarios.cli.CodeIdentity;
import dst.scenarios.cli.ExitCode;
import dst.scenarios.cli.WrongInput;
import dst.scenarios.kinds.Kinds;
import dst.scenarios.library.Library;
import dst.scenarios.library.Remembered;
import dst.scenarios.store.RunFolder;
import dst.scenarios.store.SecondRun;
import dst.scenarios.trial.Trial;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs the plan of a run folder again and says whether the same happened. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the plan of a run folder again, prints the verdict, and says whether everything happened as before.",
            "The plan can be edited: take out a fault or an operation and see whether it still breaks.",
            "With --node, or for a recording of 'dst serve' or 'dst attach': gives the recorded inputs of that one node to a"
                    + " fresh machine, says whether its outputs are the same, and judges what was recorded."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything that was promised holds",
            "1:a promise is broken, or the node's outputs are not the same",
            "2:the command line or a file is wrong",
            "3:the same code and plan came to something else",
            "4:unknown, vacuous, or a trace in the folder is damaged, and that is told"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  dst replay store/latest",
            "  dst replay store/server-power-cut+answer-before-executing/1",
            "  dst replay recordings --node server",
            "      what 'dst serve --record recordings' wrote last"
        })
public final class ReplayCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FOLDER", description = "A run folder, or a plan.edn.")
    private @SuppressWarnings("NullAway.Init") Path folder;

    @Option(
            names = "--node",
            paramLabel = "NAME",
            description = "Only this node, from its trace: client, server, and so on.")
    private Optional<String> node = Optional.empty();

    @Option(names = "--plant", paramLabel = "BUG", description = "With --node: plant a bug in its fresh machine.")
    private Optional<String> plant = Optional.empty();

    @Spec
    private @SuppressWarnings("NullAway.Init") CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (!Files.exists(folder)) {
            throw new WrongInput("there is no run folder " + folder + "; failing runs leave one under store/");
        }
        if (node.isPresent()) {
            return NodeReplay.of(folder, node.get()).run(new Library(), plant, out);
        }
        if (Files.exists(folder.resolve(RunFolder.RECORDING))) {
            return NodeReplay.ofRecording(folder).run(new Library(), plant, out);
        }
        if (plant.isPresent()) {
            throw new WrongInput("--plant is for one node: say --node NAME, too");
        }
        Map<String, ByteArrayOutputStream> traces = new LinkedHashMap<>();
        SecondRun second = SecondRun.of(folder, plan -> {
            List<Tap> taps = new ArrayList<>();
            for (String each : RunFolder.nodes(plan)) {
                ByteArrayOutputStream trace = new ByteArrayOutputStream();
                traces.put(each, trace);
                taps.add(RunFolder.writer(each, trace));
            }
            return taps;
        });
        Trial trial = second.trial();
        out.println(Story.tell(second.report("replay " + folder), Terminal.isColourful()));
        Optional<Remembered> before = second.before();
        out.println(
                before.isEmpty()
                        ? "There is no " + RunFolder.VERDICT
                                + " beside the plan: nothing to compare with, and no bug was planted."
                        : second.edited()
                                ? "The plan was edited since: this is what it comes to now, with nothing to compare with."
                                : compared(
                                        before.get(),
                                        trial,
                                        () -> traces.entrySet().stream()
                                                .flatMap(trace ->
                                                        difference(second.place(), trace.getKey(), trace.getValue())
                                                                .stream())
                                                .findFirst()));
        Optional<String> damaged = second.damaged();
        damaged.ifPresent(what -> out.println("INCOMPLETE   not compared with this run: " + what + "."));
        out.flush();
        boolean broke = before.isPresent()
                && !second.edited()
                && isSameCode(before.get(), trial)
                && !before.get().digest().equals(Words.hex(trial.digest()));
        if (broke) {
            return ExitCode.INTERNAL_FAULT;
        }
        return damaged.isPresent()
                ? ExitCode.UNKNOWN_OR_VACUOUS
                : trial.judgement().verdict().exitCode();
    }

    private static boolean isSameCode(Remembered before, Trial trial) {
        return before.build().equals(RunFolder.build(trial.plan()));
    }

    private static String compared(Remembered before, Trial trial, Supplier<Optional<String>> difference) {
        if (before.digest().equals(Words.hex(trial.digest()))) {
            return "Everything happened as before: digest " + before.digest() + ".";
        }
        String why = isSameCode(before, trial)
                ? "the code is the same, so dst is not deterministic: please report it"
                : before.code().equals(CodeIdentity.name())
                        ? "the code was changed since"
                        : "the code was " + before.code() + " and is " + CodeIdentity.name();
        return "It did not happen as before (" + why + ").\n"
                + difference.get().orElse("  The traces are the same; what the world did to the hosts is not.");
    }

    /** The first value that differs at one node's boundary. */
    private static Optional<String> difference(Path place, String node, ByteArrayOutputStream now) {
        byte[] then;
        try {
            then = Files.readAllBytes(RunFolder.traceOf(place, node));
        } catch (IOException missing) {
            return Optional.of("  There is no trace of the " + node + " to compare with.");
        }
        TraceReader old = new TraceReader(then, Kinds.vocabulary());
        TraceReader newer = new TraceReader(now.toByteArray(), Kinds.vocabulary());
        for (long number = 1; ; number++) {
            Read was = old.next();
            Read is = newer.next();
            if (was == null && is == null) {
                return Optional.empty();
            }
            if (was == null || is == null || !same(was, is)) {
                return Optional.of("  The first difference at the " + node + ", value " + number + ":\n    before: "
                        + words(was) + "\n    now:    " + words(is));
            }
        }
    }

    private static boolean same(Read was, Read is) {
        if (was instanceof Read.Seen(long then, Layer at, WorldEvent.MediaHolds(int disk, long offset, byte[] content))
                && is
                        instanceof
                        Read.Seen(long now, Layer there, WorldEvent.MediaHolds(int other, long place, byte[] found))) {
            return then == now && at.equals(there) && offset == place && Arrays.equals(content, found);
        }
        return was.equals(is);
    }

    private static String words(@Nullable Read read) {
        return switch (read) {
            case null -> "nothing more";
            case Read.Seen seen -> Words.seconds(seen.now()) + " " + seen.value();
            case Read.Damaged damaged -> "the trace is damaged: " + damaged.what();
        };
    }
}
