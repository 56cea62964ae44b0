package dst.scenarios.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dst.scenarios.cli.WrongInput;
import dst.scenarios.trial.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.reporting.FileEntry;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Tests of somebody who uses the annotations, run by JUnit. */
final class ScenarioExtensionTest {
    private static final String LATE = "target/late.edn";

    @TempDir
    private Path folder;

    private final List<Path> attached = new ArrayList<>();

    /** Not found by who looks for tests: most of them are meant to fail. */
    static final class Users {
        static int entered;

        @Scenario("server-power-cut")
        @Seeds(5)
        void holds(Series series) {
            assertEquals(5, series.count());
            entered++;
        }

        @Scenario("server-power-cut")
        @Seeds(value = 2, from = 17)
        void demandsMore(Series series) {
            assertEquals(17, series.first());
            assertEquals(0, series.counts().struck().size());
        }

        @Scenario("examples/register/register.edn")
        @Seeds(value = 3, from = 2)
        void breaks() {
            entered++;
        }

        @Scenario(LATE)
        @Seeds(3)
        void isVacuous() {
            entered++;
        }

        @Scenario("server-powr-cut")
        void isNotThere() {}

        @Scenario("server-power-cut")
        @Seeds(0)
        void runsNothing() {}
    }

    @Test
    void aScenarioThatHoldsPassesAndHandsItsSeriesIn() {
        Users.entered = 0;
        assertEquals(Status.SUCCESSFUL, run("holds", Series.class.getName()).getStatus());
        assertEquals(1, Users.entered);
        assertEquals(List.of(), attached);
    }

    @Test
    void whatStandsInTheMethodIsDemandedToo() {
        assertFailed(run("demandsMore", Series.class.getName()), "expected: <0>");
    }

    @Test
    void aBugFailsInTheWordsOfTheCommandLineWithItsPageAttached() throws IOException {
        Users.entered = 0;
        Path run = folder.resolve("Users.breaks/register/2");
        assertFailed(
                run("breaks"),
                "BROKEN in 3 of 3 runs\n  3 times BACKED by the server, first in seed 2\n",
                "BROKEN   BACKED is broken by the server\n\n  BACKED: what is acknowledged, the backup has.\n",
                ", which its backup had not acknowledged.",
                "Again   dst run examples/register/register.edn --seed 2\n",
                "Everything about it is in " + run + ", as a page in report.html",
                "\nIt alone, in this test: @Seeds(value = 1, from = 2)");
        assertEquals(0, Users.entered);
        String page = Files.readString(run.resolve("report.html"));
        assertTrue(page.contains("BACKED"), page);
        assertEquals(1, attached.size());
        assertEquals(page, Files.readString(attached.getFirst()));
    }

    @Test
    void whereNothingStruckNothingIsPassed() throws IOException {
        Files.writeString(
                Path.of(LATE), "{:doc \"Too late.\", :heal \"100 ms\", :faults [{:fault :power-cut, :at \"101 ms\"}]}");
        Users.entered = 0;
        assertFailed(
                run("isVacuous"), "VACUOUS: none of the faults asked for ever struck: power-cut\nFaults strike only");
        assertEquals(0, Users.entered);
    }

    @Test
    void whatIsWrongInAnAnnotationIsSaid() {
        Throwable missing = assertFailed(
                run("isNotThere"), "there is no scenario 'server-powr-cut'; did you mean server-power-cut?");
        assertInstanceOf(WrongInput.class, missing);
        assertFailed(run("runsNothing"), "@Seeds wants a number above 0, not 0");
    }

    private static Throwable assertFailed(TestExecutionResult result, String... words) {
        Throwable why = result.getThrowable().orElseThrow();
        for (String word : words) {
            assertTrue(String.valueOf(why.getMessage()).contains(word), () -> "'" + word + "' is not in\n" + why);
        }
        assertEquals(Status.FAILED, result.getStatus());
        return why;
    }

    private TestExecutionResult run(String method, String... parameters) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectMethod(Users.class, method, String.join(",", parameters)))
                .configurationParameter(ScenarioExtension.STORE, folder.toString())
                .configurationParameter(
                        "junit.platform.reporting.output.dir",
                        folder.resolve("attached").toString())
                .build();
        List<TestExecutionResult> results = new ArrayList<>();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest()) {
                    results.add(result);
                }
            }

            @Override
            public void fileEntryPublished(TestIdentifier test, FileEntry file) {
                attached.add(file.getPath());
            }
        });
        return results.getFirst();
    }
}
