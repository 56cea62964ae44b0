package dst.scenarios.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.scenarios.Main;
import dst.scenarios.cli.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dst report}, and the page that every failing run leaves. */
final class ReportCommandTest {
    private static final Pattern AGAIN = Pattern.compile("See it again: <code>\\S+ (replay [^<]*)</code>");

    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(String... arguments) {
        out = new StringWriter();
        err = new StringWriter();
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private Path failing() {
        Path store = folder.resolve("store");
        int code = run(
                "run",
                "server-power-cut",
                "--seed",
                "1",
                "--plant",
                "answer-before-executing",
                "--store",
                store.toString());
        assertEquals(ExitCode.BROKEN, code, () -> out.toString() + err);
        return store.resolve("server-power-cut+answer-before-executing").resolve("1");
    }

    @Test
    void failingRunLeavesAPageAndItsCommandShowsTheSameAgain() throws IOException {
        Path run = failing();
        String page = Files.readString(run.resolve("report.html"));
        assertTrue(page.contains("D1 is broken by the server"), "who broke what");
        Matcher again = AGAIN.matcher(page);
        assertTrue(again.find(), "how to see it again");
        assertEquals(ExitCode.BROKEN, run(again.group(1).split(" ")), () -> out.toString() + err);
        assertTrue(out.toString().contains("Everything happened as before"), out::toString);
    }

    @Test
    void pageIsMadeAgainFromTheFolder() throws IOException {
        Path run = failing();
        String before = Files.readString(run.resolve("report.html"));
        Path elsewhere = folder.resolve("failure.html");
        assertEquals(ExitCode.HOLDS, run("report", run.toString(), "--out", elsewhere.toString()), err::toString);
        assertTrue(out.toString().contains("BROKEN   D1 is broken by the server"), out::toString);
        assertEquals(before, Files.readString(elsewhere));
    }

    @Test
    void failuresOfASeriesAreOnOnePageByKind() throws IOException {
        Path store = folder.resolve("store");
        run(
                "run",
                "server-power-cut",
                "--seeds",
                "5",
                "--plant",
                "answer-before-executing",
                "--store",
                store.toString());
        Path batch = store.resolve("server-power-cut+answer-before-executing").resolve("batch.html");
        assertTrue(out.toString().contains("as a page: " + batch), out::toString);
        String page = Files.readString(batch);
        assertTrue(page.contains("BROKEN in 5 of 5 runs"), page);
        assertTrue(
                page.contains("<a href=\"1/report.html\">D1 by the server</a></td><td>5</td><td>100.0 %</td><td>1<"),
                page);
        assertTrue(Files.exists(batch.resolveSibling("1/report.html")));
    }

    @Test
    void runThatHoldsIsKeptIfThatIsWanted() throws IOException {
        Path store = folder.resolve("store");
        Path suite = folder.resolve("TEST-dst.xml");
        String[] run = {
            "run", "server-power-cut", "--seed", "3", "--keep", "--store", store.toString(), "--junit", suite.toString()
        };
        assertEquals(ExitCode.HOLDS, run(run), err::toString);
        String page = Files.readString(store.resolve("server-power-cut/3/report.html"));
        assertTrue(page.contains("nothing was broken"));
        assertTrue(Files.readString(suite).contains("tests=\"1\" failures=\"0\" errors=\"0\""));
    }

    @Test
    void otherFormatsSayTheSame() throws Exception {
        String run = failing().toString();
        assertEquals(ExitCode.HOLDS, run("report", run, "--format", "text"), err::toString);
        assertTrue(out.toString().contains("BROKEN   D1 is broken by the server"), out::toString);
        assertTrue(
                out.toString().lines().anyMatch(line -> line.startsWith(">") && line.contains("<---")), out::toString);

        assertEquals(ExitCode.HOLDS, run("report", run, "--format", "edn"), err::toString);
        Object edn = clojure.java.api.Clojure.var("clojure.core", "read-string").invoke(out.toString());
        assertEquals("D1", ((java.util.Map<?, ?>) edn).get(clojure.java.api.Clojure.read(":rule")));

        assertEquals(ExitCode.HOLDS, run("report", run, "--format", "json"), err::toString);
        assertTrue(out.toString().startsWith("{\"verdict\":\"broken\",\"rule\":\"D1\","), out::toString);

        Path suite = folder.resolve("TEST-dst.xml");
        assertEquals(ExitCode.HOLDS, run("report", run, "--format", "junit", "--out", suite.toString()), err::toString);
        var xml = javax.xml.parsers.DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(suite.toFile());
        var failure = xml.getElementsByTagName("failure").item(0);
        assertEquals("D1", failure.getAttributes().getNamedItem("type").getNodeValue());
        assertEquals("1", xml.getDocumentElement().getAttribute("failures"));
    }

    @Test
    void runInWhichNothingStruckIsVacuousAndSoIsItsPage() throws IOException {
        Path scenario = folder.resolve("never.edn");
        Files.writeString(
                scenario, "{:doc \"Too late.\" :workload {:operations 10} :faults [{:fault :cut :at \"400 s\"}]}");
        Path store = folder.resolve("store");
        assertEquals(
                ExitCode.UNKNOWN_OR_VACUOUS,
                run("run", scenario.toString(), "--seeds", "2", "--keep", "--store", store.toString()),
                err::toString);
        assertTrue(out.toString().contains("let them come earlier, or heal later"), out::toString);
        assertTrue(
                Files.readString(store.resolve("never/1/report.html")).contains("none of the planned faults struck"));
        assertTrue(Files.readString(store.resolve("never/batch.html")).contains("VACUOUS"));
    }

    @Test
    void leakIsToldByTheOperationWhoseMemoryNeverCameBack() {
        Path store = folder.resolve("store");
        int code = run(
                "run",
                "dropped-links",
                "--seed",
                "1",
                "--plant",
                "content-not-given-back",
                "--store",
                store.toString());
        assertEquals(ExitCode.BROKEN, code, err::toString);
        Matcher taken =
                Pattern.compile("the first of it was taken at\\s+(\\S+) s").matcher(out.toString());
        assertTrue(taken.find(), out::toString);
        assertTrue(
                out.toString()
                        .lines()
                        .anyMatch(line -> line.startsWith("  " + taken.group(1)) && line.contains("submitted: write")),
                out::toString);
        assertTrue(out.toString().lines().anyMatch(line -> line.matches("> .* memory never came back.*")));
    }

    @Test
    void folderOfAnInterruptedRunIsToldWithWhatIsMissing() throws IOException {
        Path run = failing();
        Files.delete(run.resolve("verdict.edn"));
        assertEquals(ExitCode.HOLDS, run("report", run.toString()), err::toString);
        assertTrue(Files.readString(run.resolve("report.html")).contains("no verdict.edn, so no bug is planted"));
    }

    @Test
    void whatIsNoRunFolderIsSaidSo() throws IOException {
        assertEquals(ExitCode.USAGE, run("report", folder.resolve("none").toString()));
        assertTrue(err.toString().contains("there is no run folder"), err::toString);
        assertEquals(ExitCode.USAGE, run("report", folder.toString()));
        assertTrue(err.toString().contains("there is no plan.edn in it"), err::toString);
        Path run = failing();
        Files.writeString(run.resolve("plan.edn"), "{:scenario");
        assertEquals(ExitCode.USAGE, run("report", run.toString()));
        assertTrue(err.toString().contains("plan.edn"), err::toString);
        assertEquals(
                ExitCode.USAGE,
                run(
                        "report",
                        failing().toString(),
                        "--out",
                        folder.resolve("no/such/folder/x.html").toString()));
        assertTrue(
                err.toString()
                        .contains("--out " + folder.resolve("no/such/folder/x.html")
                                + " cannot be written: no such file"),
                err::toString);
    }
}
