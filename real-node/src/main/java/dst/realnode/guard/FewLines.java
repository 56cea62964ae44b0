package dst.realnode.guard;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Lines of a log that peers bring about: only so many a second, and of the rest how many there were, so that nobody can fill it. Any
 * thread may use it.
 */
public final class FewLines {
    /** Lines a second, in all and of one kind: a flood for one reason does not hide the others. */
    static final int LINES_MAX = 20;

    static final int LINES_OF_ONE_MAX = 5;

    /** Peers' own words may be in it: they take no more room than this, and no line of their own. */
    private static final int LETTERS_MAX = 350;

    private static final long SECOND = 1_000_000_000L;

    private final ScheduledExecutorService timer;
    private final Consumer<String> log;
    private final String rest;
    private final Map<String, Long> untold = new TreeMap<>();
    private final Map<String, Integer> told = new TreeMap<>();
    private long since = System.nanoTime() - SECOND;
    private int lines;

    /**
     * The timer's threads are the ones that say what is left to be said.
     *
     * @param rest what the line with the counts of what was not told begins with
     */
    public FewLines(ScheduledExecutorService timer, Consumer<String> log, String rest) {
        this.timer = timer;
        this.log = log;
        this.rest = rest;
        // Where there are no descriptors left no class can be loaded any more to tell it.
        summary(Map.of("nothing", 0L), "");
    }

    /** The kind is in words of our own; those of one kind are counted together. */
    public synchronized void say(String kind, String line) {
        long now = System.nanoTime();
        if (now - since >= SECOND) {
            since = now;
            lines = 0;
            told.clear();
        }
        if (lines < LINES_MAX && told.merge(kind, 1, Integer::sum) <= LINES_OF_ONE_MAX) {
            lines++;
            log.accept(ForeignText.harmless(line, LETTERS_MAX));
            return;
        }
        if (untold.isEmpty()) {
            sumUpLater(SECOND - (now - since));
        }
        untold.merge(kind, 1L, Long::sum);
    }

    private void sumUpLater(long nanos) {
        try {
            timer.schedule(this::sumUp, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException ended) {
            // The node ends; so does its log.
        }
    }

    private synchronized void sumUp() {
        if (!untold.isEmpty()) {
            log.accept(summary(untold, rest));
            untold.clear();
        }
    }

    private static String summary(Map<String, Long> untold, String rest) {
        StringBuilder line = new StringBuilder(rest);
        String separator = " ";
        for (Map.Entry<String, Long> entry : untold.entrySet()) {
            line.append(separator)
                    .append(String.format(Locale.ROOT, "%,d", entry.getValue()))
                    .append(" for ")
                    .append(entry.getKey());
            separator = ", ";
        }
        return ForeignText.harmless(line.toString());
    }
}
