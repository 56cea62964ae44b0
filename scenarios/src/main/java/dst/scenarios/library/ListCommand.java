package dst.scenarios.library;

import dst.scenarios.cli.ExitCode;
import dst.scenarios.planting.Bug;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows every scenario and every planted bug, one line each. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Shows every scenario and every bug that can be planted, one line each.",
        footerHeading = "%nExamples:%n",
        footer = {"  dst list", "  dst list | grep flush"})
public final class ListCommand implements Callable<Integer> {
    @Spec
    private @SuppressWarnings("NullAway.Init") CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Library library = new Library();
        int width = widest(library.names());
        out.println("Scenarios (dst run NAME):");
        for (String name : library.names()) {
            Scenario scenario = library.scenario(name);
            String expected = scenario.expected()
                    .map(that -> " (expected: " + that.side().words() + " breaks " + that.rule() + ")")
                    .orElse("");
            out.println("  " + padded(name, width) + scenario.summary() + expected);
        }
        out.println();
        out.println(
                "Planted bugs: the side, the rule it breaks, the mistake it stands for (dst run [SCENARIO] --plant NAME):");
        width = widest(library.bugs().stream().map(Bug::id).toList());
        for (Bug bug : library.bugs()) {
            out.println("  " + padded(bug.id(), width)
                    + padded(bug.side().words().substring(4), 7)
                    + padded(bug.ruleNames().getFirst(), 3) + bug.imitates());
        }
        out.flush();
        return ExitCode.HOLDS;
    }

    private static int widest(List<String> names) {
        return names.stream().mapToInt(String::length).max().orElse(0) + 2;
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }
}
