package dst.scenarios.library;

import dst.scenarios.cli.ExitCode;
import dst.scenarios.cli.Invocation;
import dst.scenarios.cli.WrongInput;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a short scenario that works, to begin with. */
@Command(
        name = "new",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a short scenario with comments, which works as it is, and says how to run it.",
            "As EDN, or with --clj as a program, in which operations, faults and checks can be computed."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  dst new my-scenario         writes my-scenario.edn",
            "  dst new my-scenario --clj   writes my-scenario.clj",
            "  dst run my-scenario.edn     a thousand seeds of it"
        })
public final class NewCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "What it is called; a folder before it is where it goes.")
    private @SuppressWarnings("NullAway.Init") Path name;

    @Option(names = "--clj", description = "As a Clojure program.")
    private boolean isProgram;

    @Spec
    private @SuppressWarnings("NullAway.Init") CommandSpec spec;

    @Override
    public Integer call() {
        String ending = isProgram ? Library.PROGRAM : Library.ENDING;
        String last = String.valueOf(name.getFileName());
        String stem = last.endsWith(ending) ? last.substring(0, last.length() - ending.length()) : last;
        if (!stem.matches("[A-Za-z0-9][A-Za-z0-9_-]*")) {
            throw new WrongInput(
                    "a scenario's name is made of letters, digits and dashes, such as my-scenario, not '" + stem + "'");
        }
        Path file = name.resolveSibling(stem + ending);
        try {
            Files.writeString(file, Library.beginning(stem, isProgram), StandardOpenOption.CREATE_NEW);
        } catch (IOException failed) {
            throw WrongInput.of(file + " cannot be written", failed);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("Wrote " + file + ". To run it: " + Invocation.of("run " + file));
        out.flush();
        return ExitCode.HOLDS;
    }
}
