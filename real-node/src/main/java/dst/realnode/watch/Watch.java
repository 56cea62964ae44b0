package dst.realnode.watch;

import dst.protocol.Finding;
import dst.protocol.Stack;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import dst.protocol.trace.WorldEvent;
import dst.realnode.host.MachineHost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who watches one node, in a fixed order; perhaps nobody. Any of its loops may show what it sees of a part; only the node's own
 * shows the whole.
 */
public final class Watch implements Tap, AutoCloseable {
    private final @Nullable Recorder recorder;
    private final @Nullable LiveReferee referee;
    private final Layer layer;
    private boolean closed;

    private Watch(Layer layer, @Nullable Recorder recorder, @Nullable LiveReferee referee) {
        this.layer = layer;
        this.recorder = recorder;
        this.referee = referee;
    }

    public static Watch none() {
        return new Watch(Layer.world(""), null, null);
    }

    static Watch begin(WatchedNode watched, Optional<Recorder> recorder, boolean judged) {
        LiveReferee referee = judged ? new LiveReferee(watched.limits(), watched.judges()) : null;
        Watch watch = new Watch(watched.layer(), recorder.orElse(null), referee);
        watch.saw(MachineHost.now(), watched.layer(), new WorldEvent.ProcessStarted());
        return watch;
    }

    @Override
    public void saw(long now, Layer at, Object value) {
        if (recorder != null) {
            recorder.saw(now, at, value);
        }
        if (referee != null && referee.judges(at)) {
            referee.saw(now, at, value);
        }
    }

    /** The machines within another one are watched, each by itself. */
    public void over(Stack stack) {
        if (recorder != null || referee != null) {
            stack.watch((now, kind, instance, signal) -> saw(now, new Layer(layer.node(), kind, instance), signal));
        }
    }

    /** Where it is recorded, if it is. */
    public Optional<Path> folder() {
        return Optional.ofNullable(recorder).map(Recorder::folder);
    }

    /** What the referee has found. */
    public List<Finding> found() {
        return referee == null ? List.of() : referee.found();
    }

    /** For the operator. */
    public List<String> status() {
        List<String> lines = new ArrayList<>();
        if (recorder != null) {
            lines.add("recording  " + recorder.status());
        }
        if (referee != null) {
            lines.addAll(referee.status());
        }
        return lines;
    }

    /** When the node's loop has ended, or has not begun. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (recorder != null) {
            recorder.end();
        }
        if (referee != null) {
            referee.end();
        }
    }
}
