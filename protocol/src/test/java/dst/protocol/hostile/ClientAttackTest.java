package dst.protocol.hostile;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** G8: a client in each of its states under hostile messages. */
class ClientAttackTest {
    @ParameterizedTest
    @EnumSource
    void refusesWhatIsWrongAndLosesNothing(ClientState state) {
        Attack.run(
                "client " + state,
                512,
                (seed, tally, messages) -> new ClientBout(state, seed, Honest.MACHINES, tally).run(messages));
    }
}
