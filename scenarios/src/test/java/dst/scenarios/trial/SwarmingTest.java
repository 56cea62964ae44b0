package dst.scenarios.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.scenarios.library.Library;
import dst.scenarios.library.Scenario;
import dst.sim.Plan;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SwarmingTest {
    @Test
    void everyOtherSeedLeavesSomeKindsOfFaultOut() {
        Library library = new Library();
        Scenario everything = library.scenario("everything");
        SystemUnderTest whole = new SystemUnderTest(library, Optional.empty());
        SystemUnderTest swarm = SystemUnderTest.swarming(library, Optional.empty());
        int fewer = 0;
        for (long seed = 1; seed <= 40; seed++) {
            Plan all = whole.plan(everything, seed);
            Plan some = swarm.plan(everything, seed);
            assertEquals(some, swarm.plan(everything, seed), "the same for the same seed");
            if (seed % 2 == 1) {
                assertEquals(all, some);
            }
            assertTrue(all.faults().containsAll(some.faults()));
            fewer += some.faults().size() < all.faults().size() ? 1 : 0;
        }
        assertTrue(fewer > 5, fewer + " of 20");
    }
}
