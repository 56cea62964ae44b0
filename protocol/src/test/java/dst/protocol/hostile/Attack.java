package dst.protocol.hostile;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Prng;

/**
 * Bout after bout with seeds drawn from one, until there were as many messages as {@code -Ddst.hostile.messages} says. What goes wrong
 * is told with the seed of its bout.
 */
public final class Attack {
    private static final long MESSAGES = Long.getLong("dst.hostile.messages", 20_000);
    private static final long SEED = Long.getLong("dst.hostile.seed", 1);

    private Attack() {}

    /** One victim, attacked with at most so many messages. */
    public interface Bout {
        void run(long seed, Tally tally, int messages);
    }

    public static void run(String victim, int perBout, Bout bout) {
        Tally tally = run(victim, SEED, MESSAGES, perBout, bout);
        System.out.println(tally);
        assertTrue(tally.refusals() > MESSAGES / 50, "an attack that is hardly ever refused: " + tally);
    }

    public static Tally run(String victim, long first, long messages, int perBout, Bout bout) {
        Tally tally = new Tally(victim);
        Prng seeds = new Prng(first).split(victim);
        while (tally.messages() < messages) {
            long seed = seeds.next();
            long before = tally.messages();
            try {
                bout.run(seed, tally, (int) Math.min(perBout, messages - before));
            } catch (Throwable wrong) {
                throw new AssertionError(
                        victim + ", bout of seed " + seed + ", message " + (tally.messages() - before) + ": " + wrong,
                        wrong);
            }
        }
        return tally;
    }
}
