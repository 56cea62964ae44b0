package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.realnode.guard.ProcessMemory;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A command line that cannot be meant: exit code 2, words that say what to write, and nothing was begun. */
class WrongCommandsTest {
    @TempDir
    Path folder;

    private Path socket() {
        return folder.resolve("nbd.sock");
    }

    /** What is said of it; nothing listens and nothing was made. */
    private String refused(String command, List<String> more) throws IOException {
        List<String> words = new ArrayList<>(
                List.of(command, "--control", folder.resolve("c.sock").toString(), "--nbd", "unix:" + socket()));
        words.addAll(more);
        Tools.Ran ran = CommandLine.run(words.toArray(String[]::new));
        assertEquals(2, ran.code(), ran.text());
        assertFalse(Files.exists(socket()), "a port was opened: " + ran.text());
        assertFalse(Files.exists(folder.resolve("c.sock")), ran.text());
        assertFalse(ran.text().contains("\tat "), ran.text());
        return ran.text();
    }

    private String serve(String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of("--export", "disk=memory:1MiB"));
        words.addAll(List.of(more));
        return refused("serve", words);
    }

    private String attach(String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of("--server", "unix:" + folder.resolve("p.sock")));
        words.addAll(List.of(more));
        return refused("attach", words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*=none", "127.0.0.1=none", "frozen@*=w"})
    void serverThatAdmitsNobodyOpensNoPort(String rule) throws IOException {
        List<String> more = new ArrayList<>(List.of("--export", "frozen=memory:1MiB,ro"));
        if (!rule.isEmpty()) {
            more.addAll(List.of("--allow", rule));
        }
        String said = serve(more.toArray(String[]::new));
        assertTrue(said.contains("so no port is opened: say who may, for example --allow unix=rw"), said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"::1=rw", "127.0.0.1=rw", "disk@0.0.0.0/0=rw"})
    void unixSocketAtWhichNoRuleLetsAnybodyInIsNotOpened(String rule) throws IOException {
        String why = "dst: --nbd unix:" + socket()
                + ": whoever comes there comes over a Unix socket, which rules call unix, and is let in by no rule of "
                + rule + ", so no port is opened: add for example --allow unix=rw,"
                + " or listen where those come from whom the rules let in";
        assertEquals(why, serve("--allow", rule).strip());
        assertEquals(why, attach("--export", "disk", "--allow", rule).strip());
    }

    /** It is one of two: at the other one the rule lets somebody in. */
    @ParameterizedTest
    @CsvSource({"--nbd, 127.0.0.1:0, an address of 127.0.0.0/8, 127.0.0.1=rw", "--listen, [::1]:0, ::1, ::1=rw"})
    void portAtWhichNoRuleLetsAnybodyInIsNotOpened(String option, String address, String from, String example)
            throws IOException {
        assertEquals(
                "dst: " + option + " " + address + ": whoever comes there comes from " + from
                        + ", and is let in by no rule of unix=rw, so no port is opened: add for example --allow "
                        + example + ", or listen where those come from whom the rules let in",
                serve("--allow", "unix=rw", option, address).strip());
    }

    @Test
    void attachedDeviceThatAdmitsNobodyOpensNoPort() throws IOException {
        String said = attach("--export", "disk", "--allow", "*=none");
        assertTrue(said.contains("so no port is opened"), said);
    }

    @Test
    void ruleForAnExportThatIsNotThereIsRefused() throws IOException {
        String said = serve("--allow", "unix=rw", "--allow", "dsk@127.0.0.1=rw");
        assertEquals("dst: 'dsk@127.0.0.1=rw': there is no export 'dsk': there is disk", said.strip());
        assertTrue(attach("--export", "disk", "--allow", "dsk@127.0.0.1=rw").contains("there is no export 'dsk'"));
    }

    @ParameterizedTest
    @CsvSource({
        "allow dsk@127.0.0.1=rw, there is no export 'dsk': there is disk",
        "allow 10.0.0.5/8=r, Write 10.0.0.0/8 for all of it",
        "threads 0, --threads is a whole number from 1 to 1024",
        "threads x, --threads is a whole number from 1 to 1024",
        "export ..=memory:1MiB, cannot be the name of an export",
        "record-limit 0, --record-limit is at least 64 KiB",
        "nbd 127.0.0.1:x, a port is a number",
        "export disk, it is NAME=SOURCE"
    })
    void whatIsWrongInAFileIsToldWithItsLine(String line, String why) throws IOException {
        Path file = folder.resolve("serve.conf");
        Files.writeString(file, "export disk=memory:1MiB   # a comment\n\nallow 127.0.0.1=rw\n" + line + "\n");
        String said = refused("serve", List.of("--config", file.toString()));
        assertTrue(said.startsWith("dst: " + file + ": line 4: "), said);
        assertTrue(said.contains(why), said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "a/b", "../../up", "a\nb", " "})
    void nameThatIsNoneIsRefused(String name) throws IOException {
        Path state = Files.createDirectory(folder.resolve("state"));
        Path data = Files.write(folder.resolve("data.img"), new byte[4096]);
        refused("serve", List.of("--export", name + "=" + data, "--state", state.toString(), "--allow", "*=rw"));
        try (var made = Files.list(state)) {
            assertEquals(0, made.count());
        }
        assertFalse(Files.exists(folder.resolve("lock")));
        attach("--export", name.strip());
    }

    @ParameterizedTest
    @CsvSource({
        "--links 0, --links is a whole number from 1 to 16",
        "--links -1, --links is a whole number from 1 to 16",
        "--links 17, --links is a whole number from 1 to 16",
        "--links x, --links is a whole number from 1 to 16",
        "--links 99999999999, --links is a whole number from 1 to 16",
        "--links 1.5, --links is a whole number from 1 to 16",
        "--patience 0, --patience is more than nothing",
        "--patience -1s, is no time",
        "--retain 0, --retain is at least 1 MiB",
        "--retain -5, is no size",
        "--drain -1s, is no time",
        "--server 127.0.0.1:0, nobody listens at port 0",
        "--server 127.0.0.1:70000, a port is a number",
        "--record-limit 0, --record-limit is for a recording",
        "--record-limit 0 --record r, --record-limit is at least 64 KiB"
    })
    void numberThatCannotBeIsToldWithWhatCan(String words, String why) throws IOException {
        List<String> more = new ArrayList<>(List.of("--export", "disk"));
        more.addAll(List.of(words.split(" ")));
        String said = attach(more.toArray(String[]::new));
        assertTrue(said.contains(why), said);
    }

    /** Each of the two would fit by itself. */
    @Test
    void whatIsRetainedAndWhatIsUnderWayFitTogetherOrNothingBegins() throws IOException {
        long half = PlatformDependent.maxDirectMemory() / 2;
        ProcessMemory.checkFits("half", half);
        assertEquals(half, ProcessMemory.budget(String.valueOf(half)));
        String said = attach("--export", "disk", "--retain", String.valueOf(half), "--memory", String.valueOf(half));
        assertTrue(said.startsWith("dst: --retain " + Amounts.bytes(half) + " with --memory "), said);
        assertTrue(said.contains(" does not fit in the memory of this process: "), said);
        assertTrue(said.contains("Say less, or give it more: the environment variable DST_JAVA_OPTIONS="), said);
    }

    @Test
    void moreServersThanLinksAreAskedAbout() throws IOException {
        List<String> more = new ArrayList<>(List.of("--export", "disk"));
        for (int i = 0; i < 20; i++) {
            more.addAll(List.of("--server", "127.0.0.1:" + (4800 + i)));
        }
        String said = attach(more.toArray(String[]::new));
        assertTrue(said.contains("there are 21 --server, and at most 16 links: say with --links"), said);
    }
}
