package dst.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.scenarios.cli.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What each command says of itself, on a terminal of the usual width. */
final class HelpTest {
    private static final int WIDTH = 80;

    static Stream<String> commands() {
        List<String> names = new ArrayList<>();
        add(Main.commandLine(), names);
        return names.stream();
    }

    private static void add(CommandLine command, List<String> names) {
        names.add(command.getCommandSpec().qualifiedName());
        command.getSubcommands().values().forEach(sub -> add(sub, names));
    }

    private static CommandLine named(String name) {
        CommandLine command = Main.commandLine();
        for (String word : name.split(" ")) {
            command = word.equals("dst") ? command : command.getSubcommands().get(word);
        }
        return command;
    }

    /** The list of commands shows the first line of each: that has to be a sentence by itself. */
    @ParameterizedTest
    @MethodSource("commands")
    void everyLineOfTheDescriptionIsWhole(String name) {
        String[] lines = named(name).getCommandSpec().usageMessage().description();
        assertTrue(lines.length > 0, name);
        for (String line : lines) {
            assertTrue(line.startsWith("  ") || line.endsWith(".") || line.endsWith(":"), () -> name + ": " + line);
        }
        assertTrue(lines[0].endsWith("."), () -> name + ": " + lines[0]);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void anExampleIsThereAndFitsTheLine(String name) {
        String[] lines = named(name).getCommandSpec().usageMessage().footer();
        assertTrue(lines.length > 0, () -> name + " has no example");
        for (String line : lines) {
            assertTrue(line.length() < WIDTH, () -> name + ": " + line);
        }
    }

    /** An address, or the line of a plan, is to be copied. */
    @ParameterizedTest
    @MethodSource("commands")
    void noAddressAndNoLineOfAPlanIsBroken(String name) {
        CommandLine command = named(name).setUsageHelpAutoWidth(false).setUsageHelpWidth(WIDTH);
        for (String line : command.getCommandSpec().usageMessage().description()) {
            assertTrue(!line.startsWith("  ") || line.length() < WIDTH, () -> name + ": " + line);
        }
        List<String> lines = command.getUsageMessage(CommandLine.Help.Ansi.OFF)
                .lines()
                .map(String::strip)
                .toList();
        for (int i = 1; i < lines.size(); i++) {
            String both = lines.get(i - 1) + "\n" + lines.get(i);
            assertFalse(both.matches("(?s).*\\d[:.]\n\\d.*"), () -> name + ": " + both);
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void theVersionIsSaid(String name) {
        StringWriter out = new StringWriter();
        List<String> words = new ArrayList<>(List.of(name.split(" ")));
        words.removeFirst();
        words.add("-V");
        assertEquals(
                ExitCode.HOLDS,
                Main.commandLine().setOut(new PrintWriter(out, true)).execute(words.toArray(String[]::new)));
        assertTrue(out.toString().matches("dst \\S.*, Java 25\\S*\\s*"), () -> name + ": " + out);
    }
}
