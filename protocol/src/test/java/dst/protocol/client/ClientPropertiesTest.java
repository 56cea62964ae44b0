package dst.protocol.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.ClientPolicy;
import dst.protocol.ClientSettings;
import dst.protocol.Holding;
import dst.protocol.Machine;
import dst.protocol.Outcome;
import dst.protocol.Overlap;
import dst.protocol.Prng;
import dst.protocol.Replayed;
import dst.protocol.wire.CountedPages;
import dst.protocol.wire.Message;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What holds for a client whatever it is given, in whatever order (G5, G6, G8). */
class ClientPropertiesTest {
    private static final int STEPS = 300;

    private static int links(long seed) {
        return 1 + (int) ((seed >>> 1) & 3) % 3;
    }

    private static ClientSettings settings(long seed) {
        ClientPolicy policy = new ClientPolicy(
                links(seed),
                (seed & 8) == 0 ? Overlap.WAIT : Overlap.COPY,
                4 * 512,
                (seed & 16) == 0 ? Holding.TAKE : Holding.WAIT,
                (seed & 32) == 0 ? Integer.MAX_VALUE : 3);
        long patience = (seed & 1) == 0 ? LoneClient.SECOND : Machine.NEVER;
        return LoneClient.settings(patience, 16 * 512, LoneClient.TERMS).with(policy);
    }

    private static ClientWalk walked(LoneClient lone, long seed) {
        ClientWalk walk = new ClientWalk(lone, links(seed), seed);
        for (int i = 0; i < STEPS; i++) {
            walk.step();
        }
        return walk;
    }

    private static LoneClient walked(long seed, Replayed recording) {
        LoneClient lone = new LoneClient(settings(seed), recording);
        walked(lone, seed);
        return lone;
    }

    /** No exception, no deadline that stands still, nothing settled twice: {@link LoneClient} and the walk see to that. */
    @Property(tries = 300)
    void neverThrowsAndGivesEveryBufferBack(@ForAll long seed) {
        walked(seed, new Replayed("client")).everythingIsGivenBack();
    }

    @Property(tries = 60)
    void recordedInputsGiveTheRecordedOutputs(@ForAll long seed) {
        Replayed recording = new Replayed("client");
        walked(seed, recording).everythingIsGivenBack();
        CountedPages pages = new CountedPages(false);
        Client fresh = new Client(settings(seed), pages);
        assertEquals(recording.recorded(), recording.replayedBy(fresh));
        assertEquals(0, pages.live());
    }

    /** G5, G6: with an honest server in the end, or a device that failed, everything that was submitted settles. */
    @Property(tries = 300)
    void everythingSettlesOnceTheServerIsHonest(@ForAll long seed) {
        LoneClient lone = new LoneClient(settings(seed));
        ClientWalk walk = walked(lone, seed);
        if (lone.failures.isEmpty() && lone.detached.isEmpty()) {
            walk.becomeHonest();
        }
        assertEquals(walk.submitted(), lone.outcomes.size());
        lone.everythingIsGivenBack();
    }

    /** The walk is worth something only if it gets somewhere. */
    @Property(tries = 1)
    void walkReachesOutcomesReplaysAndResends() {
        int done = 0;
        int unknown = 0;
        int replays = 0;
        int resends = 0;
        int failures = 0;
        int links = 0;
        int copies = 0;
        Prng seeds = new Prng(1);
        for (int i = 0; i < 100; i++) {
            LoneClient lone = walked(seeds.next(), new Replayed("client"));
            for (Outcome outcome : lone.outcomes.values()) {
                done += outcome instanceof Outcome.Done ? 1 : 0;
                unknown += outcome instanceof Outcome.Unknown ? 1 : 0;
            }
            for (var messages : lone.heard.values()) {
                for (Message message : messages) {
                    replays += message instanceof Message.Request request && request.replay() ? 1 : 0;
                    resends += message instanceof Message.Request request && request.resend() ? 1 : 0;
                }
            }
            failures += lone.failures.size();
            links = Math.max(links, lone.live());
            copies += lone.copied.size();
            lone.everythingIsGivenBack();
        }
        assertTrue(done > 1000, done + " done");
        assertTrue(unknown > 100, unknown + " unknown");
        assertTrue(replays > 100, replays + " replays");
        assertTrue(resends > 200, resends + " resends");
        assertTrue(links == 3, links + " links at once");
        assertTrue(copies > 100, copies + " copies");
        assertTrue(failures > 5 && failures < 80, failures + " failures");
    }
}
