package dst.sim;

import dst.protocol.Kind;
import dst.protocol.Outcome;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What really happened in a run, or in many: totals, operations by kind and outcome, faults by kind. Only ever rises. */
public final class Counts {
    /** One total. */
    public enum Item {
        RUNS("runs"),
        SUBMITTED("operations submitted"),
        /** Submitted to a client process that crashed before they settled. */
        LOST("operations lost with their process"),
        INPUTS("inputs"),
        OUTPUTS("outputs"),
        BYTES_TO_SERVER("bytes to server"),
        BYTES_TO_CLIENT("bytes to client"),
        PIECES("pieces"),
        MESSAGES_TO_SERVER("messages to server"),
        MESSAGES_TO_CLIENT("messages to client"),
        CONNECTS("connects"),
        OPENED("links opened"),
        /** Links opened after the first one of a client process. */
        RECONNECTS("reconnects"),
        DISK_READS("disk reads"),
        /** Writes, zeroes and trims. */
        DISK_WRITES("disk writes"),
        DISK_FLUSHES("disk flushes"),
        BOOTS("boots"),
        CLIENT_STARTS("client starts"),
        SERVER_STARTS("server starts"),
        CRASHES("crashes"),
        POWER_CUTS("power cuts"),
        /** Grants of a new epoch that became durable. */
        EPOCHS("epochs granted"),
        /** Those that ended an epoch which nobody had ended yet. */
        TAKEOVERS("takeovers"),
        DEVICES_FAILED("devices failed"),
        /** Those of clients that another one replaced. */
        DEVICES_REPLACED("devices replaced"),
        /** Content that a client copied so that it need not wait with it in its submitter's buffer. */
        BYTES_COPIED("bytes copied"),
        EVENTS("events"),
        VIRTUAL_NANOS("virtual nanoseconds");

        private final String words;

        Item(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /** The most of something at one moment, in any of the runs. */
    public enum Peak {
        /** Of one client: the copied content of operations that had not settled. */
        COPIED_BYTES("most bytes copied at once"),
        /** Of one client: submitted writes whose buffers had not come back. */
        BUFFERS("most write buffers at once"),
        /** Of one client's process, what its submitter gave it included. */
        CLIENT_MEMORY("most bytes of pages in a client"),
        SERVER_MEMORY("most bytes of pages in a server");

        private final String words;

        Peak(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /** How an operation settled, without the details. */
    public enum Result {
        DONE("done"),
        REFUSED("refused"),
        UNKNOWN("unknown");

        private final String words;

        Result(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }

        public static Result of(Outcome outcome) {
            return switch (outcome) {
                case Outcome.Done _ -> DONE;
                case Outcome.Refused _ -> REFUSED;
                case Outcome.Unknown _ -> UNKNOWN;
            };
        }
    }

    private static final Item[] ITEMS = Item.values();
    private static final Peak[] PEAKS = Peak.values();
    private static final Kind[] KINDS = Kind.values();
    private static final Result[] RESULTS = Result.values();
    private static final String[] WORDS = {"read", "write", "flush", "trim", "zero"};

    private final long[] totals = new long[ITEMS.length];
    private final long[] peaks = new long[PEAKS.length];
    private final Histogram latencies = latenciesOf();
    private final TreeMap<Integer, Long> opened = new TreeMap<>();
    private final long[] settled = new long[KINDS.length * RESULTS.length];
    private final TreeMap<String, Long> struck = new TreeMap<>();
    private final TreeMap<String, Long> missed = new TreeMap<>();

    public long total(Item item) {
        return totals[item.ordinal()];
    }

    public long peak(Peak peak) {
        return peaks[peak.ordinal()];
    }

    /** How long operations took in nanoseconds, from when each was planned to be submitted until it settled; to a tenth. */
    public Histogram latencies() {
        return latencies;
    }

    /** Nothing shorter than a microsecond is told apart from nothing. */
    private static Histogram latenciesOf() {
        Histogram latencies = new Histogram(1_000, 1_000_000_000, 1);
        latencies.setAutoResize(true);
        return latencies;
    }

    /** How many links were opened on each path that had any, 0 the first. */
    public Map<Integer, Long> openedByPath() {
        return Collections.unmodifiableMap(opened);
    }

    public long settled(Kind kind, Result result) {
        return settled[place(kind, result)];
    }

    /** How often each kind of fault struck something, by its kebab-case name. */
    public Map<String, Long> struck() {
        return Collections.unmodifiableMap(struck);
    }

    /** How often each kind of fault came and found nothing to hit. */
    public Map<String, Long> missed() {
        return Collections.unmodifiableMap(missed);
    }

    /** Adds everything of another run. */
    public void add(Counts other) {
        for (int i = 0; i < totals.length; i++) {
            totals[i] += other.totals[i];
        }
        for (int i = 0; i < peaks.length; i++) {
            peaks[i] = Math.max(peaks[i], other.peaks[i]);
        }
        latencies.add(other.latencies);
        other.opened.forEach((path, times) -> opened.merge(path, times, Long::sum));
        for (int i = 0; i < settled.length; i++) {
            settled[i] += other.settled[i];
        }
        other.struck.forEach((name, times) -> struck.merge(name, times, Long::sum));
        other.missed.forEach((name, times) -> missed.merge(name, times, Long::sum));
    }

    /** Everything that is not zero, always in the same order. */
    public Map<String, Long> view() {
        Map<String, Long> view = new LinkedHashMap<>();
        for (Item item : ITEMS) {
            put(view, item.words(), total(item));
        }
        for (Peak peak : PEAKS) {
            put(view, peak.words(), peak(peak));
        }
        if (opened.size() > 1) {
            opened.forEach((path, times) -> put(view, "links opened on path " + path, times));
        }
        for (Kind kind : KINDS) {
            for (Result result : RESULTS) {
                put(view, words(kind) + " " + result.words(), settled(kind, result));
            }
        }
        struck.forEach((name, times) -> view.put("struck " + name, times));
        missed.forEach((name, times) -> view.put("missed " + name, times));
        return view;
    }

    @Override
    public String toString() {
        return view().toString();
    }

    static String words(Kind kind) {
        return WORDS[kind.ordinal()];
    }

    void count(Item item) {
        totals[item.ordinal()]++;
    }

    void count(Item item, long times) {
        totals[item.ordinal()] += times;
    }

    void peak(Peak peak, long now) {
        peaks[peak.ordinal()] = Math.max(peaks[peak.ordinal()], now);
    }

    void opened(int path) {
        count(Item.OPENED);
        opened.merge(path, 1L, Long::sum);
    }

    void settled(Kind kind, Outcome outcome) {
        settled[place(kind, Result.of(outcome))]++;
    }

    void struck(String fault) {
        struck.merge(fault, 1L, Long::sum);
    }

    void missed(String fault) {
        missed.merge(fault, 1L, Long::sum);
    }

    private static int place(Kind kind, Result result) {
        return kind.ordinal() * RESULTS.length + result.ordinal();
    }

    private static void put(Map<String, Long> view, String name, long times) {
        if (times != 0) {
            view.put(name, times);
        }
    }
}
