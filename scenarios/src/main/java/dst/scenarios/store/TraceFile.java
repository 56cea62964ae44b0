package dst.scenarios.store;

import dst.protocol.Words;
import dst.protocol.trace.Read;
import dst.protocol.trace.Source;
import dst.protocol.trace.Tap;
import dst.protocol.trace.TraceReader;
import dst.reports.Report;
import dst.scenarios.cli.WrongInput;
import dst.scenarios.kinds.Kinds;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** A node's trace as a file, which may have been cut or damaged since it was written. */
public final class TraceFile {
    /** The fact of a report that says what could not be read. */
    public static final String INCOMPLETE = "incomplete:";

    private TraceFile() {}

    public static Optional<String> incompleteIn(Report report) {
        return Optional.ofNullable(report.facts().get(INCOMPLETE));
    }

    /** What is wrong with it, if it cannot be read to its end. */
    static Optional<String> damage(Path trace) {
        return reading(trace, reader -> pass(reader, (_, _, _) -> {}, Long.MAX_VALUE));
    }

    /** Everything up to that time, to that tap; what is missing, if the trace cannot be read so far. */
    public static Optional<String> pass(TraceReader reader, Tap tap, long until) {
        long last = 0;
        Read read = reader.next();
        for (; read instanceof Read.Seen seen && seen.now() <= until; read = reader.next()) {
            tap.saw(seen.now(), seen.layer(), seen.value());
            last = seen.now();
        }
        return read instanceof Read.Damaged damaged
                ? Optional.of("what follows " + Words.seconds(last) + " is missing: " + damaged.what() + " (byte "
                        + damaged.at() + ")")
                : Optional.empty();
    }

    public static <T> T reading(Path trace, Function<TraceReader, T> use) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(trace), 1 << 16)) {
            Source bytes = (into, offset, length) -> {
                try {
                    return in.readNBytes(into, offset, length);
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            };
            return use.apply(new TraceReader(bytes, Kinds.vocabulary()));
        } catch (IOException failed) {
            throw WrongInput.of(trace + " cannot be read", failed);
        }
    }
}
