package dst.scenarios.generated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Side;
import dst.scenarios.cli.WrongInput;
import dst.scenarios.library.Library;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TryingTest {
    private final Generator generator = new Generator();

    @TempDir
    private Path folder;

    @Test
    void aMutationThatBreaksItsSideIsFoundThereAndAlwaysByTheSameRun() {
        Mutation removed = only(
                "dst.protocol.wire",
                one -> one.side() == Side.SERVER
                        && one.where().endsWith("AttributeWriter.terms")
                        && one.what().endsWith("AttributeWriter::close"));

        Fate fate = trying(20).fate(removed);
        Fate again = trying(20).fate(removed);

        assertTrue(fate.isBlamedRight(), fate.toString());
        assertEquals(fate.found(), again.found());
        assertEquals(fate.runs(), again.runs());
    }

    @Test
    void whoSurvivesHadAllItsRuns() {
        Fate fate = new Fate(any(), Optional.empty(), 3, 0, Optional.empty());

        assertTrue(fate.survived());
        assertFalse(fate.isBlamedWrongly());
        assertEquals(4, GeneratedMutants.exitCode(List.of(fate)));
    }

    @Test
    void whoeverElseIsBlamedIsTold() {
        Mutation one = any();
        Side other = one.side() == Side.CLIENT ? Side.SERVER : Side.CLIENT;
        Fate wrong = new Fate(one, Optional.of(new Fate.Found("everything", 1, "H1", other)), 1, 0.5, Optional.empty());

        assertEquals(1, GeneratedMutants.exitCode(List.of(wrong)));
        assertTrue(new GeneratedText(List.of(wrong), 9, 10).lines().getLast().contains("somebody else for 1"));
    }

    @Test
    void whereNoRuleCoversItNobodyElseIsBlamed() {
        Fate gap = new Fate(
                any(), Optional.of(new Fate.Found("everything", 1, "G6", Side.RULES)), 1, 0.5, Optional.empty());

        assertFalse(gap.isBlamedWrongly());
        assertEquals(0, GeneratedMutants.exitCode(List.of(gap)));
        assertTrue(
                new GeneratedText(List.of(gap), 9, 10).lines().getLast().contains("nobody for 1, somebody else for 0"));
    }

    @Test
    void whatIsKeptIsNotTriedAgain() throws IOException {
        Path file = folder.resolve("kept.txt");
        List<Fate> fates = List.of(
                new Fate(
                        any(),
                        Optional.of(new Fate.Found("everything", 4, "T3", Side.OPEN)),
                        4,
                        0.25,
                        Optional.empty()),
                new Fate(
                        only("dst.nbd.lending", one -> one.kind().equals("Math")),
                        Optional.empty(),
                        7,
                        1.5,
                        Optional.of("java.lang.VerifyError")));
        try (Kept kept = new Kept(Optional.of(file), 10)) {
            fates.forEach(kept::add);
        }
        try (Kept kept = new Kept(Optional.of(file), 10)) {
            for (Fate fate : fates) {
                assertEquals(Optional.of(fate), kept.of(fate.mutation()));
            }
        }
    }

    @Test
    void anotherMeasurementsFileAndADamagedOneAreRefused() throws IOException {
        Path file = folder.resolve("kept.txt");
        new Kept(Optional.of(file), 10).close();
        WrongInput other = assertThrows(WrongInput.class, () -> new Kept(Optional.of(file), 11));
        assertTrue(other.getMessage().contains("another measurement"), other.getMessage());

        Files.writeString(file, "a\tb\nmore\n", StandardOpenOption.APPEND);
        WrongInput damaged = assertThrows(WrongInput.class, () -> new Kept(Optional.of(file), 10));
        assertTrue(damaged.getMessage().contains("line 2"), damaged.getMessage());

        Path numbers = folder.resolve("numbers.txt");
        new Kept(Optional.of(numbers), 10).close();
        Files.writeString(numbers, "id\teverything\tone\tT3\tOPEN\t4\t0.25\t-\n", StandardOpenOption.APPEND);
        WrongInput number = assertThrows(WrongInput.class, () -> new Kept(Optional.of(numbers), 10));
        assertTrue(number.getMessage().contains("line 2"), number.getMessage());
    }

    @Test
    void aLineThatWasCutOffIsTriedAgain() throws IOException {
        Path file = folder.resolve("kept.txt");
        Fate fate = new Fate(any(), Optional.empty(), 4, 0.25, Optional.empty());
        try (Kept kept = new Kept(Optional.of(file), 10)) {
            kept.add(fate);
        }
        String text = Files.readString(file);
        Files.writeString(file, text.substring(0, text.length() - 3));
        try (Kept kept = new Kept(Optional.of(file), 10)) {
            assertEquals(Optional.empty(), kept.of(fate.mutation()));
            kept.add(fate);
        }
        try (Kept kept = new Kept(Optional.of(file), 10)) {
            assertEquals(Optional.of(fate), kept.of(fate.mutation()));
        }
    }

    private Trying trying(long runs) {
        return new Trying(new Library(), generator, runs, new AtomicBoolean());
    }

    private Mutation any() {
        return generator.all(Set.of("dst.nbd.lending")).getFirst();
    }

    private Mutation only(String of, Predicate<Mutation> which) {
        return generator.all(Set.of(of)).stream().filter(which).findFirst().orElseThrow();
    }
}
