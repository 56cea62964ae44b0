package dst.scenarios.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.scenarios.Main;
import dst.scenarios.cli.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunCommandTest {
    @TempDir
    private Path folder;

    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @Test
    void aScenarioThatHoldsSaysWhatStruckAndLeavesNothing() {
        assertEquals(ExitCode.HOLDS, run("run", "dropped-links", "--seeds", "10"));
        assertSaid("HOLDS", "operations", "struck", "cut", "reconnects", "resends", "digest");
        assertEquals(false, Files.exists(folder.resolve("store")));
    }

    @Test
    void aPlantedBugIsToldWithSideRuleAndTheWayBack() {
        assertEquals(
                ExitCode.BROKEN, run("run", "server-power-cut", "--seeds", "10", "--plant", "answer-before-executing"));
        assertSaid(
                "D1 is broken by the server",
                "dst run server-power-cut --seed 1 --plant answer-before-executing",
                "dst replay",
                "was found in 10 of 10 runs, first in seed 1");
    }

    @Test
    void aFailingRunHasAFolderFromWhichItIsMadeAgain() throws IOException {
        run("run", "dropped-links", "--seed", "1", "--seeds", "5", "--plant", "no-duplicate-record");
        Path latest = folder.resolve("store/latest");
        for (String file : new String[] {"plan.edn", "verdict.edn", "history.edn", "client.trace", "server.trace"}) {
            assertTrue(Files.size(latest.resolve(file)) > 0, file);
        }

        assertEquals(ExitCode.BROKEN, again("replay", latest.toString()));
        assertSaid("T3 is broken by the server", "Everything happened as before");
    }

    @Test
    void aPlanThatWasEditedIsRunAsItIsNow() throws IOException {
        run("run", "server-power-cut", "--seed", "1", "--plant", "answer-before-executing");
        Path plan = folder.resolve("store/latest/plan.edn");
        Files.writeString(
                plan,
                Files.readString(plan)
                        .replaceAll(
                                "(?s):operations.*",
                                ":operations [{:tag 1 :do :read :at \"1 ms\" :offset 0 :length 512}]}"));

        assertEquals(ExitCode.HOLDS, again("replay", plan.getParent().toString()));
        assertSaid("The plan was edited since");
    }

    @Test
    void aRunThatDiffersIsToldWithTheFirstDifference() throws IOException {
        run("run", "server-power-cut", "--seed", "1", "--plant", "answer-before-executing");
        Path latest = folder.resolve("store/latest");
        Path verdict = latest.resolve("verdict.edn");
        Files.writeString(verdict, Files.readString(verdict).replaceFirst("(?m)^ :planted.*$", ""));

        assertEquals(ExitCode.INTERNAL_FAULT, again("replay", latest.toString()));
        assertSaid("It did not happen as before", "The first difference at the client, value ", "before: ", "now: ");
    }

    /** As after a fix: that it happens differently is what was wanted. */
    @Test
    void aRunOfOtherCodeThatDiffersIsJudgedAsItIsNow() throws IOException {
        run("run", "server-power-cut", "--seed", "1", "--plant", "answer-before-executing");
        Path latest = folder.resolve("store/latest");
        Path verdict = latest.resolve("verdict.edn");
        Files.writeString(
                verdict,
                Files.readString(verdict)
                        .replaceFirst("(?m)^ :planted.*$", "")
                        .replaceFirst("(?m)^ :build.*$", " :build \"another\""));

        assertEquals(ExitCode.HOLDS, again("replay", latest.toString()));
        assertSaid("HOLDS   nothing was broken", "It did not happen as before (the code was changed since)");
    }

    @Test
    void aScenarioWhoseFaultsNeverStrikeIsVacuous() throws IOException {
        Path file = folder.resolve("late.edn");
        Files.writeString(
                file, "{:doc \"Too late.\", :heal \"100 ms\", :faults [{:fault :power-cut, :at \"101 ms\"}]}");

        assertEquals(ExitCode.UNKNOWN_OR_VACUOUS, run("run", file.toString(), "--seeds", "3"));
        assertSaid("VACUOUS: none of the faults asked for ever struck: power-cut");
    }

    @Test
    void whatAUserGetsWrongIsSaidInOneLine() {
        assertUsage("did you mean everything?", "run", "everythink");
        assertUsage("did you mean lying-flush?", "run", "everything", "--plant", "lying-flash");
        assertUsage("there is no file", "run", "no/such.edn");
        assertUsage("'dst list' shows them all", "run", "");
        assertUsage("--seeds wants a number above 0", "run", "everything", "--seeds", "0");
        assertUsage("--seeds wants a whole number, not 'x'", "run", "everything", "--seeds", "x");
        assertUsage("--seed wants a number from 0 on, not -1", "run", "everything", "--seed", "-1");
        assertUsage("not so many seeds", "run", "everything", "--seed", "" + Long.MAX_VALUE, "--seeds", "2");
        assertUsage("no option '--sedes'; did you mean", "run", "everything", "--sedes", "3");
        assertUsage("one word too many: 'twice'", "run", "everything", "twice");
        assertUsage("no command 'relpay'; did you mean replay?", "relpay");
        assertUsage("of which scenario?", "run", "--seeds", "3");
        assertUsage("--seconds wants a number above 0", "bench", "sim", "--seconds", "0");
    }

    @Test
    void aPlaceWhereNothingCanBeWrittenIsSaidBeforeAnythingRuns() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertUsage(file + " is no folder", "run", "everything", "--store", file.toString());
        assertUsage(file + " is no folder", "run", "everything", "--store", file + "/deeper");
        assertUsage("--junit " + folder + " cannot be written", "run", "everything", "--junit", folder.toString());
        assertUsage("no such file or directory", "run", "everything", "--junit", file + "s/x.xml");
        assertEquals("", out.toString());
    }

    @Test
    void aFolderWithoutAPlanIsNoRunFolder() throws IOException {
        assertUsage(
                "there is no run folder", "replay", folder.resolve("nothing").toString());
        assertUsage("is no run folder: there is no plan.edn in it", "replay", folder.toString());
        Files.write(folder.resolve("plan.edn"), new byte[] {(byte) 0xff, 0});
        assertUsage("plan.edn is no text in UTF-8", "replay", folder.toString());
        Files.writeString(folder.resolve("plan.edn"), "{:scenario \"cut");
        assertUsage("the file ends too early", "replay", folder.toString());
    }

    @Test
    void withoutItsVerdictARunIsMadeAgainWithoutTheBug() throws IOException {
        run("run", "server-power-cut", "--seed", "1", "--plant", "answer-before-executing");
        Path latest = folder.resolve("store/latest");
        Files.delete(latest.resolve("verdict.edn"));

        assertEquals(ExitCode.HOLDS, again("replay", latest.toString()));
        assertSaid("There is no verdict.edn beside the plan: nothing to compare with, and no bug was planted.");
    }

    @Test
    void aBugThatIsNotFoundIsToldWithTheScenarioInWhichItShows() {
        run("run", "dropped-links", "--seeds", "2", "--plant", "failed-flush-forgotten");
        assertSaid("was not found in 2 runs", "dst run failing-disk --plant failed-flush-forgotten");

        run("run", "lying-disk", "--seeds", "10", "--plant", "lying-flush");
        assertSaid("lying-flush makes no difference here");
    }

    @Test
    void oneRunShowsTheDigestThatItsFolderHas() throws IOException {
        run("run", "server-power-cut", "--seed", "1", "--plant", "answer-before-executing");
        String verdict = Files.readString(folder.resolve("store/latest/verdict.edn"));
        String digest = verdict.replaceFirst("(?s).*:digest \"(\\w+)\".*", "$1");

        assertSaid("digest " + digest);
    }

    @Test
    void listShowsScenariosAndBugsOneLineEach() {
        assertEquals(ExitCode.HOLDS, run("list"));
        assertSaid("server-power-cut", "lying-disk", "answer-before-executing", "(expected: the disk breaks D1)");
    }

    @Test
    void theDemonstrationHoldsAndThenFindsItsBug() {
        assertEquals(ExitCode.HOLDS, run("run"));
        assertSaid("HOLDS", "BROKEN", "the server", "dst list");
    }

    private void assertUsage(String words, String... arguments) {
        out = new StringWriter();
        err = new StringWriter();
        assertEquals(ExitCode.USAGE, again(arguments), err::toString);
        assertEquals(1, err.toString().lines().count(), err::toString);
        assertTrue(err.toString().contains(words), err::toString);
    }

    private void assertSaid(String... words) {
        for (String word : words) {
            assertTrue(out.toString().contains(word), () -> "'" + word + "' is not in\n" + out);
        }
    }

    private int run(String... arguments) {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + (arguments[0].equals("run") ? 2 : 0));
        if (all.length > arguments.length) {
            all[arguments.length] = "--store";
            all[arguments.length + 1] = folder.resolve("store").toString();
        }
        return again(all);
    }

    private int again(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
