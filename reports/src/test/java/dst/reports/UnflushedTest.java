package dst.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.reports.Moment.Sort;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a power cut may take. */
class UnflushedTest {
    private final List<Moment> moments = new ArrayList<>();

    private void disk(long at, String where, String words, long offset, long length) {
        moments.add(new Moment(at, where, Sort.DISK, words, offset, length, 0));
    }

    private List<List<Long>> steps() {
        return Unflushed.of(moments, 0, 1000, 1000);
    }

    @Test
    void aFlushTakesWhatHadEndedWhenItBegan() {
        disk(10, "disk -> server", "write at 0+1024 ended: done", 0, 1024);
        disk(20, "server -> disk", "flush", 0, 0);
        disk(30, "disk -> server", "write at 4096+512 ended: done", 4096, 512);
        disk(40, "disk -> server", "flush ended: done", 0, 0);
        assertEquals(List.of(List.of(10L, 1024L), List.of(30L, 1536L), List.of(40L, 512L)), steps());
    }

    @Test
    void whatFailedOrIsDurableOrIsThereAlreadyAddsNothing() {
        disk(10, "disk -> server", "write at 0+1024 ended: input/output error of the disk", 0, 1024);
        disk(20, "disk -> server", "write at 0+1024, FUA ended: done", 0, 1024);
        disk(30, "disk -> server", "read at 0+1024 ended: done, first block: zeros", 0, 1024);
        disk(40, "disk -> server", "write at 0+512 ended: done", 0, 512);
        disk(50, "disk -> server", "write at 0+512 ended: done", 0, 512);
        disk(60, "server -> disk", "flush", 0, 0);
        disk(70, "disk -> server", "flush ended: input/output error of the disk", 0, 0);
        assertEquals(List.of(List.of(40L, 512L)), steps());
    }

    @Test
    void aPowerCutTakesAllOfItAndACrashNone() {
        disk(10, "disk -> server", "zero at 0+1024 ended: done", 0, 1024);
        moments.add(new Moment(20, "server", Sort.PROCESS, "the process crashes", 0, 0, 0));
        assertEquals(List.of(List.of(10L, 1024L)), steps());
        moments.add(new Moment(30, "server", Sort.PROCESS, Recording.POWER_CUT, 0, 0, 0));
        assertEquals(List.of(List.of(10L, 1024L), List.of(30L, 0L)), steps());
    }

    @Test
    void aLongRunIsToldByTheHighestAndTheLastOfEachPart() {
        for (int i = 0; i < 10_000; i++) {
            disk(i, "disk -> server", "write at " + i * 512 + "+512 ended: done", i * 512L, 512);
            if (i % 100 == 99) {
                disk(i, "server -> disk", "flush", 0, 0);
                disk(i, "disk -> server", "flush ended: done", 0, 0);
            }
        }
        List<List<Long>> steps = Unflushed.of(moments, 0, 10_000, 10);
        assertTrue(steps.size() <= 20, steps.size() + " steps");
        assertEquals(
                100 * 512, steps.stream().mapToLong(step -> step.get(1)).max().orElseThrow());
        assertEquals(0, steps.getLast().get(1));
    }
}
