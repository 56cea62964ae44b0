package dst.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.scenarios.cli.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every key of what is printed for programs: in lower case, words joined by '-'. */
final class JsonKeysTest {
    private static final Pattern KEY = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"\\s*(:?)");
    private static final Pattern STYLE = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    @TempDir
    private Path folder;

    private String run(int code, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        assertEquals(
                code,
                Main.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(arguments),
                () -> "" + out + err);
        return out.toString();
    }

    private static void assertStyle(String json, String... known) {
        TreeSet<String> keys = new TreeSet<>();
        KEY.matcher(json)
                .results()
                .filter(text -> !text.group(2).isEmpty())
                .map((MatchResult text) -> text.group(1))
                .forEach(keys::add);
        assertTrue(keys.containsAll(List.of(known)), () -> keys + " of " + json);
        assertEquals(
                List.of(),
                keys.stream().filter(key -> !STYLE.matcher(key).matches()).toList());
    }

    @Test
    void ofAReport() {
        String store = folder.resolve("store").toString();
        run(ExitCode.BROKEN, "run", "server-power-cut", "--seed", "1", "--plant", "lost-write", "--store", store);
        String run = store + "/server-power-cut+lost-write/1";
        assertStyle(
                run(ExitCode.HOLDS, "report", run, "--format", "json"),
                "rule-words",
                "virtual-nanoseconds",
                "bytes-to-client",
                "power-cut");
        assertStyle(run(ExitCode.HOLDS, "report", run, "--node", "server", "--format", "json"), "recorded-by");
    }

    @Test
    void ofASearch() {
        assertStyle(
                run(
                        ExitCode.HOLDS,
                        "search",
                        "dropped-links",
                        "--seeds",
                        "10",
                        "--json",
                        "--store",
                        folder.resolve("store").toString()),
                "virtual-nanos",
                "dropped-links");
    }

    @Test
    void ofMutants() throws Exception {
        Path json = folder.resolve("figures.json");
        run(
                ExitCode.HOLDS,
                "mutants",
                "--bug",
                "answer-before-executing",
                "--scenario",
                "server-power-cut",
                "--seeds",
                "2",
                "--json",
                json.toString());
        assertStyle(Files.readString(json), "seeds-half", "verdicts", "times");
    }
}
