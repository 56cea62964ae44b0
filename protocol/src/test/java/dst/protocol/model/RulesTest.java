package dst.protocol.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The specification's own test: in worlds that are small enough to be seen whole, the rules keep the promises, and none of the
 * rules can be left out.
 *
 * <p>{@code -Ddst.model.bound=1} looks at larger worlds, in which everything may happen once more often than here, and at no more
 * than {@code -Ddst.model.states} states of each (two million, if it is not set; a million needs about a gigabyte).
 */
class RulesTest {
    /** How much more than usual may happen in each world ({@code -Ddst.model.bound=1}), and how much of it is looked at. */
    private static final int MORE = Integer.getInteger("dst.model.bound", 0);

    private static final int STATES_MAX = Integer.getInteger("dst.model.states", 2_000_000);

    @ParameterizedTest
    @EnumSource
    void rulesKeepThePromisesInEveryState(World world) {
        long begun = System.nanoTime();
        Exploration.Found found = Exploration.of(Rules.all(), world.bounds.deeper(MORE), STATES_MAX);
        System.out.printf("%s; %d s%n", found, (System.nanoTime() - begun) / 1_000_000_000);
        assertEquals(List.of(), found.trace());
        if (MORE == 0) {
            assertTrue(found.complete(), () -> "there is more than was looked at: " + found);
            // A model that came to do less than it did would hold as well.
            assertEquals(world.states, found.states());
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutARuleAPromiseIsBroken(Rule rule) {
        Exploration.Found found = Exploration.of(Rules.without(rule), World.missing(rule).bounds, STATES_MAX);
        System.out.printf("%nWithout %s: %s. %s%n", rule, rule.without, found);
        found.trace().forEach(line -> System.out.println("    " + line));
        assertFalse(found.trace().isEmpty(), () -> rule + " is not missed: " + found);
    }

    @ParameterizedTest
    @EnumSource
    void messagesThatAreForgottenMakeNoTraceShorter(Rule rule) {
        Rules rules = Rules.without(rule);
        Bounds bounds = World.missing(rule).bounds;
        Exploration.Found all = Exploration.withEveryMessage(rules, bounds, STATES_MAX);
        assertEquals(Exploration.of(rules, bounds, STATES_MAX).depth(), all.depth());
        assertFalse(all.trace().isEmpty(), () -> "not reached: " + all);
    }
}
