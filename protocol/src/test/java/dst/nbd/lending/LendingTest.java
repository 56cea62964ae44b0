package dst.nbd.lending;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.nbd.port.LendingControl;
import dst.nbd.port.Obstacle;
import dst.nbd.rules.LendingJudge;
import dst.protocol.Boot;
import dst.protocol.Control;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.DurablePort;
import dst.protocol.Permission;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.Unique;
import dst.protocol.referee.Limits;
import dst.protocol.referee.Referee;
import dst.protocol.trace.Tap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Who has an export when, and when its disk is opened again; and that its judge accuses whoever decides otherwise, and nobody else. */
class LendingTest {
    private static final int EVENTS = 300;

    /** What is seen in the place of that. */
    private interface Lie extends Function<Object, List<?>> {}

    private static Referee referee() {
        return new Referee(
                Limits.UNKNOWN, Map.of(LendingControl.KIND, charges -> new LendingJudge(Side.SERVER, charges)));
    }

    private static Set<String> found(Referee referee) {
        Set<String> rules = new TreeSet<>();
        referee.findings().forEach(finding -> rules.add(finding.rule().name()));
        return rules;
    }

    private static void assertFound(String rule, Lie lie) {
        Set<String> found = new TreeSet<>();
        for (long seed = 1; seed <= 20; seed++) {
            Referee referee = referee();
            Lender lender = new Lender(
                    seed, false, (now, layer, value) -> lie.apply(value).forEach(one -> referee.saw(now, layer, one)));
            for (int i = 0; i < EVENTS; i++) {
                lender.go();
            }
            found.addAll(found(referee));
        }
        assertTrue(found.contains(rule), () -> rule + " is not among " + found);
    }

    // Whatever comes.

    @Property(tries = 300)
    void keepsItsRulesAndEverythingSettles(@ForAll long seed, @ForAll boolean shared) {
        Referee referee = referee();
        Lender lender = new Lender(seed, shared, referee);
        for (int i = 0; i < EVENTS; i++) {
            lender.go();
        }
        lender.heal();
        assertEquals(List.of(), referee.findings());
        assertTrue(lender.isSettled());
        assertEquals(Obstacle.NOT_PERMITTED, lender.machine.obstacle(Permission.NONE));
        assertEquals(
                lender.granted.isSomebody() && !shared ? Obstacle.HELD : null,
                lender.machine.obstacle(Permission.READ));
    }

    @Property(tries = 50)
    void sameInputsGiveSameOutputsAndDigest(@ForAll long seed) {
        Lender one = new Lender(seed, false, Tap.BLIND);
        Lender other = new Lender(seed, false, Tap.BLIND);
        for (int i = 0; i < EVENTS; i++) {
            one.go();
            other.go();
            assertEquals(one.machine.digest(), other.machine.digest());
        }
        assertEquals(one.told, other.told);
    }

    /** What is listed is what would be given. */
    @Property(tries = 100)
    void answersAsItsObstacleSaid(@ForAll long seed) {
        Lender lender = new Lender(seed, false, Tap.BLIND);
        for (int i = 0; i < EVENTS; i++) {
            lender.go();
            Obstacle obstacle = lender.machine.obstacle(Permission.BOTH);
            lender.want(Permission.BOTH);
            Signal answer = lender.told.getLast();
            assertEquals(
                    obstacle,
                    answer instanceof LendingControl.NotLent(long _, Obstacle given) ? given : null,
                    () -> "answered " + answer);
        }
    }

    @Test
    void thereIsSomethingToSeeForEachOfItsRules() {
        Set<String> observed = new TreeSet<>();
        for (long seed = 1; seed <= 20; seed++) {
            Referee referee = referee();
            Lender lender = new Lender(seed, false, referee);
            for (int i = 0; i < EVENTS; i++) {
                lender.go();
            }
            observed.addAll(referee.observed());
        }
        assertEquals(Set.of("H4", "H5", "H6", "R6"), observed);
    }

    // One by one.

    @Test
    void clientOfTheProtocolWaitsUntilTheLastConnectionHasGivenItBack() {
        Lender lender = new Lender(1, false, Tap.BLIND);
        lender.want(Permission.BOTH);
        lender.want(Permission.READ);
        lender.grant();
        assertEquals(LendingControl.HeldBack.class, lender.told.getLast().getClass());
        lender.give(new LendingControl.GivenBack(1));
        assertFalse(lender.granted.isSomebody());
        lender.give(new LendingControl.GivenBack(2));
        lender.want(Permission.READ);
        assertEquals(new LendingControl.NotLent(3, Obstacle.HELD), lender.told.getLast());
        lender.settle(false);
        assertTrue(lender.granted.isSomebody());
    }

    @Test
    void diskThatWasLostAgainWhileItsBootWasDrawnIsForgottenAgain() {
        Lender lender = new Lender(1, false, Tap.BLIND);
        lender.lose();
        lender.settle(false);
        lender.settle(false);
        lender.lose();
        lender.settle(false);
        assertFalse(lender.machine.isOpen());
        assertEquals(new LendingControl.Pause(), lender.told.getLast());
        lender.settle(false);
        assertEquals(DiskRequest.Forget.class, lastStarted(lender).getClass());
        lender.heal();
        assertTrue(lender.machine.isOpen());
    }

    private static DiskRequest lastStarted(Lender lender) {
        return ((DiskPort.Start) lender.told.getLast()).request();
    }

    /** A flush says nothing of what was lost; what was not lost only has to be durable. */
    @Test
    void diskThatLostNothingIsFlushedBeforeItGetsAnotherSize() {
        Lender lender = new Lender(1, false, Tap.BLIND);
        lender.resize(4096);
        lender.settle(false);
        assertEquals(DiskRequest.Flush.class, lastStarted(lender).getClass());
        lender.heal();
        assertEquals(new LendingControl.Resized(4096), lender.told.getLast());
    }

    @Test
    void sizeThatIsWantedWhileABootIsDrawnIsGivenBeforeThatBootBegins() {
        Lender lender = new Lender(1, false, Tap.BLIND);
        lender.lose();
        lender.settle(false);
        lender.settle(false);
        lender.resize(4096);
        lender.heal();
        assertEquals(new LendingControl.Resized(4096), lender.told.getLast());
        assertEquals(
                1,
                lender.told.stream()
                        .filter(LendingControl.Reopened.class::isInstance)
                        .count());
    }

    @Test
    void whoeverHasItIsToldToEndAndThenCutWhenItIsRemoved() {
        Lender lender = new Lender(1, false, Tap.BLIND);
        lender.want(Permission.BOTH);
        lender.withdraw();
        assertEquals(new LendingControl.End(1), lender.told.getLast());
        lender.want(Permission.BOTH);
        assertEquals(new LendingControl.NotLent(2, Obstacle.KEPT_AWAY), lender.told.getLast());
        List<Signal> outputs = new ArrayList<>();
        lender.machine.step(lender.machine.nextDeadline(), new Control.TimerFired(), outputs);
        assertEquals(List.of(new LendingControl.Cut(1), new LendingControl.Withdrawn(false)), outputs);
    }

    @Test
    void exportThatIsBeingResizedIsNotResizedAgainNorRemoved() {
        Lender lender = new Lender(1, false, Tap.BLIND);
        lender.resize(4096);
        lender.withdraw();
        assertEquals(new LendingControl.NotWithdrawn(), lender.told.getLast());
        lender.resizing = false;
        lender.resize(8192);
        assertEquals(LendingControl.NotResized.class, lender.told.getLast().getClass());
    }

    // The judge.

    @Test
    void lentWhileItIsHeld() {
        assertFound(
                "H5",
                value -> value instanceof LendingControl.NotLent(long user, Obstacle why) && why == Obstacle.HELD
                        ? List.of(new LendingControl.Lent(user))
                        : List.of(value));
    }

    @Test
    void grantedWhileItIsLent() {
        assertFound(
                "H5",
                value -> value instanceof LendingControl.HeldBack(var next)
                        ? List.of(new DurablePort.Keep("disk", next))
                        : List.of(value));
    }

    @Test
    void lentToWhomNoRuleLetsHaveIt() {
        assertFound(
                "R6",
                value -> value instanceof LendingControl.NotLent(long user, Obstacle why)
                                && why == Obstacle.NOT_PERMITTED
                        ? List.of(new LendingControl.Lent(user))
                        : List.of(value));
    }

    @Test
    void openedAgainWhileSomethingRuns() {
        assertFound("H4", value -> value instanceof LendingControl.Paused ? List.of() : List.of(value));
    }

    @Test
    void openedAgainWithoutItsCacheForgotten() {
        assertFound(
                "H4",
                value -> value instanceof DiskPort.Start(int disk, DiskRequest.Forget forget)
                        ? List.of(new DiskPort.Start(disk, new DiskRequest.Flush(forget.ticket(), 0)))
                        : List.of(value));
    }

    @Test
    void openedAgainInAnotherBootThanWasDrawn() {
        assertFound(
                "H4",
                value -> value instanceof LendingControl.Reopened(Boot boot)
                        ? List.of(new LendingControl.Reopened(new Boot(boot.counter(), new Unique(7, 7))))
                        : List.of(value));
    }

    @Test
    void anotherSizeThatNobodyIsTold() {
        assertFound("H6", value -> value instanceof LendingControl.Resized ? List.of() : List.of(value));
    }

    @Test
    void anotherSizeWhileAConnectionHasIt() {
        assertFound("H6", value -> value instanceof LendingControl.GivenBack ? List.of() : List.of(value));
    }
}
