package dst.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dst.protocol.Kind;
import dst.protocol.Problem;
import dst.protocol.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What blocks should hold, may hold and did hold. */
class BlockViewTest {
    private static final long SECOND = 1_000_000_000;

    private final List<Moment> moments = new ArrayList<>();

    private void submitted(long second, long tag, Kind kind, long offset, long length) {
        add(second, Way.at("client"), new Event.Submitted(kind, false), new Range(offset, length), tag);
    }

    private void outcome(long second, long tag, Event.How how, Content content, long offset, long length) {
        Event event = new Event.Settled(how, Problem.NONE, "", content);
        add(second, Way.at("client"), event, new Range(offset, length), tag);
    }

    private void done(long second, long tag, long offset, long length) {
        outcome(second, tag, Event.How.DONE, Content.HIDDEN, offset, length);
    }

    private void add(long second, Way way, Event event, Range range, long tag) {
        moments.add(new Moment(second * SECOND, way, event, range, tag));
    }

    private BlockView.Row row(long offset, long until) {
        return BlockView.of(moments, offset, offset + 512, until * SECOND).getFirst();
    }

    @Test
    void whatWasDoneLastIsWhatItShouldHold() {
        submitted(1, 1, Kind.WRITE, 0, 1024);
        done(2, 1, 0, 1024);
        submitted(3, 2, Kind.WRITE, 512, 512);
        done(4, 2, 512, 512);
        assertEquals("operation 1, done at 2.000000 s", row(0, 9).should());
        assertEquals("operation 2, done at 4.000000 s", row(512, 9).should());
        assertEquals("operation 1, done at 2.000000 s", row(512, 3).should(), "as it was then");
        assertEquals("zeros (never written)", row(1024, 9).should());
    }

    @Test
    void whatIsUnderWayOrUnknownMayBeThere() {
        submitted(1, 1, Kind.WRITE, 0, 512);
        assertEquals("operation 1", row(0, 9).may());
        outcome(2, 1, Event.How.UNKNOWN, Content.HIDDEN, 0, 512);
        submitted(3, 2, Kind.ZERO, 0, 512);
        outcome(4, 2, Event.How.REFUSED, Content.HIDDEN, 0, 512);
        assertEquals("operation 1", row(0, 9).may(), "what was refused is not there");
        assertEquals("operation 1, or zeros of operation 2", row(0, 3).may());
    }

    @Test
    void whatWasReadAndWhatTheMediaHoldStandBesideIt() {
        submitted(1, 1, Kind.READ, 0, 1024);
        outcome(2, 1, Event.How.DONE, Content.by(7), 0, 1024);
        Event.DiskStep step = new Event.DiskStep(1, Optional.of(Kind.READ), false, 4);
        Event read = new Event.DiskEnded(step, Problem.NONE, 512, Content.by(0));
        add(3, new Way(Way.DISK, "server"), read, new Range(512, 512), 0);
        add(99, Way.MEDIA, new Event.MediaHold(Content.by(9)), new Range(0, 512), 0);
        assertEquals("operation 7, read by operation 1 at 2.000000 s", row(0, 5).read());
        assertEquals("zeros, read at the disk at 3.000000 s", row(512, 5).read());
        assertEquals("operation 9", row(0, 5).media());
        assertEquals("", row(512, 5).media());
    }
}
