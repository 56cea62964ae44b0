package dst.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.BlockPort;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Prng;
import dst.protocol.Signal;
import dst.protocol.WholeBlocksControl;
import dst.protocol.digest.Places;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whatever is asked for at once, in whatever order the device does it, each byte is what one of those wrote that may be its last. */
class WholeBlocksHistoryTest {
    private static final int BLOCK = 64;
    private static final int SIZE = 10 * BLOCK;
    private static final int WRITES = 120;
    private static final long SEEDS = Long.getLong("dst.blocks.seeds", 2000);

    private static final Map<String, String> LEFT_OUT = Map.of(
            "WholeBlocks.due", "empty between steps",
            "Order.last", "the last of those that follow the first",
            "Place.previous", "the same chain backwards");

    private final byte[] disk = new byte[SIZE];
    private final List<BlockPort.Submit> asked = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private final Map<Long, Change> open = new TreeMap<>();
    private final Map<Long, Reading> reading = new TreeMap<>();
    private WholeBlocks blocks = new WholeBlocks(BLOCK);
    private long clock;
    private long tags;

    /** A write or zero, and the byte that it writes: each has one of its own, but that zeros are zeros. */
    private static final class Change {
        final int offset;
        final int end;
        final byte value;
        final long submitted;
        long completed = Long.MAX_VALUE;

        Change(int offset, int end, byte value, long submitted) {
            this.offset = offset;
            this.end = end;
            this.value = value;
            this.submitted = submitted;
        }

        boolean covers(int place) {
            return offset <= place && place < end;
        }
    }

    private record Reading(int offset, int length, long submitted) {}

    @Test
    void noByteIsLostBetweenThoseWhoWriteToOneBlock() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            run(seed);
        }
    }

    private void run(long seed) {
        begin();
        Prng prng = new Prng(seed);
        for (int writes = 0; writes < WRITES || !asked.isEmpty(); ) {
            if (writes < WRITES && prng.chance(1, 2)) {
                writes++;
                submit(prng, (byte) writes);
            } else if (!asked.isEmpty()) {
                BlockPort.Submit one = asked.remove((int) prng.below(asked.size()));
                step(
                        new BlockPort.Heard(
                                0, new BlockPort.Completed(one.tag(), new Outcome.Done(moved(one.operation())))),
                        seed);
            }
        }
        assertTrue(open.isEmpty() && reading.isEmpty(), () -> "seed " + seed + ": something hangs");
        for (int place = 0; place < SIZE; place++) {
            check(place, disk[place], clock, clock, seed);
        }
    }

    private void begin() {
        java.util.Arrays.fill(disk, (byte) 0);
        blocks = new WholeBlocks(BLOCK);
        asked.clear();
        open.clear();
        reading.clear();
        changes.clear();
        changes.add(new Change(0, SIZE, (byte) 0, 0));
        changes.getFirst().completed = 0;
    }

    private void submit(Prng prng, byte value) {
        int offset = (int) prng.below(SIZE);
        int length = 1 + (int) prng.below(Math.min(3 * BLOCK, SIZE - offset));
        if (prng.chance(1, 3)) {
            offset -= offset % BLOCK;
            length = Math.min(SIZE - offset, (length + BLOCK - 1) / BLOCK * BLOCK);
        }
        long tag = ++tags;
        clock++;
        boolean zero = prng.chance(1, 4);
        if (prng.chance(1, 3)) {
            reading.put(tag, new Reading(offset, length, clock));
            step(new BlockPort.Submit(tag, new Operation.Read(offset, length)), 0);
            return;
        }
        Change change = new Change(offset, offset + length, zero ? 0 : value, clock);
        changes.add(change);
        open.put(tag, change);
        step(
                new BlockPort.Submit(
                        tag,
                        zero
                                ? new Operation.Zero(offset, length, false)
                                : new Operation.Write(offset, filled(length, value), false)),
                0);
    }

    private static ByteBuf filled(int length, byte value) {
        byte[] content = new byte[length];
        java.util.Arrays.fill(content, value);
        return Unpooled.wrappedBuffer(content);
    }

    /** All at once, at the time at which it is told. */
    private ByteBuf moved(Operation operation) {
        assertEquals(0, (operation.offset() | operation.length()) % BLOCK, operation::toString);
        int offset = (int) operation.offset();
        switch (operation) {
            case Operation.Read read -> {
                return Unpooled.copiedBuffer(disk, offset, read.length());
            }
            case Operation.Write write -> {
                write.data().readBytes(disk, offset, write.data().readableBytes());
                write.data().release();
            }
            case Operation.Zero zero -> java.util.Arrays.fill(disk, offset, offset + zero.length(), (byte) 0);
            case Operation.Trim trim -> {}
            case Operation.Flush flush -> {}
        }
        return Unpooled.EMPTY_BUFFER;
    }

    private void step(Signal input, long seed) {
        clock++;
        List<Signal> outputs = new ArrayList<>();
        blocks.step(0, input, outputs);
        for (Signal output : outputs) {
            switch (output) {
                case BlockPort.Ask(int _, BlockPort.Submit submit) -> asked.add(submit);
                case BlockPort.Completed(long tag, Outcome outcome) -> completed(tag, outcome, seed);
                case WholeBlocksControl.MadeFor made -> {}
                default -> throw Signal.misplaced(output);
            }
        }
    }

    private void completed(long tag, Outcome outcome, long seed) {
        ByteBuf data = ((Outcome.Done) outcome).data();
        Change change = open.remove(tag);
        if (change != null) {
            change.completed = clock;
            return;
        }
        Reading read = reading.remove(tag);
        assertEquals(read.length(), data.readableBytes());
        for (int i = 0; i < read.length(); i++) {
            check(read.offset() + i, data.getByte(data.readerIndex() + i), read.submitted(), clock, seed);
        }
        data.release();
    }

    /** Whether that byte may be there between the two times: somebody wrote it, and nobody wrote all over it in between. */
    private void check(int place, byte found, long from, long until, long seed) {
        for (Change change : changes) {
            if (change.covers(place)
                    && change.value == found
                    && change.submitted <= until
                    && !isOver(change, place, from)) {
                return;
            }
        }
        throw new AssertionError("seed " + seed + ": byte " + place + " is " + found + " at " + from + " to " + until);
    }

    private boolean isOver(Change change, int place, long from) {
        return changes.stream()
                .anyMatch(later -> later.covers(place) && later.submitted > change.completed && later.completed < from);
    }

    @Test
    void everythingThatIsRememberedIsInItsDigest() {
        Map<String, Integer> unseen = new TreeMap<>();
        Map<String, Integer> seen = new TreeMap<>();
        for (long seed = 1; seed <= 20; seed++) {
            begin();
            Prng prng = new Prng(seed);
            for (int i = 1; i < 30; i++) {
                submit(prng, (byte) i);
                if (!asked.isEmpty() && prng.chance(1, 2)) {
                    BlockPort.Submit one = asked.remove((int) prng.below(asked.size()));
                    ByteBuf moved = moved(one.operation());
                    step(new BlockPort.Heard(0, new BlockPort.Completed(one.tag(), new Outcome.Done(moved))), seed);
                }
                look(unseen, seen);
            }
        }
        assertEquals(Map.of(), unseen, "what differs in these is not in the digest");
        assertTrue(seen.size() > 8, seen::toString);
    }

    private void look(Map<String, Integer> unseen, Map<String, Integer> seen) {
        long before = blocks.digest();
        for (Places.Place place : Places.of(blocks, LEFT_OUT::containsKey)) {
            place.change().run();
            long after;
            try {
                after = blocks.digest();
            } catch (RuntimeException noSuchState) {
                after = before + 1;
            }
            place.restore().run();
            seen.merge(place.name(), 1, Integer::sum);
            if (after == before) {
                unseen.merge(place.name(), 1, Integer::sum);
            }
        }
        assertEquals(before, blocks.digest());
    }
}
