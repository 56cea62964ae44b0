package dst.sim.hostile;

import dst.protocol.Closing;
import dst.protocol.Machine;
import dst.protocol.Prng;
import dst.protocol.Signal;
import dst.protocol.wire.Direction;
import dst.sim.Mischief;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An honest machine whose words are turned in its mouth, once it has said enough for that: damaged, repeated, reordered, torn,
 * swallowed, said again later, and others put in between. After so many deeds it is honest again, and drops all its links.
 */
abstract class Hostile implements Machine, Mischief {
    static final Closing WHIM = Closing.of(Closing.Cause.DONE, "no reason");

    private final Machine honest;
    private final Direction outwards;
    final Overheard overheard = new Overheard();
    private final ArrayList<Signal> said = new ArrayList<>();

    /** What was held back on a link, to be said out of order. */
    private final LongObjectHashMap<ByteBuf> late = new LongObjectHashMap<>();

    private final ArrayList<Long> links = new ArrayList<>();

    /** So many bytes the honest machine believes to be on their way out. */
    private final LongObjectHashMap<Long> unsent = new LongObjectHashMap<>();

    private @Nullable Prng prng;
    private @Nullable Lies lies;
    private long honestSendings;
    private long deeds;
    private boolean begun;
    private boolean told;

    Hostile(Machine honest, Direction outwards) {
        this.honest = honest;
        this.outwards = outwards;
    }

    abstract Lies lies(Prng drawn);

    abstract Signal send(long link, ByteBuf bytes);

    abstract Signal close(long link);

    abstract Signal stopReading(long link);

    abstract Signal linkClosed(long link);

    /** What only this side does; true if it did something. */
    abstract boolean ownDeed(Prng drawn, List<? super Signal> outbox);

    /** The links that this side opened on its own account are dropped. */
    abstract void dropOwnLinks(List<? super Signal> outbox);

    final void seed(long seed) {
        Prng drawn = new Prng(seed).split("hostile");
        prng = drawn;
        lies = lies(drawn);
        honestSendings = drawn.between(4, 60);
        deeds = drawn.between(20, 600);
    }

    final boolean isHostile() {
        return prng != null && honestSendings <= 0 && deeds > 0;
    }

    @Override
    public final boolean hasJustBegun() {
        boolean first = begun && !told;
        told = begun;
        return first;
    }

    final void opened(long link) {
        links.add(link);
        overheard.opened(link);
    }

    final void closed(long link) {
        links.remove(Long.valueOf(link));
        unsent.remove(link);
        overheard.closed(link);
        ByteBuf held = late.remove(link);
        if (held != null) {
            held.release();
        }
    }

    final void heard(long link, ByteBuf bytes) {
        overheard.listen(outwards == Direction.TO_SERVER ? Direction.TO_CLIENT : Direction.TO_SERVER, link, bytes);
    }

    /** How many of the bytes that have left are the honest machine's, as far as it is to know: never more than it said. */
    final long left(long link, long bytes) {
        long believed = unsent.getOrDefault(link, 0L);
        long told = Math.min(believed, bytes);
        unsent.put(link, Long.valueOf(believed - told));
        return told;
    }

    /** Hands the input to the honest machine; its outputs go through {@link #turn}. */
    final void stepHonestly(long now, Signal input, List<? super Signal> outbox) {
        honest.step(now, input, said);
        for (int i = 0; i < said.size(); i++) {
            turn(said.get(i), outbox);
        }
        said.clear();
    }

    /** Passes an output of the honest machine on, or what became of it. */
    abstract void turn(Signal output, List<? super Signal> outbox);

    final void afterStep(long now, List<? super Signal> outbox) {
        Prng drawn = prng;
        Lies from = lies;
        if (drawn == null || from == null || !isHostile()) {
            return;
        }
        if (drawn.chance(1, 3)) {
            begun = true;
            deeds--;
            if (!ownDeed(drawn, outbox) && !links.isEmpty()) {
                deed(now, drawn, from, links.get((int) drawn.below(links.size())), outbox);
            }
        }
        if (deeds <= 0) {
            repent(now, outbox);
        }
    }

    private void deed(long now, Prng drawn, Lies from, long link, List<? super Signal> outbox) {
        switch ((int) drawn.below(10)) {
            case 0 -> outbox.add(stopReading(link));
            case 1 -> {
                outbox.add(close(link));
                gone(now, link, outbox);
            }
            default -> say(link, from.next(), outbox);
        }
    }

    /** From now on it is as honest as its links are new. */
    final void repent(long now, List<? super Signal> outbox) {
        deeds = 0;
        dropOwnLinks(outbox);
        while (!links.isEmpty()) {
            long link = links.getLast();
            outbox.add(close(link));
            gone(now, link, outbox);
        }
    }

    /** Nobody tells the honest machine of links that the hostile one closed. */
    private void gone(long now, long link, List<? super Signal> outbox) {
        closed(link);
        honest.step(now, linkClosed(link), said);
        // Only the honest machine's own words: no deeds while deeds are done.
        ArrayList<Signal> words = new ArrayList<>(said);
        said.clear();
        for (Signal word : words) {
            noteWord(word);
            outbox.add(word);
        }
    }

    /** Keeps what is known of the links in step with what the honest machine says. */
    abstract void noteWord(Signal output);

    final void willLeave(long link, int bytes) {
        unsent.put(link, Long.valueOf(unsent.getOrDefault(link, 0L) + bytes));
    }

    /** What becomes of a sending of the honest machine. */
    final void sending(long link, ByteBuf bytes, List<? super Signal> outbox) {
        overheard.listen(outwards, link, bytes);
        willLeave(link, bytes.readableBytes());
        Prng drawn = prng;
        Lies from = lies;
        honestSendings--;
        if (drawn == null || from == null || !isHostile()) {
            if (drawn != null && honestSendings > -1) {
                overheard.keep(bytes, drawn.next());
            }
            outbox.add(send(link, bytes));
            return;
        }
        overheard.keep(bytes, drawn.next());
        begun = true;
        deeds--;
        switch ((int) drawn.below(16)) {
            case 0 -> say(link, damaged(bytes, drawn), outbox);
            case 1 -> {
                say(link, Overheard.copy(bytes), outbox);
                say(link, bytes, outbox);
            }
            case 2 -> {
                ByteBuf before = late.put(link, bytes);
                if (before != null) {
                    say(link, before, outbox);
                }
                return;
            }
            case 3 -> bytes.release();
            case 4 -> {
                say(link, Unpooled.copiedBuffer(bytes.slice(0, (int) drawn.below(bytes.readableBytes() + 1))), outbox);
                bytes.release();
            }
            case 5 -> {
                say(link, bytes, outbox);
                say(link, from.next(), outbox);
            }
            case 6 -> {
                say(link, from.next(), outbox);
                bytes.release();
            }
            case 7 -> {
                say(link, overheard.earlier(drawn.next()), outbox);
                say(link, bytes, outbox);
            }
            default -> say(link, bytes, outbox);
        }
        ByteBuf held = late.remove(link);
        if (held != null) {
            say(link, held, outbox);
        }
    }

    private static ByteBuf damaged(ByteBuf bytes, Prng drawn) {
        ByteBuf copy = Overheard.copy(bytes);
        bytes.release();
        int at = (int) drawn.below(copy.readableBytes());
        copy.setByte(at, copy.getByte(at) ^ 1 << drawn.below(8));
        return copy;
    }

    final void say(long link, ByteBuf bytes, List<? super Signal> outbox) {
        if (bytes.isReadable()) {
            outbox.add(send(link, bytes));
        } else {
            bytes.release();
        }
    }

    final Machine honest() {
        return honest;
    }

    final @Nullable Lies lies() {
        return lies;
    }

    @Override
    public long nextDeadline() {
        return honest.nextDeadline();
    }

    @Override
    public long digest() {
        return honest.digest();
    }

    @Override
    public void discard() {
        late.values().forEach(ByteBuf::release);
        late.clear();
        overheard.discard();
        honest.discard();
    }
}
