package dst.reports.check;

import dst.protocol.Kind;
import dst.protocol.Prng;
import dst.protocol.Range;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.reports.check.Checked.Counts;
import dst.reports.check.Checked.Evidence;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the media may hold if power is cut after the last operation of a ledger (D1, D6, G2). Of each block: what a finished FLUSH or
 * FUA covered, or any content that may have come after it, whatever order unflushed writes survive in; so a write of several blocks
 * may be torn between them, and what is left of one block says nothing about another. After a TRIM: zeros, or anything that the block
 * ever held.
 *
 * <p>It is judged by the same {@link Register} as everything else; a state is a row of contents, one for each of {@link #offsets()}. If
 * the ledger is impossible by itself, no state is legal.
 */
public final class CrashStates {
    private final Ledger ledger;
    private final Findings findings = new Findings();
    private final Blocks blocks;
    private final Register register;
    private final long[] offsets;
    private final int[][] legal;

    private CrashStates(Ledger ledger) {
        this.ledger = ledger;
        ledger.sortEras();
        Operations operations = ledger.operations;
        Media anything = new Media();
        for (long offset : changed(operations, ledger.blockSize())) {
            anything.hold(offset, Operations.NOTHING, 0);
        }
        blocks = Blocks.of(operations, anything, ledger.blockSize());
        Proof proof = new Proof(operations, ledger.eras, findings);
        register = new Register(operations, ledger.eras, Unknowns.OVER_WHEN_TOLD, ledger.blockSize(), proof);
        offsets = blocks.offsets();
        legal = new int[offsets.length][];
        for (int block = 0; block < offsets.length; block++) {
            legal[block] = legal(block);
        }
    }

    /** If power is cut now. */
    public static CrashStates of(Ledger ledger) {
        return new CrashStates(ledger);
    }

    private static long[] changed(Operations operations, int blockSize) {
        Offsets changed = new Offsets();
        for (int place = 0; place < operations.size(); place++) {
            if (operations.kind(place).changes()) {
                for (long at = operations.offset(place); at < operations.endOffset(place); at += blockSize) {
                    changed.add(at);
                }
            }
        }
        return changed.sorted();
    }

    private int[] legal(int block) {
        judge(block, Operations.NOTHING);
        int[] candidates = register.leavable();
        return Arrays.stream(candidates)
                .filter(content -> {
                    judge(block, content);
                    return findings.count() == 0;
                })
                .toArray();
    }

    private void judge(int block, int content) {
        findings.clear();
        blocks.judge(block, content, 0, register);
    }

    /** The blocks that were changed or read, by where they begin. */
    public long[] offsets() {
        return offsets.clone();
    }

    /** What that block may hold: {@link Ledger#ZERO}, and the places of operations that wrote it, as they were submitted. */
    public int[] legal(long offset) {
        return legal[block(offset)].clone();
    }

    /** How many states are legal. */
    public BigInteger count() {
        return Arrays.stream(legal)
                .map(contents -> BigInteger.valueOf(contents.length))
                .reduce(BigInteger.ONE, BigInteger::multiply);
    }

    /**
     * All legal states, if they are at most so many; otherwise so many different ones: the one in which the least survived, the one in
     * which the most did, and others drawn from the seed.
     */
    public List<int[]> states(int max, long seed) {
        if (max < 2) {
            throw new IllegalArgumentException("of states at least two are asked for, not " + max);
        }
        return count().compareTo(BigInteger.valueOf(max)) <= 0 ? all() : some(max, new Prng(seed));
    }

    private List<int[]> all() {
        List<int[]> states = List.of(new int[0]);
        for (int[] contents : legal) {
            List<int[]> longer = new ArrayList<>();
            for (int[] state : states) {
                for (int content : contents) {
                    int[] one = Arrays.copyOf(state, state.length + 1);
                    one[state.length] = content;
                    longer.add(one);
                }
            }
            states = longer;
        }
        return states;
    }

    private List<int[]> some(int max, Prng prng) {
        Set<List<Integer>> states = new LinkedHashSet<>();
        states.add(Arrays.stream(legal).map(contents -> contents[0]).toList());
        states.add(Arrays.stream(legal)
                .map(contents -> contents[contents.length - 1])
                .toList());
        while (states.size() < max) {
            states.add(Arrays.stream(legal)
                    .map(contents -> contents[(int) prng.below(contents.length)])
                    .toList());
        }
        return states.stream()
                .map(state -> state.stream().mapToInt(Integer::intValue).toArray())
                .toList();
    }

    /**
     * Whether the media may hold that, and if not which operations prove it, block by block.
     *
     * @param state for each of {@link #offsets()} the place of the operation that wrote it, {@link Ledger#ZERO}, or {@link
     *     Ledger#NOTHING} for what no operation wrote as a whole
     */
    public Checked judge(int[] state) {
        if (state.length != offsets.length) {
            throw new IllegalArgumentException(state.length + " contents for " + offsets.length + " blocks");
        }
        Findings all = new Findings();
        for (int block = 0; block < offsets.length; block++) {
            int content = state[block];
            if (isOfThisBlock(content, offsets[block])) {
                judge(block, content);
                all.addAll(findings);
            } else {
                String held = content == Ledger.NOTHING
                        ? "what no operation wrote as a whole"
                        : "what " + ledger.operations.name(content) + " wrote, which does not write there";
                List<Long> tags = content == Ledger.NOTHING ? List.of() : List.of(ledger.operations.tag(content));
                Sentence sentence = Sentence.of(
                        "After the power cut the media hold ",
                        held,
                        " at offset ",
                        new Sentence.Place(new Range(offsets[block], 1)),
                        ".");
                all.add(Rules.R5, 0, sentence, new Evidence(offsets[block], tags, List.of()));
            }
        }
        Counts counts = new Counts(ledger.operations.size(), 0, offsets.length, offsets.length, ledger.eras.count());
        return new Checked(all.findings(), all.evidence(), Optional.empty(), counts);
    }

    private boolean isOfThisBlock(int content, long offset) {
        Operations operations = ledger.operations;
        return content == Ledger.ZERO
                || (content >= 0
                        && operations.kind(content) == Kind.WRITE
                        && operations.offset(content) <= offset
                        && offset < operations.endOffset(content));
    }

    private int block(long offset) {
        int block = Arrays.binarySearch(offsets, offset);
        if (block < 0) {
            throw new IllegalArgumentException("nothing changed or read a block at offset " + offset);
        }
        return block;
    }
}
