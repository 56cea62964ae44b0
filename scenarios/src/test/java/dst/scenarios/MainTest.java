package dst.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.scenarios.cli.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

final class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void aWrongWordIsSaidInOneLineWithTheWayToHelp() {
        assertEquals(ExitCode.USAGE, run("nosuch"));
        assertEquals(1, err.toString().lines().count());
        assertTrue(err.toString().contains("nosuch") && err.toString().contains("dst --help"), err::toString);
    }

    @Test
    void noCommandIsAUsageError() {
        assertEquals(ExitCode.USAGE, run());
    }

    @Test
    void helpNamesTheExitCodesAndGivesExamples() {
        assertEquals(ExitCode.HOLDS, run("--help"));
        assertTrue(out.toString().contains("Exit codes:") && out.toString().contains("Examples:"), out::toString);
    }

    @Test
    void versionNamesTheProjectAndTheJava() {
        assertEquals(ExitCode.HOLDS, run("--version"));
        assertTrue(out.toString().startsWith("dst ") && out.toString().contains("Java 25"), out::toString);
    }

    @Test
    void anInternalFaultHasAnExitCodeOfItsOwn() {
        CommandLine main = Main.commandLine().addSubcommand(new Fails()).setErr(new PrintWriter(err));

        assertEquals(ExitCode.INTERNAL_FAULT, main.execute("fails"));
        assertTrue(err.toString().contains("internal fault in 'dst fails'"), err::toString);
    }

    @Test
    void doctorFindsTheJdkThatItRunsOn() {
        assertEquals(ExitCode.HOLDS, run("doctor"));
        assertTrue(out.toString().contains("ok JDK 25"), out::toString);
    }

    private int run(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @Command(name = "fails")
    static final class Fails implements Callable<Integer> {
        @Override
        public Integer call() {
            throw new IllegalStateException("planted");
        }
    }
}
