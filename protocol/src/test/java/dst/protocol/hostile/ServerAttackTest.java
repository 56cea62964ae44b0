package dst.protocol.hostile;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** G8: a server in each of its states under hostile messages. */
class ServerAttackTest {
    @ParameterizedTest
    @EnumSource
    void refusesWhatIsWrongAndServesItsNeighbour(ServerState state) {
        Attack.run(
                "server " + state,
                4096,
                (seed, tally, messages) -> new ServerBout(state, seed, Honest.MACHINES, tally).run(messages));
    }
}
