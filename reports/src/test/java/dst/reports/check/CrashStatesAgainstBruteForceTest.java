package dst.reports.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Kind;
import dst.protocol.Prng;
import dst.reports.check.Checked.Evidence;
import dst.reports.check.Operations.Fate;
import dst.reports.check.SmallHistory.Life;
import dst.reports.check.SmallHistory.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random writes, zeros, trims and flushes of three blocks, some overlapping, and every state that may be or may not be left. */
class CrashStatesAgainstBruteForceTest {
    private static final int HISTORIES = 10_000;
    private static final int BLOCKS = 3;
    private static final int OPERATIONS = 7;

    private record Drawn(Op op, int block, int blocks) {
        private boolean covers(int which) {
            return op.kind == Kind.FLUSH || (block <= which && which < block + blocks);
        }
    }

    private final List<Drawn> drawn = new ArrayList<>();
    private Ledger ledger = Ledger.ofOneClient(SmallHistory.BLOCK, 0);

    @Test
    void everyLegalStateIsAcceptedAndEveryOtherIsRejectedAndProven() {
        int accepted = 0;
        int rejected = 0;
        int torn = 0;
        for (long seed = 1; seed <= HISTORIES; seed++) {
            draw(new Prng(seed));
            CrashStates states = CrashStates.of(ledger);
            Set<List<Integer>> seen = new HashSet<>();
            for (int[] state : states.states(1 << 12, seed)) {
                assertTrue(states.judge(state).clean(), "seed " + seed + drawn);
                List<Integer> row = new ArrayList<>();
                for (int content : state) {
                    row.add(content);
                }
                assertTrue(seen.add(row));
                accepted++;
            }
            assertEquals(states.count().intValueExact(), seen.size());
            torn += isTorn(states) ? 1 : 0;
            int[] legal =
                    seen.isEmpty() ? new int[0] : states.states(1 << 12, seed).getFirst();
            for (int block = 0; block < states.offsets().length; block++) {
                rejected += tryEach(states, legal, block, seed);
            }
        }
        assertTrue(accepted > 2 * HISTORIES, accepted + " accepted");
        assertTrue(rejected > HISTORIES, rejected + " rejected");
        assertTrue(torn > HISTORIES / 10, torn + " with a torn write");
    }

    /** One block holds something else than in that legal state; brute force says whether it may. Answers how often it may not. */
    private int tryEach(CrashStates states, int[] legal, int place, long seed) {
        int block = (int) (states.offsets()[place] / SmallHistory.BLOCK);
        int rejected = 0;
        for (int tag = 0; tag <= drawn.size(); tag++) {
            if (tag > 0
                    && (drawn.get(tag - 1).op.kind != Kind.WRITE
                            || !drawn.get(tag - 1).covers(block))) {
                continue;
            }
            SmallHistory alone = alone(block, tag);
            boolean expected = new BruteForce(alone, false).fine();
            int[] other = legal.clone();
            int content = tag == 0 ? Ledger.ZERO : tag - 1;
            other[place] = content;
            boolean enumerated =
                    Arrays.stream(states.legal(states.offsets()[place])).anyMatch(each -> each == content);
            assertEquals(expected, enumerated, () -> "seed " + seed + "\n" + alone);
            Checked checked = states.judge(other);
            if (expected != checked.clean()) {
                assertEquals(expected, checked.clean(), "seed " + seed + "\n" + alone + checked.findings());
            }
            if (!expected) {
                Evidence evidence = checked.evidence().getFirst();
                Set<Long> proof = new HashSet<>(evidence.tags());
                proof.addAll(evidence.context());
                assertEquals(states.offsets()[place], evidence.offset());
                assertTrue(evidence.tags().size() <= 3, evidence::toString);
                assertFalse(new BruteForce(alone.only(proof, true), false).fine(), evidence + "\n" + alone);
                assertTrue(tag == 0 || proof.contains((long) tag), evidence + "\n" + alone);
                rejected++;
            }
        }
        return rejected;
    }

    /** Whether a write of several blocks may be left in one of them, and both in the other and not there. */
    private static boolean isTorn(CrashStates states) {
        if (states.offsets().length < 2) {
            return false;
        }
        int[] first = states.legal(states.offsets()[0]);
        int[] second = states.legal(states.offsets()[1]);
        return second.length > 1
                && Arrays.stream(first)
                        .anyMatch(write -> write >= 0 && Arrays.stream(second).anyMatch(other -> other == write));
    }

    private SmallHistory alone(int block, int media) {
        SmallHistory alone = new SmallHistory();
        Life life = new Life();
        life.granted = 1;
        alone.lives.add(life);
        drawn.stream().filter(each -> each.covers(block)).forEach(each -> alone.ops.add(each.op));
        alone.media = media;
        return alone;
    }

    private void draw(Prng prng) {
        drawn.clear();
        ledger = Ledger.ofOneClient(SmallHistory.BLOCK, 0);
        List<Op> pending = new ArrayList<>();
        int count = (int) prng.between(2, OPERATIONS);
        while (drawn.size() < count || (!pending.isEmpty() && prng.chance(4, 5))) {
            if (drawn.size() < count && (pending.isEmpty() || prng.chance(1, 2))) {
                pending.add(submit(prng));
            } else {
                Op op = pending.remove((int) prng.below(pending.size()));
                long draw = prng.below(10);
                op.fate = draw == 0 ? Fate.REFUSED : draw == 1 ? Fate.UNKNOWN : Fate.DONE;
                ledger.settled(op.tag - 1, op.fate, 0);
                op.end = ledger.moment();
            }
        }
    }

    private Op submit(Prng prng) {
        Op op = new Op();
        op.tag = drawn.size() + 1;
        long draw = prng.below(12);
        op.kind = draw < 7 ? Kind.WRITE : draw < 9 ? Kind.FLUSH : draw < 11 ? Kind.ZERO : Kind.TRIM;
        op.durable = op.kind.leavesContent() && prng.chance(1, 4);
        int block = (int) prng.below(BLOCKS);
        int blocks = (int) prng.between(1, BLOCKS - (long) block);
        boolean flush = op.kind == Kind.FLUSH;
        ledger.submitted(
                op.tag,
                op.kind,
                op.durable,
                flush ? 0 : (long) block * SmallHistory.BLOCK,
                flush ? 0 : blocks * SmallHistory.BLOCK,
                0);
        op.start = ledger.moment();
        drawn.add(new Drawn(op, block, blocks));
        return op;
    }
}
