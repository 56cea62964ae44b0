package dst.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.nbd.port.NbdClientControl;
import dst.protocol.Machine;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Prng;
import dst.protocol.digest.Places;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whatever either end remembers is in its digest: every field is changed, one at a time, and the digest has to change. */
class NbdDigestTest {
    private static final Map<String, String> LEFT_OUT = Map.ofEntries(
            Map.entry("Replies.outputs", "where the host wants the outputs of this step"),
            Map.entry("Replies.page", "handed over at the end of each step"),
            Map.entry("Replies.said", "set anew at the beginning of each step"),
            Map.entry("Replies.pages", "the host's memory"),
            Map.entry("Outbox.outputs", "where the host wants the outputs of this step"),
            Map.entry("Outbox.pages", "the host's memory"),
            Map.entry("NbdServer.pages", "the host's memory"),
            Map.entry("NbdClient.pages", "the host's memory"),
            Map.entry("Payload.pages", "the host's memory"),
            Map.entry("Inbox.joined", "written anew for each use"),
            Map.entry("Handshake.option", "of an option that has begun; else it is read before it is used"),
            Map.entry("Answers.flight", "the one under the cookie"));

    private final Map<String, Integer> unseen = new TreeMap<>();
    private final Map<String, Integer> changed = new TreeMap<>();

    @Test
    void everythingThatEitherEndRemembersIsInItsDigest() {
        for (long seed = 1; seed <= 12; seed++) {
            converse(seed);
        }
        assertEquals(Map.of(), unseen, "what differs in these is not in the digest");
        assertTrue(changed.size() > 60, () -> "little was there to be changed: " + changed.keySet());
    }

    private void converse(long seed) {
        NbdPair pair = new NbdPair(Served.export(), "disk", seed);
        Prng prng = new Prng(seed);
        int turn = 0;
        while (pair.moves()) {
            look(pair, turn++, prng);
        }
        for (int i = 0; i < 10; i++) {
            long offset = 512 * prng.below(100);
            pair.submit(
                    i,
                    switch ((int) prng.below(4)) {
                        case 0 -> new Operation.Write(offset, pair.content(1024, i), prng.chance(1, 2));
                        case 1 -> new Operation.Zero(offset, 1024, true);
                        case 2 -> new Operation.Trim(offset, 512);
                        default -> new Operation.Read(offset, 2048);
                    });
        }
        pair.toClient(new NbdClientControl.Map(100, 0, 4096));
        while (pair.moves()) {
            look(pair, turn++, prng);
        }
        pair.toClient(new NbdClientControl.Detach());
        pair.run();
        look(pair, 0, prng);
        pair.outcomes.values().forEach(outcome -> {
            if (outcome instanceof Outcome.Done done) {
                done.data().release();
            }
        });
        assertEquals(0, pair.leaked());
    }

    private void look(NbdPair pair, int turn, Prng prng) {
        if (turn % 5 == 0 || prng.chance(1, 10)) {
            look(pair.server);
            look(pair.client);
        }
    }

    private void look(Machine machine) {
        long before = machine.digest();
        for (Places.Place place : Places.of(machine, LEFT_OUT::containsKey)) {
            place.change().run();
            long after;
            try {
                after = machine.digest();
            } catch (RuntimeException noSuchState) {
                // What no digest can be made of is told apart as well.
                after = before + 1;
            }
            place.restore().run();
            changed.merge(place.name(), 1, Integer::sum);
            if (after == before) {
                unseen.merge(place.name(), 1, Integer::sum);
            }
            assertEquals(before, machine.digest(), () -> "not as before: " + place.name());
        }
    }
}
