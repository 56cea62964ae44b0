package dst.scenarios.search;

import clojure.java.api.Clojure;
import clojure.lang.IPersistentMap;
import clojure.lang.Keyword;
import dst.scenarios.cli.WrongInput;
import dst.scenarios.library.Library;
import dst.scenarios.trial.OperationLog;
import dst.scenarios.trial.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was searched with which code, one batch a line, so that a later search goes on where the last one stopped. A line that
 * cannot be read, because its writing was interrupted, is passed over. When there are many, those of one scenario become one.
 */
final class SearchLedger {
    /** With more lines than this it is written anew, so that it does not grow for ever. */
    static final int LINES_MAX = 2_000;

    /** What was searched with so many builds before is kept, for whoever goes back to one of them. */
    private static final int CODES_KEPT = 20;

    private final Path file;
    private final String code;
    private final Map<Key, Sum> sums = new LinkedHashMap<>();
    private final Map<Key, SortedMap<String, Long>> earlierFailures = new HashMap<>();
    private long passedOver;
    private long lines;

    private record Key(String code, String what, String of) {}

    /** Of all batches: the first seed, the first one that was not run, how long they took, and what failed how often. */
    private record Sum(long first, long next, long nanos, SortedMap<String, Long> failures) {
        Sum and(Sum other) {
            SortedMap<String, Long> both = new TreeMap<>(failures);
            other.failures.forEach((name, times) -> both.merge(name, times, Long::sum));
            return new Sum(Math.min(first, other.first), Math.max(next, other.next), nanos + other.nanos, both);
        }
    }

    /** Code: what tells one build from another. */
    private SearchLedger(Path file, String code) {
        this.file = file;
        this.code = code;
    }

    static SearchLedger of(Path file, String code) {
        SearchLedger ledger = new SearchLedger(file, code);
        if (Files.exists(file)) {
            Library.textOf(file).lines().forEach(ledger::read);
        }
        ledger.sums.forEach((key, sum) -> ledger.earlierFailures.put(key, sum.failures()));
        if (ledger.lines > LINES_MAX) {
            ledger.writeAnew();
        }
        return ledger;
    }

    private void read(String line) {
        lines++;
        try {
            if (Clojure.read(line) instanceof IPersistentMap batch) {
                long first = (Long) value(batch, "first");
                Key key = new Key(
                        (String) value(batch, "code"), (String) value(batch, "what"), (String) value(batch, "of"));
                add(
                        key,
                        new Sum(
                                first,
                                first + (Long) value(batch, "count"),
                                (Long) batch.valAt(Keyword.intern("nanos"), 0L),
                                failures(value(batch, "failures"))));
            }
        } catch (RuntimeException cutShort) {
            passedOver++;
        }
    }

    private static Object value(IPersistentMap batch, String name) {
        Object value = batch.valAt(Keyword.intern(name));
        if (value == null) {
            throw new IllegalArgumentException("no " + name);
        }
        return value;
    }

    private static SortedMap<String, Long> failures(Object value) {
        SortedMap<String, Long> failures = new TreeMap<>();
        ((Map<?, ?>) value).forEach((name, times) -> failures.put((String) name, (Long) times));
        return failures;
    }

    private void add(Key key, Sum sum) {
        Sum before = sums.remove(key);
        // Removed and put again, so that what was searched last stands last.
        sums.put(key, before == null ? sum : before.and(sum));
    }

    private Sum sum(String what, String of) {
        return sums.getOrDefault(
                new Key(code, what, of), new Sum(Series.FIRST_SEED, Series.FIRST_SEED, 0, new TreeMap<>()));
    }

    /** The first seed that was not run yet. Of: what the scenario's text is, by which it is seen that it was changed. */
    long next(String what, String of) {
        return sum(what, of).next();
    }

    /** How long it was run. */
    long nanos(String what, String of) {
        return sum(what, of).nanos();
    }

    /** What failed in it before this search began, and how often. */
    SortedMap<String, Long> earlierFailures(String what, String of) {
        return earlierFailures.getOrDefault(new Key(code, what, of), new TreeMap<>());
    }

    /** How many lines could not be read. */
    long passedOver() {
        return passedOver;
    }

    /** One batch more. What was expected to break is no failure. */
    void add(String what, String of, Series series) {
        SortedMap<String, Long> failures = new TreeMap<>(series.batch().failures());
        series.scenario()
                .expected()
                .ifPresent(expected -> failures.remove(
                        expected.rule() + " by " + expected.side().words()));
        add(what, of, series.first(), series.count(), series.nanos(), failures);
    }

    void add(String what, String of, long first, long count, long nanos, SortedMap<String, Long> failures) {
        Key key = new Key(code, what, of);
        Sum batch = new Sum(first, first + count, nanos, new TreeMap<>(failures));
        add(key, batch);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, List.of(line(key, batch)), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failed) {
            throw cannotBeWritten(failed);
        }
    }

    /** One line for each scenario and code. What another search adds meanwhile may be lost: those seeds are run once more. */
    private void writeAnew() {
        List<String> codes = new ArrayList<>(new LinkedHashSet<>(
                sums.keySet().stream().map(Key::code).toList().reversed()));
        sums.keySet().removeIf(key -> !key.code().equals(code) && codes.indexOf(key.code()) >= CODES_KEPT);
        Path anew = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.write(
                    anew,
                    sums.entrySet().stream()
                            .map(each -> line(each.getKey(), each.getValue()))
                            .toList());
            Files.move(anew, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw cannotBeWritten(failed);
        }
    }

    private WrongInput cannotBeWritten(IOException failed) {
        return WrongInput.of(file + " cannot be written (choose another place with --store)", failed);
    }

    private static String line(Key key, Sum sum) {
        StringBuilder line = new StringBuilder("{:code ")
                .append(OperationLog.quoted(key.code()))
                .append(", :what ")
                .append(OperationLog.quoted(key.what()))
                .append(", :of ")
                .append(OperationLog.quoted(key.of()))
                .append(", :first ")
                .append(sum.first())
                .append(", :count ")
                .append(sum.next() - sum.first())
                .append(", :nanos ")
                .append(sum.nanos())
                .append(", :failures {");
        sum.failures()
                .forEach((name, times) -> line.append(OperationLog.quoted(name))
                        .append(' ')
                        .append(times)
                        .append(' '));
        return line.append("}}").toString();
    }
}
