package dst.protocol.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.BootCause;
import dst.protocol.DiskPort;
import dst.protocol.LinkPort;
import dst.protocol.Prng;
import dst.protocol.Problem;
import dst.protocol.Replayed;
import dst.protocol.ServerSettings;
import dst.protocol.Unique;
import dst.protocol.trace.Rerun;
import dst.protocol.wire.CountedPages;
import dst.protocol.wire.Message;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What holds for a server whatever it is given, in whatever order (G5, G8). */
class ServerPropertiesTest {
    private static final int STEPS = 300;

    private static LoneServer walked(long seed, Replayed recording) {
        LoneServer lone = new LoneServer();
        lone.tap = recording;
        lone.step(new DiskPort.Opened(0, lone.boot, BootCause.STARTED));
        ServerWalk walk = new ServerWalk(lone, seed);
        for (int i = 0; i < STEPS; i++) {
            walk.step();
        }
        return lone;
    }

    /** No exception, no deadline that stands still, no link closed twice: {@link LoneServer} and the walk see to that. */
    @Property(tries = 300)
    void neverThrowsAndGivesEveryBufferBack(@ForAll long seed) {
        walked(seed, new Replayed("server")).everythingIsGivenBack();
    }

    @Property(tries = 60)
    void recordedInputsGiveTheRecordedOutputs(@ForAll long seed) {
        Replayed recording = new Replayed("server");
        walked(seed, recording).everythingIsGivenBack();
        CountedPages pages = new CountedPages(false);
        assertEquals(recording.recorded(), recording.replayedBy(new Server(ServerSettings.DEFAULT, pages)));
        assertEquals(0, pages.live());
        assertInstanceOf(
                Rerun.Result.Same.class, Rerun.of(recording.reader(), () -> new Server(ServerSettings.DEFAULT, pages)));
        assertEquals(0, pages.live());
    }

    /** G6: whatever happened, once it is over somebody new is served. */
    @Property(tries = 200)
    void nobodyIsKeptOutByWhatIsOver(@ForAll long seed) {
        LoneServer lone = new LoneServer();
        lone.step(new DiskPort.Opened(0, lone.boot, BootCause.STARTED));
        ServerWalk walk = new ServerWalk(lone, seed);
        for (int i = 0; i < STEPS; i++) {
            walk.step();
        }
        walk.heal();
        long link = lone.attach(new Unique(0xC, 1));
        assertEquals(lone.holder, lone.last(link, Message.Attached.class).holder());
        lone.say(link, lone.write(1, 0));
        lone.endAll();
        assertEquals(Problem.NONE, lone.answer(link).problem());
        lone.step(new LinkPort.Closed(link, "gone"));
        walk.leave();
        assertEquals(0, lone.server.bytesTaken(), "R7: nothing is counted for ever");
        lone.everythingIsGivenBack();
    }

    /** The walk is worth something only if it gets somewhere. */
    @Property(tries = 1)
    void walkReachesAnswersAndNewBootsAndTakeovers() {
        int answers = 0;
        int boots = 0;
        int epochs = 0;
        Prng seeds = new Prng(1);
        for (int i = 0; i < 100; i++) {
            LoneServer lone = walked(seeds.next(), new Replayed("server"));
            for (List<Message> messages : lone.heard.values()) {
                for (Message message : messages) {
                    answers += message instanceof Message.Answer ? 1 : 0;
                }
            }
            boots += (int) lone.boot.counter();
            epochs += (int) lone.holder.epoch();
            lone.everythingIsGivenBack();
        }
        assertTrue(answers > 1000, answers + " answers");
        assertTrue(boots > 150, boots + " boots");
        assertTrue(epochs > 150, epochs + " epochs");
    }
}
