package dst.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Kind;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.trace.WorldEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a power cut may take. */
class UnflushedTest {
    private final List<Moment> moments = new ArrayList<>();

    private void flushes(long at) {
        Event event = new Event.DiskStarted(step(Kind.FLUSH, false), Content.HIDDEN);
        moments.add(new Moment(at, new Way("server", Way.DISK), event, Moment.NOWHERE, 0));
    }

    private void ends(long at, Kind kind, boolean durable, Problem problem, long offset, long length) {
        Event event = new Event.DiskEnded(step(kind, durable), problem, length, Content.HIDDEN);
        moments.add(new Moment(at, new Way(Way.DISK, "server"), event, new Range(offset, length), 0));
    }

    private void done(long at, Kind kind, long offset, long length) {
        ends(at, kind, false, Problem.NONE, offset, length);
    }

    private static Event.DiskStep step(Kind kind, boolean durable) {
        return new Event.DiskStep(1, Optional.of(kind), durable, 0);
    }

    private void happens(long at, WorldEvent event) {
        moments.add(new Moment(at, Way.at("server"), new Event.Crossed(event), Moment.NOWHERE, 0));
    }

    private List<List<Long>> steps() {
        return Unflushed.of(moments, 0, 1000, 1000);
    }

    @Test
    void aFlushTakesWhatHadEndedWhenItBegan() {
        done(10, Kind.WRITE, 0, 1024);
        flushes(20);
        done(30, Kind.WRITE, 4096, 512);
        done(40, Kind.FLUSH, 0, 0);
        assertEquals(List.of(List.of(10L, 1024L), List.of(30L, 1536L), List.of(40L, 512L)), steps());
    }

    @Test
    void whatFailedOrIsDurableOrIsThereAlreadyAddsNothing() {
        ends(10, Kind.WRITE, false, Problem.IO_ERROR, 0, 1024);
        ends(20, Kind.WRITE, true, Problem.NONE, 0, 1024);
        done(30, Kind.READ, 0, 1024);
        done(40, Kind.WRITE, 0, 512);
        done(50, Kind.WRITE, 0, 512);
        flushes(60);
        ends(70, Kind.FLUSH, false, Problem.IO_ERROR, 0, 0);
        assertEquals(List.of(List.of(40L, 512L)), steps());
    }

    @Test
    void aPowerCutTakesAllOfItAndACrashNone() {
        done(10, Kind.ZERO, 0, 1024);
        happens(20, new WorldEvent.ProcessCrashed());
        assertEquals(List.of(List.of(10L, 1024L)), steps());
        happens(30, new WorldEvent.PowerCut());
        assertEquals(List.of(List.of(10L, 1024L), List.of(30L, 0L)), steps());
    }

    @Test
    void aLongRunIsToldByTheHighestAndTheLastOfEachPart() {
        for (int i = 0; i < 10_000; i++) {
            done(i, Kind.WRITE, i * 512L, 512);
            if (i % 100 == 99) {
                flushes(i);
                done(i, Kind.FLUSH, 0, 0);
            }
        }
        List<List<Long>> steps = Unflushed.of(moments, 0, 10_000, 10);
        assertTrue(steps.size() <= 20, steps.size() + " steps");
        assertEquals(
                100 * 512, steps.stream().mapToLong(step -> step.get(1)).max().orElseThrow());
        assertEquals(0, steps.getLast().get(1));
    }
}
