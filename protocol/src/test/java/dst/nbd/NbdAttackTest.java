package dst.nbd;

import dst.protocol.hostile.Attack;
import org.junit.jupiter.api.Test;

/** Both ends under hostile bytes: nothing is thrown, no more memory is held than was sent, everything settles and comes back. */
class NbdAttackTest {
    @Test
    void serverOutlivesHostileClients() {
        Attack.run("NBD server", 4096, (seed, tally, messages) -> new NbdServerBout(seed, tally).run(messages));
    }

    @Test
    void clientOutlivesHostileServers() {
        Attack.run("NBD client", 4096, (seed, tally, messages) -> new NbdClientBout(seed, tally).run(messages));
    }
}
