package dst.protocol.hostile;

import dst.protocol.Closing;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What an attack came to: messages, the refusals by what they name, time, and the most memory that was held. */
public final class Tally {
    /** Seven links with a head of the largest size each, and the answers of a window and of what is in flight. */
    private static final long HEAP_MOST = 7L * (8192 + 4096) + 1024L * 700;

    private final String name;
    private final long begun = System.nanoTime();
    private final Map<String, Long> refusals = new TreeMap<>();
    private long messages;
    private long pagesMost;
    private long heapMost;

    public Tally(String name) {
        this.name = name;
    }

    public void message() {
        messages++;
    }

    public long messages() {
        return messages;
    }

    public void refused(String what) {
        refusals.merge(what, 1L, Long::sum);
    }

    public void closed(Closing closing) {
        refused(
                closing.cause() == Closing.Cause.PEER_WRONG
                        ? closing.rule()
                        : closing.cause().toString());
    }

    /** So many bytes of pages are held by the victim, its decoder included. */
    public void held(long bytes) {
        pagesMost = Math.max(pagesMost, bytes);
    }

    /** So many bytes of objects hang on the victim. */
    public void heap(long bytes) {
        if (bytes > HEAP_MOST) {
            throw new AssertionError("R7: " + bytes + " bytes of objects hang on the machine");
        }
        heapMost = Math.max(heapMost, bytes);
    }

    public long refusals() {
        return refusals.values().stream().mapToLong(Long::longValue).sum();
    }

    public Map<String, Long> byRule() {
        return refusals;
    }

    @Override
    public String toString() {
        double seconds = (System.nanoTime() - begun) / 1e9;
        return String.format(
                Locale.ROOT,
                "| %s | %d | %.1f s | %.0f/s | %d | %d | %s |",
                name,
                messages,
                seconds,
                messages / seconds,
                pagesMost,
                heapMost,
                refusals);
    }
}
