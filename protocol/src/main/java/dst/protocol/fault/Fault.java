package dst.protocol.fault;

import dst.protocol.Permission;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.stream.Stream;

/** One fault of a plan: when it strikes, what it does and to what. Data; the world carries it out and reports it when it has struck. */
public record Fault(When when, Strike strike, Target target) {
    /** Of all that there is. */
    public Fault(When when, Strike strike) {
        this(when, strike, Target.ALL);
    }

    /** The kind of fault as plans and reports name it, for example {@code power-cut}. */
    public String kind() {
        return FaultKind.of(strike).key();
    }

    /** The same with one number smaller or rounder, the simplest first: when it strikes, then what it does. */
    public List<Fault> simpler() {
        return Stream.concat(
                        WhenKind.simpler(when).stream().map(other -> new Fault(other, strike, target)),
                        FaultKind.simpler(strike).stream().map(other -> new Fault(when, other, target)))
                .toList();
    }

    /** Lasts until healed. */
    public static final long FOR_GOOD = Long.MAX_VALUE;

    /** When it strikes. */
    public sealed interface When {
        /** At this time. */
        record At(long nanos) implements When {}

        /** As the n-th frame-carrying piece (1 the first) is sent in that direction, over all links of the run. */
        record AtMessage(Direction direction, long nth) implements When {}

        /** As the n-th disk write is submitted, before it takes effect. */
        record AtDiskWrite(long nth) implements When {}

        /** As a server asks for the n-th thing to be made durable beside the disk (holder, boot), before it is. */
        record AtRecord(long nth) implements When {}
    }

    public enum Direction {
        TO_SERVER,
        TO_CLIENT,
        BOTH;

        /** Of one of the two. */
        public boolean covers(Direction one) {
            return this == BOTH || this == one;
        }
    }

    /** What it does: see {@link FaultKind}. */
    public sealed interface Strike {
        /** What befalls connections, whoever carries them: a simulated network, or a proxy between real nodes. */
        sealed interface OnLinks extends Strike {}

        /** What befalls a node's process, its host, or what an operator does about it. */
        sealed interface OnNodes extends Strike {}

        /** What befalls a disk. */
        sealed interface OnDisks extends Strike {}

        /** What is found of it, and is exported of it, from a server's next start on. */
        sealed interface Reconfigures extends OnDisks {}

        /**
         * What changes how links carry what is sent, as long as it lasts: whoever carries it asks, be it a simulated network or a
         * proxy ({@link LinkShape}). Of several of a kind the latest counts.
         */
        sealed interface Shaping extends OnLinks {
            long nanos();

            /** So many nanoseconds longer something takes that way. */
            default long extra(Direction lane) {
                return 0;
            }

            /** So many bytes pass that way in a second, where so many would (0: without a limit). */
            default long rate(Direction lane, long most) {
                return most;
            }

            /** No larger piece passes that way, where one that large would. */
            default int largest(Direction lane, int most) {
                return most;
            }
        }

        /** What waits for the next piece that goes there, and changes it. */
        sealed interface OnNextPiece extends OnLinks {
            Direction direction();

            /** Changes the piece in its place, as that hash has it; what it did, in a few words. */
            String harm(ByteBuf piece, long hash);
        }

        record Cut() implements OnLinks {}

        record BlackHole(Direction direction, long nanos) implements OnLinks {}

        record Stall(Direction direction, long nanos) implements OnLinks {}

        record Delay(long extraNanos, long nanos) implements Shaping {
            @Override
            public long extra(Direction lane) {
                return Math.max(0, extraNanos);
            }
        }

        record Slow(long bytesPerSecond, long nanos) implements Shaping {
            @Override
            public long rate(Direction lane, long most) {
                long own = Math.max(1, bytesPerSecond);
                return most == 0 ? own : Math.min(own, most);
            }
        }

        record Split(int bytesMax, long nanos) implements Shaping {
            @Override
            public int largest(Direction lane, int most) {
                return Math.min(Math.max(1, bytesMax), most);
            }
        }

        record Refuse(long nanos) implements OnLinks {}

        record Flip(Direction direction) implements OnNextPiece {
            @Override
            public String harm(ByteBuf piece, long hash) {
                int index = (int) Math.unsignedMultiplyHigh(hash, piece.readableBytes());
                int bit = (int) (hash & 7);
                int at = piece.readerIndex() + index;
                piece.setByte(at, piece.getByte(at) ^ (1 << bit));
                return "bit " + bit + " of byte " + index;
            }
        }

        record CutLate(long nanos) implements OnLinks {}

        /**
         * A NAT on the way forgets: every connection of that moment goes silent both ways for good and nobody is told, while new
         * connects pass at once.
         */
        record Rebind() implements OnLinks {}

        // A host.

        record Crash(long restartNanos) implements OnNodes {}

        /**
         * The node's next request for memory finds none, be it in the middle of a machine's step: the process ends there and then,
         * and nothing of that step is carried out. It starts again after a while.
         */
        record MemoryExhausted(long restartNanos) implements OnNodes {}

        record PowerCut(long restartNanos) implements OnNodes {}

        record Pause(long nanos) implements OnNodes {}

        record ClockJump(long nanos) implements OnNodes {}

        record ClockDrift(int ppm) implements OnNodes {}

        record StopClock(long nanos) implements OnNodes {}

        // The disk.

        record DiskSlow(long extraNanos, long nanos) implements OnDisks {}

        record DiskStall(long nanos) implements OnDisks {}

        /** The next so many reads fail ({@code times} may be {@link Integer#MAX_VALUE}: until healed). */
        record ReadError(int times) implements OnDisks {}

        record WriteError(int times) implements OnDisks {}

        record FlushError(int times) implements OnDisks {}

        record ShortTransfer(int times) implements OnDisks {}

        /** No transfer moves more than so many bytes (whole blocks, at least one), for a while: the others move a part (R4). */
        record DiskLimit(int bytesMax, long nanos) implements OnDisks {}

        record DiskFull(long nanos) implements OnDisks {}

        record LyingFlush(long nanos) implements OnDisks {}

        record Misdirect() implements OnDisks {}

        record LostWrite() implements OnDisks {}

        record BitRot(long offset) implements OnDisks {}

        /**
         * The server's next start finds what the media held at an earlier flush, on what says that it is the same disk: a restored
         * backup. The protocol cannot survive this. Not if two servers have the disk.
         */
        record OlderDisk() implements Reconfigures {}

        /**
         * The server's next start finds what it had stored beside the disk (holder, boot counter) as it was at an earlier time,
         * and the disk as it is. The protocol cannot survive this.
         */
        record OlderState() implements Reconfigures {}

        /**
         * The next power cut tears an unflushed write and with it a neighbouring block that was on the media and had no part in
         * it. The protocol cannot survive this.
         */
        record TornNeighbour() implements OnDisks {}

        // The configuration of the first export, from a server's next start on.

        record Resize(long size) implements Reconfigures {}

        record Permit(Permission permission) implements Reconfigures {}

        record Share() implements Reconfigures {}

        /** The disk has blocks of another size, and so have all exports; what it holds stays. Not if two servers have the disk. */
        record BlockSize(int bytes) implements Reconfigures {}

        record Limits(int transactions, int bytes, int largestTransfer) implements Reconfigures {}

        record Checksums(int offered) implements Reconfigures {}

        record Ciphers(int offered) implements Reconfigures {}

        /** Another, empty disk with another identity. The device cannot come back. Not if two servers have the disk. */
        record ReplaceDisk() implements Reconfigures {}

        // An operator.

        /**
         * What that client may do with its export is this at once, also on links that live (R6); what it was again after a while,
         * at the healing at the latest, or never ({@link #FOR_GOOD}).
         */
        record Access(Permission permission, long nanos) implements OnNodes {}

        /**
         * That server is told to go away within so many nanoseconds of its own clock; as soon as it has, its process starts again
         * after a while, or never ({@link #FOR_GOOD}) (L6).
         */
        record Restart(long deadlineNanos, long restartNanos) implements OnNodes {}

        record RemoveExport(long deadlineNanos) implements OnNodes {}

        record Detach(long deadlineNanos) implements OnNodes {}
    }
}
