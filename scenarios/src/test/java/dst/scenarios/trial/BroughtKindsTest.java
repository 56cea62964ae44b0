package dst.scenarios.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.reports.Blame;
import dst.scenarios.Main;
import dst.scenarios.cli.ExitCode;
import dst.scenarios.cli.WrongInput;
import dst.scenarios.library.Library;
import dst.scenarios.store.RunFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong in somebody's own kind of node is told as that, with the place, and never as a fault of dst. */
final class BroughtKindsTest {
    @TempDir
    private Path folder;

    @Test
    void aMachineThatFallsOverIsToldWithItsPlace() throws IOException {
        Series series = new RegisterExample()
                .with("registers.put(message.offset, message.content);", "registers.put(null, message.content);")
                .run(folder, 1);
        assertBroken(series, "G8 by the server", "the keeper stopped: java.lang.NullPointerException: ");
        assertBroken(series, "G8 by the server", " in Register$Keeper.heard(Register.java:");
        assertBroken(series, "G8 by the server", "mend that place, or what it relies on");
    }

    @Test
    void aMachineThatAsksForWhatItDoesNotHaveIsTold() throws IOException {
        Series series = new RegisterExample()
                .with(
                        "outbox.add(new LinkPort.Connect(slot, slot));",
                        "outbox.add(new dst.protocol.DiskPort.Start(9, new dst.protocol.DiskRequest.Flush(1, 1)));")
                .run(folder, 1);
        assertBroken(series, "G8 by the client", "the user asked for what it does not stand on: Start");
    }

    @Test
    void aJudgeThatFallsOverIsToldWithItsPlace() throws IOException {
        assertWrong(
                new RegisterExample().with("backed.seen();", "backed.seen(); own.add(null);"),
                "the judge of nodes of the kind keeper fell over: java.lang.NullPointerException",
                ", in Register$Backed.said(Register.java:");
    }

    @Test
    void aMachineThatCannotBeMadeIsTold() throws IOException {
        assertWrong(
                new RegisterExample().with("this.backups = backups;", "this.backups = 1 / (backups - 1);"),
                "making a machine of the kind keeper fell over: java.lang.ArithmeticException: / by zero, in Register$Keeper.<init>(Register.java:");
    }

    @Test
    void kindsThatCannotBeAskedForAreTold() throws IOException {
        RegisterExample example =
                new RegisterExample().with("return List.of(\n", "return List.of(List.<NodeKind>of().getFirst(),\n");
        WrongInput wrong = assertThrows(WrongInput.class, () -> example.run(folder, 1));
        assertTrue(wrong.words().startsWith("the list of kinds of nodes of Register fell over: "), wrong::words);
        assertTrue(wrong.words().contains("in Register.kinds(Register.java:"), wrong::words);
    }

    @Test
    void aMachineThatWasMendedIsOtherCode(@TempDir Path mended) throws IOException {
        Series series = new RegisterExample().run(folder, 1);
        Path run = new RunFolder(folder).write(series, 1).folder();
        new RegisterExample().with("message.tag % 2", "1").run(mended, 1);
        Files.writeString(run.resolve(Library.KINDS), mended + "\n");

        StringWriter out = new StringWriter();
        int code = Main.commandLine().setOut(new PrintWriter(out)).execute("replay", run.toString());
        assertEquals(ExitCode.BROKEN, code, out::toString);
        assertTrue(out.toString().contains("(the code was changed since)"), out::toString);
    }

    /** The second keeper has nowhere to go. */
    @Test
    void aMachineThatOpensALinkAndHasNoWayIsTold() throws IOException {
        Series series =
                new RegisterExample().with("return backups;", "return 1;").run(folder, 1);
        assertBroken(series, "G8 by the server", "asked for what it does not stand on: Connect");
    }

    @Test
    void javaThatBringsNoKindsIsSomebodysOwn() throws IOException {
        Files.writeString(folder.resolve("Other.java"), "no Java at all");
        Path scenario = Files.writeString(folder.resolve("mine.edn"), "{:doc \"x\"}");
        assertEquals("mine", new Library().scenario(scenario.toString()).name());
    }

    private void assertWrong(RegisterExample example, String... words) throws IOException {
        WrongInput wrong = assertInstanceOf(
                WrongInput.class, example.run(folder, 1).fault().orElseThrow().cause());
        for (String word : words) {
            assertTrue(wrong.words().contains(word), wrong::words);
        }
    }

    private static void assertBroken(Series series, String whom, String words) {
        Blame blame = series.kept().firstEntry().getValue().blame().orElseThrow();
        assertEquals(whom, blame.words());
        assertTrue(blame.sentence().contains(words), blame::sentence);
    }
}
