package dst.realnode.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.SelectStrategy;
import org.junit.jupiter.api.Test;

/** A loop stays awake where that pays, and only there. */
class AlertTest {
    private static final boolean NO_TASKS = false;
    private static final boolean TASKS = true;
    private static final long SHORT = Alert.REST_NANOS / 2;
    private static final long LONG = Alert.REST_NANOS * 2;

    private long now = 1000;
    private int ready;
    private final Alert alert = new Alert(() -> now);

    @Test
    void aLoopThatHasJustBegunSleeps() throws Exception {
        assertEquals(SelectStrategy.SELECT, next(NO_TASKS));
    }

    @Test
    void afterAShortRestItIsAwakeForTheNext() throws Exception {
        restAsleep(SHORT);
        now += 10;
        assertEquals(0, next(NO_TASKS), "awake, and nothing has come yet");
        now += SHORT;
        assertEquals(0, next(NO_TASKS), "still awake");
        ready = 3;
        assertEquals(3, next(NO_TASKS), "what has come is told");
        ready = 0;
        now += 10;
        assertEquals(0, next(NO_TASKS), "awake again: the rest was short");
    }

    @Test
    void whatDoesNotComeInTimeIsSleptFor() throws Exception {
        restAsleep(SHORT);
        assertEquals(0, next(NO_TASKS));
        now += LONG;
        assertEquals(SelectStrategy.SELECT, next(NO_TASKS));
        now += 10;
        assertEquals(SelectStrategy.SELECT, next(NO_TASKS), "that rest was long: not awake in the next one");
    }

    @Test
    void afterALongRestItSleepsAtOnce() throws Exception {
        restAsleep(LONG);
        assertEquals(SelectStrategy.SELECT, next(NO_TASKS));
    }

    @Test
    void besideMuchWorkBeingWokenDoesNotCount() throws Exception {
        restAsleep(SHORT);
        now += Alert.WORK_NANOS;
        assertEquals(SelectStrategy.SELECT, next(NO_TASKS));
    }

    @Test
    void aTaskEndsARest() throws Exception {
        restAsleep(SHORT);
        assertEquals(0, next(NO_TASKS));
        now += 10;
        ready = 2;
        assertEquals(2, next(TASKS), "what is ready is told beside the task");
        ready = 0;
        assertEquals(0, next(NO_TASKS), "the rest that the task ended was short");
    }

    /** Sleeps for so long, and wakes with something to do. */
    private void restAsleep(long nanos) throws Exception {
        assertEquals(SelectStrategy.SELECT, next(NO_TASKS));
        now += nanos;
        assertEquals(0, next(TASKS));
    }

    private int next(boolean tasks) throws Exception {
        return alert.calculateStrategy(() -> ready, tasks);
    }
}
