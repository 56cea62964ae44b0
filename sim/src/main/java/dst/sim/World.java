package dst.sim;

import dst.protocol.Machines;
import dst.protocol.trace.Tap;
import java.util.List;

/** A virtual world with one client and one server in it. Everything that happens is a function of the code and the plan. */
public final class World {
    private final Counts counts = new Counts();

    public World(Plan plan, Machines machines, Tap tap) {}

    /** Runs the plan to its end; once. */
    public Run run() {
        return new Run(0, counts, List.of());
    }
}
