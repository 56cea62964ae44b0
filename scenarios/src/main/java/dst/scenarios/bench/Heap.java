package dst.scenarios.bench;

import dst.scenarios.trial.SystemUnderTest;
import dst.sim.Plan;
import java.util.Optional;

/** How much memory a world takes, half way through its run. */
final class Heap {
    private static final int TRIES = 5;

    private Heap() {}

    /** The most of a few tries: what is collected meanwhile of other things would make it look smaller. */
    static long of(Plan plan, SystemUnderTest system) {
        long half = system.run(plan, Optional.empty()).traffic().values() / 2;
        long most = 0;
        for (int i = 0; i < TRIES; i++) {
            long[] seen = {0, 0};
            long before = used();
            system.run(plan, Optional.empty(), (_, _, _) -> {
                if (++seen[0] == half) {
                    seen[1] = used();
                }
            });
            most = Math.max(most, seen[1] - before);
        }
        return most;
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
