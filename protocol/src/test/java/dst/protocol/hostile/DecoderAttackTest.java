package dst.protocol.hostile;

import dst.protocol.wire.Direction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** G8: a decoder of each direction, before and after an agreement on the largest payload, under hostile messages. */
class DecoderAttackTest {
    @ParameterizedTest
    @CsvSource({"TO_SERVER, 0", "TO_SERVER, 2048", "TO_CLIENT, 0", "TO_CLIENT, 2048"})
    void namesTheRuleAndTakesNoMemoryUnchecked(Direction direction, int payloadMax) {
        Attack.run(
                "decoder " + direction + " " + payloadMax,
                4096,
                (seed, tally, messages) ->
                        new DecoderBout(direction, payloadMax, seed, DecoderUnderAttack::of, tally).run(messages));
    }
}
