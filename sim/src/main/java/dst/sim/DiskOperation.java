package dst.sim;

import dst.protocol.DiskRequest;
import dst.protocol.Prng;
import dst.protocol.Problem;
import dst.protocol.Range;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** One running operation of the disk; its event is the next moment at which it does something. */
final class DiskOperation extends Event {
    enum What {
        READ("read"),
        WRITE("write"),
        ZERO("zero"),
        TRIM("trim"),
        FLUSH("flush"),
        FORGET("forget");

        private final String words;

        What(String words) {
            this.words = words;
        }

        boolean changes() {
            return this == WRITE || this == ZERO || this == TRIM;
        }
    }

    /** When its blocks take effect. */
    private enum Effect {
        /** All as it ends. */
        AT_END,
        /** All at one moment before it ends. */
        EARLY,
        /** Some before, the others as it ends. */
        BY_HALVES
    }

    private final SimulatedDisk disk;

    What what = What.FLUSH;
    DiskUse port;
    long ordinal;
    long ticket;
    long transaction;
    long offset;
    int length;
    boolean durable;
    long submitted;
    long endsAt;

    /** Where in the running operations it is. */
    int runningPlace;

    /** The blocks that it really touches: a short transfer stops early, a misdirected write is elsewhere. */
    long firstBlock;

    int blocks;

    @Nullable ByteBuf data;

    @Nullable Problem failure;

    boolean dropped;
    boolean lying;
    boolean orphan;
    private Effect effect = Effect.AT_END;
    private boolean begun;
    private long luck;

    DiskOperation(SimulatedDisk disk, DiskUse port) {
        this.disk = disk;
        this.port = port;
    }

    void begin(DiskRequest request, DiskUse itsPort, long ordinal, long luck) {
        port = itsPort;
        this.ordinal = ordinal;
        this.luck = luck;
        ticket = request.ticket();
        transaction = request.transaction();
        failure = null;
        dropped = false;
        lying = false;
        orphan = false;
        begun = false;
        switch (request) {
            case DiskRequest.Read(long _, long _, long from, int size) -> place(What.READ, from, size, false);
            case DiskRequest.Write(long _, long _, long from, ByteBuf bytes, boolean fua) -> {
                place(What.WRITE, from, bytes.readableBytes(), fua);
                data = bytes;
            }
            case DiskRequest.Zero(long _, long _, long from, int size, boolean fua) ->
                place(What.ZERO, from, size, fua);
            case DiskRequest.Trim(long _, long _, long from, int size) -> place(What.TRIM, from, size, false);
            case DiskRequest.Flush _ -> place(What.FLUSH, 0, 0, false);
            case DiskRequest.Forget _ -> place(What.FORGET, 0, 0, false);
        }
    }

    /** Draws when the blocks take effect, between now and the end; the time of the first moment. */
    long drawEffect(long now) {
        int kind = (int) (draw(1) & 7);
        boolean early = kind < 2 && (what == What.READ || what.changes()) && failure == null;
        effect = !early ? Effect.AT_END : kind == 0 || blocks == 1 ? Effect.EARLY : Effect.BY_HALVES;
        if (effect == Effect.AT_END || endsAt - now < 2) {
            effect = Effect.AT_END;
            return endsAt;
        }
        return Draw.between(draw(2), now + 1, endsAt - 1);
    }

    long draw(long purpose) {
        return Prng.mix(luck + purpose * 0x9E3779B97F4A7C15L);
    }

    boolean drawBlock(int block) {
        return (draw(16L + block) & 1) == 0;
    }

    /** Whether this block has taken effect before the end. */
    boolean hasBegunWith(int block) {
        return begun && isEarly(block);
    }

    private boolean isEarly(int block) {
        return switch (effect) {
            case AT_END -> false;
            case EARLY -> true;
            case BY_HALVES -> what == What.READ ? block < (blocks + 1) / 2 : (draw(8L + block) & 1) == 0;
        };
    }

    boolean isEarlyAtAll() {
        return effect != Effect.AT_END;
    }

    /** What it was asked for. */
    Range range() {
        return new Range(offset, length);
    }

    /** How many bytes it moves. */
    int bytes() {
        return blocks * disk.blockSize();
    }

    @Override
    void happen() {
        if (effect != Effect.AT_END && !begun) {
            for (int block = 0; block < blocks; block++) {
                if (isEarly(block)) {
                    disk.takeEffect(this, block, Blocks.RUNNING);
                }
            }
            begun = true;
            disk.later(this, endsAt);
        } else {
            disk.end(this);
        }
    }

    @Override
    public String toString() {
        String where = length == 0 ? "" : " of " + range();
        return "disk " + what.words + " " + ordinal + where
                + (transaction == 0 ? "" : " (transaction " + transaction + ")");
    }

    private void place(What newWhat, long from, int size, boolean fua) {
        what = newWhat;
        offset = from;
        length = size;
        durable = fua;
        firstBlock = from / disk.blockSize();
        blocks = size / disk.blockSize();
        data = null;
    }
}
