package dst.reports;

import dst.protocol.trace.Tap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Keeps a short description of everything that crossed a boundary, in the order of time; for runs that are to be told. */
public final class Recording implements Tap {
    private final List<Moment> moments = new ArrayList<>();

    @Override
    public void saw(long now, String node, Object value) {}

    public List<Moment> moments() {
        return Collections.unmodifiableList(moments);
    }
}
