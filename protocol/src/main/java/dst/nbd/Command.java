package dst.nbd;

import dst.nbd.port.NbdExport;
import dst.protocol.Operation;
import java.util.List;

/**
 * Every command of NBD, once: its number, how it is done, what may be said with it, when it is offered, and what it needs. Checks,
 * requests and answers know no more of a command than what stands here.
 */
enum Command {
    READ(0, Way.DEVICE, Nbd.DF, Offer.ALWAYS, Trait.RANGED, Trait.READS, Trait.FETCHES),
    WRITE(1, Way.DEVICE, 0, Offer.ALWAYS, Trait.RANGED, Trait.WRITES, Trait.BRINGS, Trait.FILLS),
    DISC(2, Way.NONE, 0, Offer.ALWAYS),
    FLUSH(3, Way.DEVICE, 0, new Offer(1 << 2, 0)),
    TRIM(4, Way.DEVICE, 0, new Offer(1 << 5, NbdExport.TRIM), Trait.RANGED, Trait.WRITES),
    /** There is nothing to be done for it. */
    CACHE(5, Way.AT_ONCE, 0, new Offer(1 << 10, 0), Trait.RANGED),
    WRITE_ZEROES(
            6, Way.DEVICE, Nbd.NO_HOLE, new Offer(1 << 6, NbdExport.ZERO), Trait.RANGED, Trait.WRITES, Trait.FILLS),
    /** Where something is allocated is told of what may be read, and of nothing else. */
    BLOCK_STATUS(7, Way.MAP, Nbd.REQ_ONE, new Offer(0, NbdExport.MAP), Trait.RANGED, Trait.READS),
    /** What has no number here. */
    UNKNOWN(-1, Way.NONE, 0, Offer.ALWAYS);

    private static final Command[] ALL = values();

    /** How a server does it. */
    enum Way {
        /** The device is asked for it, in pieces. */
        DEVICE,
        /** The host is asked where something is allocated. */
        MAP,
        AT_ONCE,
        /** It is not answered. */
        NONE
    }

    private enum Trait {
        /** It has an offset and a length, and not both are nothing. */
        RANGED,
        /** It needs the right to read and changes nothing; once chunks are agreed on its answer is one. */
        READS,
        /** It needs the right to write. */
        WRITES,
        /** Content comes with it. */
        BRINGS,
        /** Content goes back. */
        FETCHES,
        /** It takes its place on the disk: behind the end there is none. */
        FILLS
    }

    /** By which of an export's flags a peer knows that it may ask, and which feature the export needs for that; 0: none. */
    record Offer(int flag, int feature) {
        static final Offer ALWAYS = new Offer(0, 0);
    }

    final int number;
    final Way way;

    /** What may be said with it, beside {@link Nbd#FUA}. */
    final int flags;

    final Offer offer;
    final boolean ranged;
    final boolean reads;
    final boolean writes;
    final boolean brings;
    final boolean fetches;
    final boolean fills;

    Command(int number, Way way, int flags, Offer offer, Trait... traits) {
        List<Trait> all = List.of(traits);
        this.number = number;
        this.way = way;
        this.flags = flags;
        this.offer = offer;
        this.ranged = all.contains(Trait.RANGED);
        this.reads = all.contains(Trait.READS);
        this.writes = all.contains(Trait.WRITES);
        this.brings = all.contains(Trait.BRINGS);
        this.fetches = all.contains(Trait.FETCHES);
        this.fills = all.contains(Trait.FILLS);
    }

    static Command of(int number) {
        return number >= 0 && number < UNKNOWN.ordinal() ? ALL[number] : UNKNOWN;
    }

    /** Whether content goes one way or the other: it takes memory. */
    boolean carries() {
        return brings || fetches;
    }

    boolean isAnsweredAtOnce() {
        return way == Way.AT_ONCE;
    }

    /** What the device is asked for, for the part of a request that begins there. */
    Operation operation(Request request, long at, int part) {
        return switch (this) {
            case READ -> new Operation.Read(at, part);
            case WRITE -> new Operation.Write(at, request.content(part), request.durable());
            case FLUSH -> new Operation.Flush();
            case TRIM -> new Operation.Trim(at, part);
            // What must not become a hole is written: that takes its room on every disk, and again in a replay.
            case WRITE_ZEROES ->
                request.wantsNoHole()
                        ? new Operation.Write(at, Zeroes.of(part), request.durable())
                        : new Operation.Zero(at, part, request.durable());
            case DISC, CACHE, BLOCK_STATUS, UNKNOWN ->
                throw new IllegalStateException("no device is asked for the command " + this);
        };
    }
}
