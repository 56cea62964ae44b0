package dst.protocol.hostile;

import dst.protocol.Prng;

/** What a hostile peer draws: mostly what is usual, now and then an edge. Equal seeds draw equal things. */
public final class Odds {
    private static final long[] EDGES = {
        0,
        1,
        2,
        63,
        64,
        511,
        512,
        513,
        (1L << 16) - 1,
        1L << 16,
        Integer.MAX_VALUE - 1L,
        Integer.MAX_VALUE,
        1L << 31,
        (1L << 32) - 1,
        1L << 32,
        Long.MAX_VALUE - 512,
        Long.MAX_VALUE & -64,
        Long.MAX_VALUE - 1,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -64,
        -1
    };

    private final Prng prng;
    private int among = 16;

    public Odds(long seed) {
        prng = new Prng(seed);
    }

    /** How much of the next message is odd: nothing, here and there a thing, or a third of everything. */
    public void newMood() {
        int mood = below(8);
        among = mood < 2 ? Integer.MAX_VALUE : mood < 7 ? 24 : 3;
    }

    /** Nothing of the next message is odd. */
    public void calm() {
        among = Integer.MAX_VALUE;
    }

    /** Whether this thing of the message is odd. */
    public boolean odd() {
        return among != Integer.MAX_VALUE && below(among) == 0;
    }

    public boolean chance(int times, int of) {
        return below(of) < times;
    }

    public int below(int bound) {
        return (int) prng.below(bound);
    }

    public long next() {
        return prng.next();
    }

    /** The usual number, or an edge: of its own, or of all numbers. */
    public long number(long usual) {
        return odd() ? edge(usual) : usual;
    }

    public int count(long usual) {
        return (int) number(usual);
    }

    /** For a place of 16 bits. */
    public short small(int usual) {
        return (short) number(usual);
    }

    private long edge(long usual) {
        return switch (below(8)) {
            case 0 -> usual + 1;
            case 1 -> usual - 1;
            case 2 -> usual + 64;
            case 3 -> usual << 1;
            case 4 -> prng.next() >>> below(64);
            default -> EDGES[below(EDGES.length)];
        };
    }
}
