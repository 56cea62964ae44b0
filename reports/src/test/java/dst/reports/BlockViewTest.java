package dst.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dst.reports.Moment.Sort;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What blocks should hold, may hold and did hold. */
class BlockViewTest {
    private static final long SECOND = 1_000_000_000;

    private final List<Moment> moments = new ArrayList<>();

    private void submitted(long second, long tag, String what, long offset, long length) {
        moments.add(new Moment(
                second * SECOND,
                "client",
                Sort.SUBMITTED,
                "operation " + tag + " submitted: " + what + " at " + offset + "+" + length,
                offset,
                length,
                tag));
    }

    private void outcome(long second, long tag, String words, long offset, long length) {
        moments.add(new Moment(
                second * SECOND, "client", Sort.OUTCOME, "operation " + tag + " " + words, offset, length, tag));
    }

    private BlockView.Row row(long offset, long until) {
        return BlockView.of(moments, offset, offset + 512, until * SECOND).getFirst();
    }

    @Test
    void whatWasDoneLastIsWhatItShouldHold() {
        submitted(1, 1, "write", 0, 1024);
        outcome(2, 1, "done", 0, 1024);
        submitted(3, 2, "write", 512, 512);
        outcome(4, 2, "done", 512, 512);
        assertEquals("operation 1, done at 2.000000 s", row(0, 9).should());
        assertEquals("operation 2, done at 4.000000 s", row(512, 9).should());
        assertEquals("operation 1, done at 2.000000 s", row(512, 3).should(), "as it was then");
        assertEquals("zeros (never written)", row(1024, 9).should());
    }

    @Test
    void whatIsUnderWayOrUnknownMayBeThere() {
        submitted(1, 1, "write", 0, 512);
        assertEquals("operation 1", row(0, 9).may());
        outcome(2, 1, "unknown: patience ended", 0, 512);
        submitted(3, 2, "zero", 0, 512);
        outcome(4, 2, "refused: no space", 0, 512);
        assertEquals("operation 1", row(0, 9).may(), "what was refused is not there");
        assertEquals("operation 1, or zeros of operation 2", row(0, 3).may());
    }

    @Test
    void whatWasReadAndWhatTheMediaHoldStandBesideIt() {
        submitted(1, 1, "read", 0, 1024);
        outcome(2, 1, "done, first block: operation 7", 0, 1024);
        moments.add(new Moment(
                3 * SECOND,
                "disk -> server",
                Sort.DISK,
                "read at 512+512 for transaction 4 ended: done, first block: zeros",
                512,
                512,
                0));
        moments.add(new Moment(99 * SECOND, "disk", Sort.DISK, "in the end at 0, first block: operation 9", 0, 512, 0));
        assertEquals("operation 7, read by operation 1 at 2.000000 s", row(0, 5).read());
        assertEquals("zeros, read at the disk at 3.000000 s", row(512, 5).read());
        assertEquals("operation 9", row(0, 5).media());
        assertEquals("", row(512, 5).media());
    }
}
