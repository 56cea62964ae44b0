package dst.scenarios.doctor;

import dst.scenarios.cli.ExitCode;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what this machine has and what is missing, for which part of dst, and how to get it. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Shows what this machine has, and what is missing for which part of dst.",
        footerHeading = "%nThe exit code is 0, or 4 if something required is missing.%n",
        footer = "")
public final class Doctor implements Callable<Integer> {
    private static final int NAME_WIDTH = 24;

    @Spec
    private @SuppressWarnings("NullAway.Init") CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        List<Prerequisite> prerequisites = new Computer().examine();
        prerequisites.forEach(prerequisite -> out.println(line(prerequisite)));

        List<String> missing = prerequisites.stream()
                .filter(prerequisite ->
                        prerequisite.required() && prerequisite.found().isEmpty())
                .map(Prerequisite::what)
                .toList();
        out.println();
        out.println(
                missing.isEmpty()
                        ? "Nothing required is missing. '-' is needed only for the part named in its line."
                        : "Required and missing: " + String.join(", ", missing));
        out.flush();
        return missing.isEmpty() ? ExitCode.HOLDS : ExitCode.UNKNOWN_OR_VACUOUS;
    }

    static String line(Prerequisite prerequisite) {
        String name = prerequisite.what()
                + " ".repeat(Math.max(1, NAME_WIDTH - prerequisite.what().length()));
        String sign = prerequisite.found().isPresent() ? "ok " : prerequisite.required() ? "!! " : "-  ";
        return sign
                + name
                + prerequisite
                        .found()
                        .map(found -> found + " (for " + prerequisite.neededFor() + ")")
                        .orElseGet(() ->
                                "not found: needed for " + prerequisite.neededFor() + "; " + prerequisite.howToGet());
    }
}
