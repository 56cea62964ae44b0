package dst.realnode.guard;

import dst.protocol.Closing;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/** Tells the log whom this node has turned away and why, in few lines. Any thread may use it. */
public final class Refusals {
    private final FewLines lines;
    private final AtomicLong total = new AtomicLong();

    /** The timer's threads are the ones that say what is left to be said. */
    public Refusals(ScheduledExecutorService timer) {
        this(timer, LoggerFactory.getLogger(Refusals.class)::warn);
    }

    Refusals(ScheduledExecutorService timer, Consumer<String> log) {
        lines = new FewLines(timer, log, "within a second more were turned away:");
    }

    /**
     * Somebody was turned away.
     *
     * @param rule what it was for, in words of our own; those of one kind are counted together
     * @param words may be the peer's
     */
    public void tell(String peer, String rule, String words) {
        total.incrementAndGet();
        lines.say(rule, peer + " was turned away: " + rule + ": " + words);
    }

    /** A machine has closed a connection, and has said why; whether its peer was turned away. Whoever says goodbye is no news. */
    public boolean tell(String peer, Closing closing) {
        return switch (closing.cause()) {
            case PEER_WRONG, PEER_SILENT, REFUSED -> {
                String silent = closing.cause() == Closing.Cause.PEER_SILENT ? "silence" : "refused";
                tell(peer, closing.rule().isEmpty() ? silent : closing.rule(), closing.text());
                yield true;
            }
            case SUPERSEDED, BOOT_ENDED, DONE -> false;
        };
    }

    /** How many there were. */
    public long total() {
        return total.get();
    }
}
