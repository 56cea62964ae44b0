package dst.scenarios;

import clojure.java.api.Clojure;
import clojure.lang.IPersistentMap;
import clojure.lang.Keyword;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What was searched with which code, one batch a line, so that a later search goes on where the last one stopped. Lines are only
 * ever added; one that cannot be read, because its writing was interrupted, is passed over.
 */
final class SearchLedger {
    private final Path file;
    private final String code;
    private final Map<String, Long> next = new HashMap<>();
    private long passedOver;

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
        return ledger;
    }

    private void read(String line) {
        try {
            if (Clojure.read(line) instanceof IPersistentMap batch && code.equals(value(batch, "code"))) {
                long first = (Long) value(batch, "first");
                long count = (Long) value(batch, "count");
                next.merge(key((String) value(batch, "what"), (String) value(batch, "of")), first + count, Math::max);
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

    private static String key(String what, String of) {
        return what + "\n" + of;
    }

    /** The first seed that was not run yet. Of: what the scenario's text is, by which it is seen that it was changed. */
    long next(String what, String of) {
        return next.getOrDefault(key(what, of), RunCommand.FIRST_SEED);
    }

    /** How many lines could not be read. */
    long passedOver() {
        return passedOver;
    }

    /** One batch more. */
    void add(String what, String of, long first, long count, SortedMap<String, Long> failures) {
        next.put(key(what, of), first + count);
        StringBuilder line = new StringBuilder("{:code ")
                .append(OperationLog.quoted(code))
                .append(", :what ")
                .append(OperationLog.quoted(what))
                .append(", :of ")
                .append(OperationLog.quoted(of))
                .append(", :first ")
                .append(first)
                .append(", :count ")
                .append(count)
                .append(", :failures {");
        failures.forEach((name, times) ->
                line.append(OperationLog.quoted(name)).append(' ').append(times).append(' '));
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(
                    file, List.of(line.append("}}").toString()), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failed) {
            throw WrongInput.of(file + " cannot be written (choose another place with --store)", failed);
        }
    }
}
