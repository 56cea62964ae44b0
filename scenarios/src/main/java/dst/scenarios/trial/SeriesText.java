package dst.scenarios.trial;

import dst.protocol.Kind;
import dst.protocol.Words;
import dst.reports.Batch;
import dst.reports.Verdict;
import dst.scenarios.cli.ExitCode;
import dst.scenarios.cli.WrongInput;
import dst.sim.Counts;
import dst.sim.Counts.Item;
import dst.sim.Counts.Result;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What many runs came to, in lines for a terminal: what was tried, what really struck, and the verdict. */
public final class SeriesText {
    /** So wide is what stands before a line: what it is about. */
    public static final int HEAD = 15;

    private static final String INDENT = " ".repeat(HEAD);
    private static final int WIDTH = 120;
    private static final double NANOS = 1e9;
    private static final double DAYS_PER_YEAR = 365.25;

    private final Series series;
    private final Counts counts;

    private SeriesText(Series series) {
        this.series = series;
        this.counts = series.counts();
    }

    /** Everything but the verdict. */
    public static List<String> lines(Series series) {
        return new SeriesText(series).all();
    }

    public static String verdict(Series series) {
        Batch batch = series.batch();
        long runs = series.count();
        return switch (batch.verdict()) {
            case HOLDS ->
                series.scenario()
                        .expected()
                        .map(expected -> "HOLDS: it was expected that "
                                + expected.side().words() + " breaks "
                                + expected.rule() + ", and in " + number(batch.count(Verdict.HOLDS)) + " of "
                                + runs(runs) + " it did and was named; in the others it made no difference")
                        .orElse("HOLDS: nothing that was promised broke in " + runs(runs));
            case BROKEN -> "BROKEN in " + number(batch.count(Verdict.BROKEN)) + " of " + runs(runs);
            case UNKNOWN -> "UNKNOWN: in " + runs(batch.count(Verdict.UNKNOWN)) + " a checker could not judge";
            case VACUOUS ->
                series.scenario().expected().isPresent()
                        ? "VACUOUS: what was expected to break never did"
                        : "VACUOUS: none of the faults asked for ever struck: " + String.join(", ", batch.missed());
        };
    }

    private List<String> all() {
        List<String> lines = new ArrayList<>();
        long last = series.first() + series.count() - 1;
        lines.add(line(
                "seeds",
                (series.count() == 1 ? "" + last : series.first() + " to " + last)
                        + (series.count() == series.planned()
                                ? ""
                                : ": stopped after " + number(series.count()) + " of " + runs(series.planned()))));
        double seconds = series.nanos() / NANOS;
        lines.add(line(
                "took",
                series.count() == 1
                        ? span(series.nanos()) + ", for " + span(counts.total(Item.VIRTUAL_NANOS)) + " of virtual time"
                        : String.format(
                                Locale.ROOT,
                                "%.1f s: %,.0f runs a second; %s of virtual time, %,.0f times faster than real",
                                seconds,
                                series.count() / seconds,
                                span(counts.total(Item.VIRTUAL_NANOS)),
                                counts.total(Item.VIRTUAL_NANOS) / NANOS / seconds)));
        lines.add(line("operations", operations()));
        wrap(lines, "", kinds());
        wrap(lines, "struck", struck());
        wrap(lines, "links", links());
        wrap(lines, "protocol", protocol());
        lines.add(line(
                "boundaries", number(series.traffic().values()) + " values, digest " + Words.hex(series.digest())));
        return lines;
    }

    private String operations() {
        return number(counts.total(Item.SUBMITTED)) + ": " + number(sum(Result.DONE)) + " done, "
                + number(sum(Result.REFUSED)) + " refused, " + number(sum(Result.UNKNOWN)) + " unknown, "
                + number(counts.total(Item.LOST)) + " lost with their process";
    }

    private long sum(Result result) {
        long sum = 0;
        for (Kind kind : Kind.values()) {
            sum += counts.settled(kind, result);
        }
        return sum;
    }

    private List<String> kinds() {
        List<String> parts = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            long sum = 0;
            for (Result result : Result.values()) {
                sum += counts.settled(kind, result);
            }
            parts.add(number(sum) + " " + kind.name().toLowerCase(Locale.ROOT));
        }
        return parts;
    }

    private List<String> struck() {
        List<String> parts = new ArrayList<>();
        for (Map.Entry<String, Long> fault : counts.struck().entrySet()) {
            parts.add(number(fault.getValue()) + " " + fault.getKey());
        }
        // Of one run it is no news: a seed draws some faults, and leaves out others.
        for (String fault : series.count() == 1 && !parts.isEmpty()
                ? List.<String>of()
                : series.batch().missed()) {
            parts.add("no " + fault);
        }
        return parts.isEmpty() ? List.of("nothing: no fault was planned") : parts;
    }

    private List<String> links() {
        return List.of(
                number(counts.total(Item.OPENED)) + " opened",
                number(counts.total(Item.RECONNECTS)) + " reconnects",
                number(counts.total(Item.PIECES)) + " pieces",
                number(counts.total(Item.BYTES_TO_SERVER) >> 10) + " KiB to the server",
                number(counts.total(Item.BYTES_TO_CLIENT) >> 10) + " KiB to the client");
    }

    private List<String> protocol() {
        return List.of(
                number(series.traffic().requests()) + " requests",
                number(series.traffic().resends()) + " resends",
                number(series.traffic().replays()) + " replays",
                number(counts.total(Item.BOOTS)) + " boots",
                number(counts.total(Item.POWER_CUTS)) + " power cuts",
                number(counts.total(Item.CRASHES)) + " crashes",
                number(counts.total(Item.TAKEOVERS)) + " takeovers",
                number(counts.total(Item.DEVICES_FAILED)) + " devices failed");
    }

    private static void wrap(List<String> lines, String name, List<String> parts) {
        StringBuilder text = new StringBuilder();
        String label = name;
        for (String part : parts) {
            if (INDENT.length() + text.length() + part.length() > WIDTH) {
                lines.add(line(label, text.toString()));
                label = "";
                text.setLength(0);
            }
            text.append(text.isEmpty() ? "" : ", ").append(part);
        }
        lines.add(line(label, text.toString()));
    }

    private static String line(String name, String text) {
        return "  " + name + INDENT.substring(Math.min(INDENT.length() - 1, name.length() + 2)) + text;
    }

    public static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    public static String runs(long number) {
        return number(number) + (number == 1 ? " run" : " runs");
    }

    public static String span(long nanos) {
        long seconds = nanos / 1_000_000_000;
        if (seconds < 120) {
            return String.format(Locale.ROOT, "%.1f s", nanos / NANOS);
        }
        long minutes = seconds / 60;
        if (minutes < 120) {
            return minutes + " min";
        }
        long hours = minutes / 60;
        if (hours < 48) {
            return hours + " h " + minutes % 60 + " min";
        }
        double days = hours / 24.0;
        return days < 365
                ? String.format(Locale.ROOT, "%.1f days", days)
                : String.format(Locale.ROOT, "%.2f years", days / DAYS_PER_YEAR);
    }

    /** dst itself failed: told for whoever reports it. */
    public static int internalFault(PrintWriter err, Series.Fault fault, String again) {
        if (fault.cause() instanceof WrongInput wrong) {
            throw new WrongInput(wrong.words() + " (in the plan of seed " + fault.seed() + ")");
        }
        err.println("dst: internal fault in seed " + fault.seed()
                + ": this is an error in dst itself, please report it with the lines below; again: " + again);
        fault.cause().printStackTrace(err);
        err.flush();
        return ExitCode.INTERNAL_FAULT;
    }
}
