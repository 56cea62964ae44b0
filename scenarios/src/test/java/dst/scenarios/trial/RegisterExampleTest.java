package dst.scenarios.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.reports.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example lives: its bug is found, and each mending in docs/tutorials/my-own-protocol.md does what is said there. */
final class RegisterExampleTest {
    private static final Path TUTORIAL = Path.of("../docs/tutorials/my-own-protocol.md");
    private static final int LINES_MAX = 270;

    private static final String ANSWERED_AT_ONCE = """
                    registers.put(message.offset, message.content);
                    if (backups > 0) {
                        ask(message, outbox);
                    }
                    // The bug: the backup may not have it yet.
                    outbox.add(new Message(Message.What.STORED, message.tag, message.offset, message.content).on(link));
                }
                default -> unanswered.remove(message.tag);
    """.indent(4);

    private static final String ANSWERED_WHEN_BACKED = """
                    registers.put(message.offset, message.content);
                    if (backups > 0) {
                        writers.put(message.tag, link);
                        ask(message, outbox);
                    } else {
                        outbox.add(new Message(Message.What.STORED, message.tag, message.offset, message.content).on(link));
                    }
                }
                default -> {
                    unanswered.remove(message.tag);
                    outbox.add(message.on(writers.remove(message.tag)));
                }
    """.indent(4);

    private static final String REGISTERS = """
        private final Map<Long, byte[]> registers = new TreeMap<>();
    """.indent(4);

    private static final String AND_WRITERS = """
        private final Map<Long, Long> writers = new TreeMap<>();
    """.indent(4);

    private static final String READS_ANYWHERE = "return message.what == Message.What.WRITE ? 0 : message.tag % 2;";
    private static final String READS_AT_THE_TAIL = "return message.what == Message.What.WRITE ? 0 : 1;";

    @TempDir
    private Path folder;

    @Test
    void asItLiesThereItsBugIsFoundAndTheServerNamed() {
        Series series = RegisterExample.of(RegisterExample.FOLDER.resolve("register.edn"), 5);
        assertEquals(Verdict.BROKEN, series.batch().verdict());
        assertEquals(Set.of("BACKED by the server"), series.batch().failures().keySet());
    }

    @Test
    void thatTheBackupHasItIsNotEnoughForWhoeverReadsThere() throws IOException {
        Series series = backed().run(folder, 60);
        assertEquals(
                Set.of("G4 by nobody: the rules have a gap"),
                series.batch().failures().keySet());
        assertTrue(
                series.batch().count(Verdict.HOLDS) > 40, () -> series.batch().failures() + "");
    }

    @Test
    void readAtTheTailItHolds() throws IOException {
        Series series = backed().with(READS_ANYWHERE, READS_AT_THE_TAIL).run(folder, 60);
        assertEquals(Verdict.HOLDS, series.batch().verdict());
    }

    @Test
    void theTutorialShowsTheSameMendings() throws IOException {
        String tutorial = Files.readString(TUTORIAL);
        for (String shown : new String[] {ANSWERED_WHEN_BACKED, AND_WRITERS, READS_AT_THE_TAIL}) {
            shown.lines().forEach(line -> assertTrue(tutorial.contains(line.strip()), line));
        }
    }

    @Test
    void itIsRead() throws IOException {
        Path source = RegisterExample.FOLDER.resolve("Register.java");
        assertTrue(Files.readAllLines(source).size() < LINES_MAX);
    }

    private static RegisterExample backed() throws IOException {
        return new RegisterExample()
                .with(ANSWERED_AT_ONCE, ANSWERED_WHEN_BACKED)
                .with(REGISTERS, REGISTERS + AND_WRITERS)
                .with("StateDigest().add(super.digest())", "StateDigest().add(super.digest()).add(writers.size())");
    }
}
