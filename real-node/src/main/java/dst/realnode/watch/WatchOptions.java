package dst.realnode.watch;

import dst.realnode.Amounts;
import dst.realnode.WrongInput;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How a node is asked to be watched. */
public final class WatchOptions {
    private static final String LIMIT = "1GiB";
    private static final long LIMIT_MIN = 64 << 10;

    @Option(
            names = "--record",
            paramLabel = "DIRECTORY",
            description =
                    "Record everything that crosses the node's boundary, contents included, in a new folder there.")
    private Optional<Path> record = Optional.empty();

    @Option(
            names = "--record-limit",
            paramLabel = "SIZE",
            description = "The recording stops at this size, the node goes on. Default: " + LIMIT + ".")
    private Optional<String> limit = Optional.empty();

    @Option(names = "--referee", description = "Judge the node by the protocol's rules while it runs.")
    private boolean referee;

    /** What the others say counts where these say nothing. */
    public WatchOptions or(WatchOptions others) {
        WatchOptions both = new WatchOptions();
        both.record = record.or(() -> others.record);
        both.limit = limit.or(() -> others.limit);
        both.referee = referee || others.referee;
        return both;
    }

    /** Begins at once: nothing has crossed the boundary yet. */
    public Watch watch(WatchedNode watched) {
        if (record.isEmpty() && limit.isPresent()) {
            throw new WrongInput("--record-limit is for a recording: say --record DIRECTORY, too");
        }
        long bytes = recordLimit();
        return Watch.begin(watched, record.map(folder -> Recorder.begin(folder, watched, bytes)), referee);
    }

    /** At what size a recording stops. */
    public long recordLimit() {
        long bytes = Amounts.byteCount(limit.orElse(LIMIT));
        if (bytes < LIMIT_MIN) {
            throw new WrongInput("--record-limit is at least " + Amounts.bytes(LIMIT_MIN)
                    + ", so that the recording's beginning has room, not " + Amounts.bytes(bytes));
        }
        return bytes;
    }
}
