package dst.realnode.serve;

import dst.protocol.Closing;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * Tells the log whom this server has turned away and why: one line each, but only so many a second, and of the rest how many there
 * were, so that nobody can fill it. Any thread may use it.
 */
final class Refusals {
    /** Lines a second, in all and for one rule: a flood for one reason does not hide the others. */
    static final int LINES_MAX = 20;

    static final int LINES_OF_ONE_MAX = 5;

    /** A peer's own words may be in it: they take no more room than this, and no line of their own. */
    private static final int WORDS_MAX = 300;

    private static final long SECOND = 1_000_000_000L;

    private final ScheduledExecutorService timer;
    private final Consumer<String> log;
    private final Map<String, Long> untold = new TreeMap<>();
    private long since = System.nanoTime() - SECOND;
    private int lines;
    private final Map<String, Integer> told = new TreeMap<>();
    private long total;

    /** The timer's threads are the ones that say what is left to be said. */
    Refusals(ScheduledExecutorService timer) {
        this(timer, LoggerFactory.getLogger(Refusals.class)::warn);
    }

    Refusals(ScheduledExecutorService timer, Consumer<String> log) {
        this.timer = timer;
        this.log = log;
    }

    /**
     * Somebody was turned away.
     *
     * @param rule what it was for, in words of our own; those of one kind are counted together
     * @param words may be the peer's
     */
    synchronized void tell(String peer, String rule, String words) {
        total++;
        long now = System.nanoTime();
        if (now - since >= SECOND) {
            since = now;
            lines = 0;
            told.clear();
        }
        if (lines < LINES_MAX && told.merge(rule, 1, Integer::sum) <= LINES_OF_ONE_MAX) {
            lines++;
            log.accept(peer + " was turned away: " + rule + ": " + harmless(words));
            return;
        }
        if (untold.isEmpty()) {
            sumUpLater(SECOND - (now - since));
        }
        untold.merge(rule, 1L, Long::sum);
    }

    /** A machine has turned its peer away, and has said why. */
    void tell(String peer, Closing closing) {
        String rule = closing.rule();
        if (rule.isEmpty()) {
            rule = closing.cause() == Closing.Cause.PEER_SILENT ? "silence" : "refused";
        }
        tell(peer, rule, closing.text());
    }

    /** How many there were. */
    synchronized long total() {
        return total;
    }

    private void sumUpLater(long nanos) {
        try {
            timer.schedule(this::sumUp, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException ended) {
            // The server ends; so does its log.
        }
    }

    private synchronized void sumUp() {
        if (untold.isEmpty()) {
            return;
        }
        StringBuilder line = new StringBuilder("within a second more were turned away:");
        String separator = " ";
        for (Map.Entry<String, Long> entry : untold.entrySet()) {
            line.append(separator)
                    .append(String.format(Locale.ROOT, "%,d", entry.getValue()))
                    .append(" for ")
                    .append(entry.getKey());
            separator = ", ";
        }
        untold.clear();
        log.accept(line.toString());
    }

    /** What a peer has written may neither begin a line nor move a cursor. */
    private static String harmless(String words) {
        StringBuilder kept = new StringBuilder();
        for (int i = 0; i < words.length() && kept.length() < WORDS_MAX; i++) {
            char letter = words.charAt(i);
            kept.append(Character.isISOControl(letter) || letter == '\u2028' || letter == '\u2029' ? '?' : letter);
        }
        return kept.toString();
    }
}
