package dst.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.scenarios.cli.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dst} and {@code launcher/}, with a Maven and an apt-get that only look like them. */
final class LauncherTest {
    private static final List<String> MODULES = List.of("protocol", "sim", "real-node", "reports", "scenarios");
    private static final String NO_PROGRAM = "no-such-program | no-such-package | - | tests of nothing\n";

    @TempDir
    Path folder;

    private Path home = Path.of("");

    private record Ended(int code, String said) {}

    @BeforeEach
    void clone(@TempDir Path given) throws IOException {
        home = given;
        Path sources = Path.of("").toAbsolutePath().getParent();
        Files.copy(sources.resolve("dst"), home.resolve("dst"));
        Files.createDirectory(home.resolve("launcher"));
        try (Stream<Path> parts = Files.list(sources.resolve("launcher"))) {
            for (Path part : parts.toList()) {
                Files.copy(part, home.resolve("launcher").resolve(part.getFileName()));
            }
        }
        Files.writeString(home.resolve("pom.xml"), "");
        for (String module : MODULES) {
            Files.createDirectories(home.resolve(module).resolve("src/test"));
        }
        program("mvn", "exit 9");
        program("apt-get", "echo \"$@\" >> " + folder.resolve("apt"));
        // With more to say than a pipe holds: whoever stops listening after the first lines makes it fail.
        program("apt-cache", "echo '  Candidate: 1.0'; seq 100000");
    }

    private Path program(String name, String script) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Ended dst(Map<String, String> environment, String... words) throws IOException, InterruptedException {
        ProcessBuilder dst = new ProcessBuilder(
                Stream.concat(Stream.of("bash", home.resolve("dst").toString()), Stream.of(words))
                        .toList());
        dst.environment().keySet().removeIf(name -> name.startsWith("DST_") || name.startsWith("JAVA_TOOL"));
        dst.environment().put("JAVA_HOME", System.getProperty("java.home"));
        dst.environment().put("PATH", folder + ":/usr/bin:/bin");
        dst.environment().putAll(environment);
        Path said = folder.resolve("said");
        Process process = dst.redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        return new Ended(process.waitFor(), Files.readString(said, StandardCharsets.UTF_8));
    }

    private Ended dst(String... words) throws IOException, InterruptedException {
        return dst(Map.of(), words);
    }

    /** As a build leaves it, with jars that hold nothing. */
    private void built(String classpath) throws IOException {
        byte[] emptyJar = new byte[22];
        System.arraycopy(new byte[] {'P', 'K', 5, 6}, 0, emptyJar, 0, 4);
        for (String module : MODULES) {
            Path target = Files.createDirectories(home.resolve(module).resolve("target"));
            Files.write(target.resolve("dst-" + module + ".jar"), emptyJar);
        }
        Files.writeString(home.resolve("scenarios/target/classpath"), classpath);
    }

    private static void assertFailed(Ended ended, String... words) {
        assertEquals(ExitCode.INTERNAL_FAULT, ended.code, ended.said);
        for (String word : words) {
            assertTrue(ended.said.contains(word), ended.said);
        }
    }

    @Test
    void aPartOfTheBuildThatIsMissingOrBrokenIsNoBrokenPromise() throws Exception {
        built("lib/none.jar");
        assertFailed(dst("list"), "scenarios/target/lib/none.jar, a part of the build, is missing");
        built("");
        Files.write(home.resolve("scenarios/target/dst-scenarios.jar"), new byte[100]);
        assertFailed(dst("list"), "dst-scenarios.jar, a part of the build, is broken");
    }

    @Test
    void aJvmThatDoesNotStartIsNoBrokenPromise() throws Exception {
        built("");
        assertFailed(dst(Map.of("DST_JAVA_OPTIONS", "-XX:+Nonsense"), "list"), "Nonsense", "DST_JAVA_OPTIONS");
    }

    /** A class of one's own is found there, and in front of it stands what was built. */
    @Test
    void classesOfOnesOwnAreOnTheClassPath() throws Exception {
        built("");
        String main = "package dst.scenarios; public class Start { public static void main(String[] words) {"
                + " System.out.println(\"mine \" + System.getProperty(\"java.class.path\")); } }";
        Path source = Files.createDirectories(folder.resolve("dst/scenarios")).resolve("Start.java");
        Files.writeString(source, main);
        Path classes = Files.createDirectory(folder.resolve("classes"));
        assertEquals(
                0,
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", classes.toString(), source.toString()));

        Ended without = dst("list");
        Ended with = dst(Map.of("DST_CLASSPATH", classes.toString()), "list");

        assertTrue(without.said.contains("dst.scenarios.Start"), without.said);
        assertFalse(without.said.contains("mine"), without.said);
        assertEquals("mine " + home.resolve("scenarios/target/dst-scenarios.jar") + ":" + classes, with.said.strip());
    }

    @Test
    void whoMayNotBuildIsToldWhoMay() throws Exception {
        Files.writeString(home.resolve("protocol/target"), "in the way");
        assertFailed(dst("list"), "has to be built, and user", "may not write to", "let its owner", "/dst once");
        assertFailed(dst("test", "--no-install"), "may not write to");
    }

    @Test
    void aBuildSaysHowFarItIsAndWhereItFailed() throws Exception {
        program("mvn", """
                echo '[INFO] Building dst 0.1.0-SNAPSHOT [1/6]'
                echo '[INFO] Building dst-sim 0.1.0-SNAPSHOT      [3/6]'
                echo '[INFO] --- maven-compiler-plugin:3.16.0:compile (default-compile) @ dst-sim ---'
                n=0; while [ $n -lt 3000 ] && ! grep -q 'sim (2 of 5), compiling' %s; do n=$((n + 1)); sleep 0.1; done
                echo '[ERROR] planted: it does not compile'
                exit 1
                """.formatted(folder.resolve("said")));
        Ended ended = dst("list");
        assertFailed(ended, "dst: building, sim (2 of 5), compiling, ", "planted", "the build failed: all of it is in");
        assertTrue(ended.said.lines().count() < 10, ended.said);
    }

    @Test
    void withoutMavenItIsSaidWhatIsNeededAndHowToGetIt() throws Exception {
        Files.delete(folder.resolve("mvn"));
        Path tools = Files.createDirectory(folder.resolve("tools"));
        for (String tool : List.of("bash", "grep", "sed", "awk", "find", "dirname", "readlink", "head", "tail", "tr")) {
            Files.move(program(tool, "exec /usr/bin/" + tool + " \"$@\""), tools.resolve(tool));
        }
        Map<String, String> few = Map.of("PATH", folder + ":" + tools, "DST_INSTALL", "no");
        program("id", "echo 0");
        assertFailed(dst(few, "list"), "this is needed, and missing", "mvn is not on the PATH; apt-get install maven");
    }

    @Test
    void testsSayWhatIsMissingAndWhatIsLeftOut() throws Exception {
        Files.writeString(home.resolve("launcher/programs"), NO_PROGRAM);
        program(
                "mvn",
                report(
                        "<testcase name='a'/>",
                        "<testcase name='b'><skipped type='x'><![CDATA[org.opentest4j.TestAbortedException: Assumption failed: there is none"));
        Ended ended = dst("test", "--no-install");
        assertEquals(ExitCode.HOLDS, ended.code, ended.said);
        assertTrue(ended.said.contains("no-such-program tests of nothing"), ended.said);
        assertTrue(ended.said.contains("apt-get install no-such-package"), ended.said);
        assertTrue(ended.said.contains("1 there is none"), ended.said);
        assertTrue(ended.said.contains("1 passed, 0 failed, 1 skipped"), ended.said);
        assertFalse(Files.exists(folder.resolve("apt")));
    }

    @Test
    void rootOfADebianGetsWhatIsMissing() throws Exception {
        Files.writeString(home.resolve("launcher/programs"), NO_PROGRAM);
        program("id", "echo 0");
        program("mvn", report("<testcase name='a'/>"));
        Ended ended = dst("test");
        assertEquals(ExitCode.HOLDS, ended.code, ended.said);
        assertTrue(Files.readString(folder.resolve("apt")).contains("--no-install-recommends no-such-package"));
    }

    @Test
    void aTestThatFailedIsToldFromABuildThatFailed() throws Exception {
        Files.writeString(home.resolve("launcher/programs"), "");
        program(
                "mvn",
                report("<testcase name='a'>", "<failure message='planted'>")
                        + "; echo '[INFO] dst-scenarios ................. SKIPPED'; exit 1");
        Ended ended = dst("test", "sim");
        assertEquals(ExitCode.BROKEN, ended.code, ended.said);
        assertTrue(ended.said.contains("0 passed, 1 failed, 0 skipped"), ended.said);
        assertTrue(ended.said.contains("what it needs has failed: dst-scenarios"), ended.said);
        program("mvn", "exit 1");
        assertFailed(dst("test", "sim"), "the build failed, and no test did");
    }

    @Test
    void testsAreToldAsTheyEndAndAFailureWithItsLines() throws Exception {
        Files.writeString(home.resolve("launcher/programs"), "");
        program("mvn", """
                echo '[INFO] Building dst-sim 0.1.0-SNAPSHOT      [3/6]'
                echo '[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0 -- in dst.sim.FirstTest'
                n=0; while [ $n -lt 3000 ] && ! grep -q FirstTest %s; do n=$((n + 1)); sleep 0.1; done
                [ $n -lt 3000 ] || exit 7
                echo '[ERROR] dst.sim.SecondTest.planted <<< FAILURE!'
                echo 'expected: one but was: two'
                echo ''
                echo 'noise'
                """.formatted(folder.resolve("said")));
        Ended ended = dst("test", "sim");
        assertEquals(ExitCode.HOLDS, ended.code, ended.said);
        assertTrue(ended.said.contains("dst: dst-sim (2 of 5)"), ended.said);
        assertTrue(ended.said.contains("expected: one but was: two"), ended.said);
        assertFalse(ended.said.contains("noise"), ended.said);
    }

    private String report(String... lines) {
        Path reports = home.resolve("sim/target/surefire-reports");
        return "mkdir -p " + reports + "; cat > " + reports + "/TEST-x.xml <<'END'\n" + String.join("\n", lines)
                + "\nEND\n:";
    }

    @Test
    void aWrongWordIsAUsageError() throws Exception {
        Ended ended = dst("test", "NoSuchTest");
        assertEquals(ExitCode.USAGE, ended.code, ended.said);
        assertTrue(
                ended.said.contains("'NoSuchTest' is no module") && ended.said.contains("dst test --help"), ended.said);
        assertEquals(ExitCode.USAGE, dst("test", "--nosuch").code);
        assertEquals(ExitCode.HOLDS, dst("test", "--help").code);
    }
}
