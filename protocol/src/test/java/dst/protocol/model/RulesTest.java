package dst.protocol.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The specification's own test: in worlds that are small enough to be seen whole, the rules keep the promises, and none of the
 * rules can be left out.
 *
 * <p>{@code -Ddst.model.bound=1} looks at larger worlds, in which everything may happen once more often than here, and at no more
 * than {@code -Ddst.model.states} states of each (five million, if it is not set; a million needs about a gigabyte).
 */
class RulesTest {
    private static final int STATES_MAX = 2_000_000;

    @ParameterizedTest
    @EnumSource
    void rulesKeepThePromisesInEveryState(World world) {
        Exploration.Found found = Exploration.of(Rules.all(), world.bounds, STATES_MAX);
        System.out.println(found);
        assertEquals(List.of(), found.trace());
        assertTrue(found.complete(), () -> "there is more than was looked at: " + found);
        // A model that came to do less than it did would hold as well.
        assertEquals(world.states, found.states());
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

    @ParameterizedTest
    @EnumSource
    @EnabledIfSystemProperty(named = "dst.model.bound", matches = "\\d+")
    void rulesKeepThePromisesInLargerWorlds(World world) {
        int more = Integer.getInteger("dst.model.bound", 1);
        int statesMax = Integer.getInteger("dst.model.states", 5_000_000);
        long begun = System.nanoTime();
        Exploration.Found found = Exploration.of(Rules.all(), world.bounds.deeper(more), statesMax);
        System.out.printf("%s; %d s%n", found, (System.nanoTime() - begun) / 1_000_000_000);
        assertEquals(List.of(), found.trace());
    }
}
