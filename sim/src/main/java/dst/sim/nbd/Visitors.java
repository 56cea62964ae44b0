package dst.sim.nbd;

import dst.nbd.attach.AttachControl;
import dst.protocol.LinkPort;
import dst.protocol.Permission;
import dst.protocol.Prng;
import dst.protocol.Rule;
import dst.protocol.Signal;
import dst.protocol.StateDigest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** In half of all lives others come to the device beside the program: more than there are places for, and with more than there is memory for. */
final class Visitors {
    static final String ORIGIN = "visitors";
    private static final int MOST = 12;
    private static final int ACTS = 6;

    /** Far from those of the program. */
    private static final long FIRST = 1L << 40;

    private static final Permission[] RIGHTS = {Permission.NONE, Permission.READ, Permission.BOTH};

    private final ByteBufAllocator pages;
    private final ArrayDeque<Signal> due = new ArrayDeque<>();
    private final TreeMap<Long, Visitor> there = new TreeMap<>();
    private Prng prng = new Prng(0);
    private BiConsumer<Rule, String> finding = (_, _) -> {};
    private long numbers = FIRST;
    private boolean come;

    Visitors(ByteBufAllocator pages) {
        this.pages = pages;
    }

    void tells(BiConsumer<Rule, String> there) {
        finding = there;
    }

    void seed(long seed) {
        prng = new Prng(seed).split(ORIGIN);
        come = prng.chance(1, 2);
    }

    /** Some of them do something, or somebody comes or goes. */
    void act() {
        for (long i = come ? prng.below(ACTS) : 0; i > 0; i--) {
            actOnce();
        }
    }

    private void actOnce() {
        if (there.isEmpty() || (there.size() < MOST && prng.chance(1, 4))) {
            comes();
            return;
        }
        Map.Entry<Long, Visitor> one = new ArrayList<>(there.entrySet()).get((int) prng.below(there.size()));
        if (prng.chance(1, 16)) {
            there.remove(one.getKey());
            due.add(new AttachControl.Heard(one.getKey(), new LinkPort.Closed(one.getKey(), "closed")));
        } else {
            one.getValue().acts(prng);
        }
    }

    private void comes() {
        long number = ++numbers;
        Permission allowed = RIGHTS[(int) prng.below(RIGHTS.length)];
        Visitor visitor = new Visitor(
                number,
                pages,
                allowed,
                said -> due.add(new AttachControl.Heard(number, said)),
                (rule, text) -> finding.accept(rule, text));
        there.put(number, visitor);
        due.add(visitor.comes(ORIGIN));
    }

    @Nullable Signal next() {
        return due.poll();
    }

    static boolean isOne(long connection) {
        return connection > FIRST;
    }

    void hears(long connection, ByteBuf bytes) {
        Visitor visitor = there.get(connection);
        if (visitor == null) {
            bytes.release();
        } else {
            visitor.hears(bytes);
        }
    }

    void closed(long connection) {
        there.remove(connection);
    }

    void digest(StateDigest digest) {
        digest.add(prng.state()).add(come).add(numbers).add(due.size()).add(there.size());
        there.forEach((number, visitor) -> {
            digest.add(number);
            visitor.digest(digest);
        });
    }

    void discard() {
        for (Signal one : due) {
            if (one instanceof AttachControl.Heard(long _, Signal said)) {
                Signal.release(said);
            }
        }
        due.clear();
    }
}
