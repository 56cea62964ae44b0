package dst.realnode.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RefusalsTest {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Test
    void floodOfOneKindIsSummedUpAndHidesNoOther() throws InterruptedException {
        try (ScheduledExecutorService timer = new ScheduledThreadPoolExecutor(1)) {
            Refusals refusals = new Refusals(timer, lines::add);
            for (int i = 0; i < 100_000; i++) {
                refusals.tell("10.0.0.1:" + i, "R7", "too many");
            }
            refusals.tell("10.0.0.2:1", "H1", "no preamble");
            assertEquals(100_001, refusals.total());
            assertTrue(lines.contains("10.0.0.2:1 was turned away: H1: no preamble"), lines.toString());
            timer.shutdown();
            assertTrue(timer.awaitTermination(30, TimeUnit.SECONDS));
        }
        assertTrue(lines.size() < 40, lines.size() + " lines");
        assertTrue(lines.stream().anyMatch(line -> line.matches("within a second more.*: [0-9,]+ for R7")));
    }

    @Test
    void wordsOfAPeerBeginNoLine() {
        try (ScheduledExecutorService timer = new ScheduledThreadPoolExecutor(1)) {
            String words = "there is no export a\nERROR b\u001b[2J" + "c".repeat(9000);
            new Refusals(timer, lines::add).tell("unix", "R6", words);
        }
        assertTrue(lines.getFirst().startsWith("unix was turned away: R6: there is no export a?ERROR b?[2Jccc"));
        assertTrue(lines.getFirst().length() < 400);
    }
}
