package dst.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.BlockPort;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Finding;
import dst.protocol.Kind;
import dst.protocol.LinkPort;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Side;
import dst.protocol.Unique;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Stamp;
import dst.protocol.trace.WorldEvent;
import dst.reports.check.Checked;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoryTest {
    private static final long MILLI = 1_000_000;
    private static final Finding EARLY = new Finding(
            Rules.D1,
            Side.SERVER,
            9 * MILLI,
            Sentence.of(
                    "the server answered ",
                    new Sentence.Transaction(1, 0, Kind.WRITE, new Range(4096, 512)),
                    " before the disk had."));
    private static final Finding LOST = new Finding(
            Rules.G1,
            Side.OPEN,
            20 * MILLI,
            Sentence.of(
                    "operation ",
                    new Sentence.Operation(8),
                    " (read) returned zeros at offset ",
                    new Sentence.Place(new Range(4096, 1)),
                    "."));

    @Test
    void tellsVerdictSideSentenceWhatLedToItAndTheCommand() {
        Judgement judgement = Judgement.of(
                new Judgement.Found(List.of(EARLY), JudgementTest.checked(List.of(LOST)), List.of(), Map.of("cut", 1L)),
                Optional.empty());
        String story = Story.tell(report(judgement, recording().moments(), "./dst run lost --seed 7"), false);
        assertEquals("""
                BROKEN   D1 is broken by the server

                  D1: Done means executed, and flushed or FUA means durable.

                  The server answered write 1 (offset 4096, 512 bytes) before the disk had.
                  G1 is broken too, because the server broke D1: while its client lives, no acknowledged write is
                  lost or undone.

                What led to it
                  0.001000 s   server            boot 1/00000002 begins (the server was started)
                  0.003000 s   client            operation 7 submitted: write at 4096+512
                  0.004000 s   world             cut: one link
                  0.005000 s   server -> disk    write at 4096+512, first block: operation 7
                > 0.009000 s   client            operation 7 done

                Judged  60 operations, 90 blocks read, 58 blocks of the media
                Struck  cut 1
                Again   ./dst run lost --seed 7
                """, story);
    }

    @Test
    void isPlainUnlessColourIsAskedFor() {
        Judgement judgement = Judgement.of(
                new Judgement.Found(List.of(), JudgementTest.checked(List.of()), List.of(), Map.of()),
                Optional.empty());
        assertFalse(Story.tell(report(judgement, List.of(), "x"), false).contains("\u001b"));
        String coloured = Story.tell(report(judgement, List.of(), "x"), true);
        assertTrue(coloured.startsWith("\u001b[1;32mHOLDS\u001b[0m   nothing was broken\n"), coloured);
    }

    @Test
    void staysShortAndNarrowHoweverMuchHappened() {
        Recording recording = recording();
        for (int i = 0; i < 5000; i++) {
            recording.saw(
                    8 * MILLI,
                    Layer.world("world"),
                    new WorldEvent.Struck("stall", "for a very long time ".repeat(9), 8 * MILLI));
            recording.saw(
                    8 * MILLI, Layer.client("client"), new BlockPort.Submit(100 + i, new Operation.Read(4096, 512)));
        }
        Judgement judgement = Judgement.of(
                new Judgement.Found(List.of(EARLY), JudgementTest.checked(List.of()), List.of(), Map.of()),
                Optional.empty());
        List<String> lines = Story.tell(report(judgement, recording.moments(), "x"), false)
                .lines()
                .toList();
        assertTrue(lines.size() < 30, lines.size() + " lines");
        assertTrue(lines.stream().allMatch(line -> line.length() <= 100), lines.toString());
        assertTrue(lines.stream().filter(line -> line.contains("stall")).count() <= 5);
    }

    @Test
    void saysWhyItCouldNotBeJudged() {
        Checked unknown =
                new Checked(List.of(), List.of(), Optional.of("the checker failed"), new Checked.Counts(1, 0, 0, 0, 1));
        Judgement judgement =
                Judgement.of(new Judgement.Found(List.of(), unknown, List.of(), Map.of()), Optional.empty());
        assertTrue(Story.tell(report(judgement, List.of(), "x"), false)
                .startsWith("UNKNOWN   not judged: the checker failed"));
    }

    @Test
    void knowsEveryRuleInWords() {
        Map<String, Integer> counts = Map.of("G", 8, "H", 7, "T", 8, "D", 6, "L", 6, "R", 7);
        counts.forEach((letter, count) -> {
            for (int number = 1; number <= count; number++) {
                assertEquals(letter + number, Rules.valueOf(letter + number).name());
            }
        });
        assertEquals(42, Rules.values().length);
    }

    @Test
    void recordsADisksErrorAndALostLinkInWords() {
        Recording recording = recording();
        recording.saw(10, Layer.server("server"), new DiskPort.Ended(0, 5, new DiskResult.Failed(Problem.IO_ERROR)));
        recording.saw(11, Layer.client("client"), new LinkPort.Closed(3, "reset"));
        List<Moment> moments = recording.moments();
        assertEquals(
                "write at 4096+512 ended: input/output error of the disk",
                moments.get(moments.size() - 2).words());
        assertEquals("link 3 lost: reset", moments.getLast().words());
    }

    private static Report report(Judgement judgement, List<Moment> moments, String again) {
        return new Report(
                "lost",
                judgement,
                moments,
                List.of("client", "server"),
                Map.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                again);
    }

    private static Recording recording() {
        Recording recording = new Recording();
        recording.saw(
                MILLI,
                Layer.server("server"),
                new DiskPort.Opened(0, new Boot(1, new Unique(1, 2L << 32 | 2)), BootCause.STARTED));
        recording.saw(2 * MILLI, Layer.client("client"), new BlockPort.Submit(6, new Operation.Read(0, 512)));
        recording.saw(
                3 * MILLI, Layer.client("client"), new BlockPort.Submit(7, new Operation.Write(4096, block(), false)));
        recording.saw(4 * MILLI, Layer.world("world"), new WorldEvent.Struck("cut", "one link", 4 * MILLI));
        recording.saw(
                5 * MILLI,
                Layer.server("server"),
                new DiskPort.Start(0, new DiskRequest.Write(5, 0, 4096, block(), false)));
        recording.saw(
                9 * MILLI, Layer.client("client"), new BlockPort.Completed(7, new Outcome.Done(Unpooled.EMPTY_BUFFER)));
        recording.saw(30 * MILLI, Layer.client("client"), new BlockPort.Submit(8, new Operation.Read(4096, 512)));
        return recording;
    }

    private static ByteBuf block() {
        ByteBuf block = Unpooled.buffer(512);
        Stamp.write(block, 1, 7, 4096, 512);
        return block;
    }
}
