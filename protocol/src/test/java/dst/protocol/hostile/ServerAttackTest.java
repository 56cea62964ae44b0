package dst.protocol.hostile;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Prng;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** G8: a server in each of its states under hostile messages, as many as {@code -Ddst.hostile.messages} says. */
class ServerAttackTest {
    private static final long MESSAGES = Long.getLong("dst.hostile.messages", 20_000);
    private static final long SEED = Long.getLong("dst.hostile.seed", 1);
    private static final int BOUT = 4096;

    @ParameterizedTest
    @EnumSource
    void refusesWhatIsWrongAndServesItsNeighbour(ServerState state) {
        Tally tally = new Tally("server " + state);
        Prng seeds = new Prng(SEED).split(state.name());
        while (tally.messages() < MESSAGES) {
            long seed = seeds.next();
            long before = tally.messages();
            try {
                new ServerBout(state, seed, Honest.MACHINES, tally).run((int) Math.min(BOUT, MESSAGES - before));
            } catch (Throwable wrong) {
                throw new AssertionError(
                        "server " + state + ", bout of seed " + seed + ", message " + (tally.messages() - before)
                                + ": " + wrong,
                        wrong);
            }
        }
        System.out.println(tally);
        assertTrue(tally.refusals() > MESSAGES / 50, "an attack that is hardly ever refused: " + tally);
    }
}
