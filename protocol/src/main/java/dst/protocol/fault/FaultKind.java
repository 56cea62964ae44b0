package dst.protocol.fault;

import static dst.protocol.fault.FaultSettings.direction;
import static dst.protocol.fault.FaultSettings.extra;
import static dst.protocol.fault.FaultSettings.lasting;
import static dst.protocol.fault.FaultSettings.offered;
import static dst.protocol.fault.FaultSettings.oneWay;
import static dst.protocol.fault.FaultSettings.permission;
import static dst.protocol.fault.FaultSettings.restart;
import static dst.protocol.fault.FaultSettings.time;
import static dst.protocol.fault.FaultSettings.times;
import static dst.protocol.setting.Settings.none;
import static dst.protocol.setting.Settings.with;
import static dst.protocol.setting.Usual.between;
import static dst.protocol.setting.Usual.fixed;
import static dst.protocol.setting.Usual.oneOf;

import dst.protocol.Rules;
import dst.protocol.fault.Fault.Strike;
import dst.protocol.fault.Harm.To;
import dst.protocol.fault.Target.Aim;
import dst.protocol.setting.Measure;
import dst.protocol.setting.Setting;
import dst.protocol.setting.Settings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Every kind of fault: what it does, and what can be said of it, in the order in which that is drawn and written. Reading and
 * writing, drawing, making smaller, blame and the documents know no more of a fault than what stands here.
 */
public enum FaultKind {
    CUT(Aim.LINKS, "the connection is reset; both ends hear of it", none(Strike.Cut::new)),
    BLACK_HOLE(
            Aim.LINKS,
            "nothing passes and nobody is told (half-open); connections of that time never recover",
            with(direction(Strike.BlackHole::direction))
                    .and(lasting(Strike.BlackHole::nanos))
                    .made(Strike.BlackHole::new)),
    STALL(
            Aim.LINKS,
            "what is sent stays on the way, then flows on in order",
            with(direction(Strike.Stall::direction))
                    .and(time("for", Strike.Stall::nanos, between("10 ms", "200 ms")))
                    .made(Strike.Stall::new)),
    DELAY(
            Aim.LINKS,
            "each piece takes longer, for a while",
            with(extra(Strike.Delay::extraNanos))
                    .and(lasting(Strike.Delay::nanos))
                    .made(Strike.Delay::new)),
    SLOW(
            Aim.LINKS,
            "no more bytes per second than this, for a while",
            with(new Setting<>("rate", Measure.size(1), Strike.Slow::bytesPerSecond, between("64 KiB", "1 MiB")))
                    .and(lasting(Strike.Slow::nanos))
                    .made(Strike.Slow::new)),
    SPLIT(
            Aim.LINKS,
            "only small pieces arrive, for a while",
            with(new Setting<>(
                            "largest", Measure.smallSize(1), Strike.Split::bytesMax, oneOf("1", "3", "7", "64", "512")))
                    .and(lasting(Strike.Split::nanos, between("5 ms", "40 ms")))
                    .made(Strike.Split::new)),
    REFUSE(
            Aim.LINKS,
            "connects are refused, for a while",
            with(lasting(Strike.Refuse::nanos)).made(Strike.Refuse::new)),
    FLIP(
            Aim.LINKS,
            "one bit of the next piece flips, past the TCP checksum",
            with(oneWay(Strike.Flip::direction)).made(Strike.Flip::new)),
    CUT_LATE(
            Aim.LINKS,
            "reset for the client alone; what it had sent reaches the server later, on the old connection",
            with(time("late", Strike.CutLate::nanos, between("20 ms", "500 ms")))
                    .made(Strike.CutLate::new)),
    REBIND(
            Aim.LINKS,
            "every connection goes silent for good and nobody is told; new connects pass at once",
            none(Strike.Rebind::new)),
    CRASH(
            Aim.NODE,
            "the process ends at once and starts again after a while, or never; its host lives on",
            with(restart(Strike.Crash::restartNanos)).made(Strike.Crash::new)),
    MEMORY_EXHAUSTED(
            Aim.NODE,
            "the next request for memory finds none: the process ends there and then, and starts again after a while, or never",
            with(restart(Strike.MemoryExhausted::restartNanos)).made(Strike.MemoryExhausted::new)),
    POWER_CUT(
            Aim.SERVERS,
            "the server's host loses power: unflushed blocks survive or not, one by one",
            with(restart(Strike.PowerCut::restartNanos)).made(Strike.PowerCut::new)),
    PAUSE(
            Aim.NODE,
            "the process stands still; what arrives waits",
            with(time("for", Strike.Pause::nanos, between("20 ms", "500 ms"))).made(Strike.Pause::new)),
    CLOCK_JUMP(
            Aim.NODE,
            "the host's clock jumps forward",
            with(time("by", Strike.ClockJump::nanos, between("10 ms", "2 s"))).made(Strike.ClockJump::new)),
    CLOCK_DRIFT(
            Aim.NODE,
            "the host's clock runs fast or slow from now on",
            with(new Setting<>(
                            "ppm",
                            Measure.whole(-100_000, 100_000),
                            Strike.ClockDrift::ppm,
                            between("-50000", "50000")))
                    .made(Strike.ClockDrift::new)),
    STOP_CLOCK(
            Aim.NODE,
            "the host's clock and its timers stand still, for a while; the process goes on with what arrives",
            with(lasting(Strike.StopClock::nanos)).made(Strike.StopClock::new)),
    DISK_SLOW(
            Aim.DISKS,
            "every disk operation takes longer, for a while",
            with(extra(Strike.DiskSlow::extraNanos))
                    .and(lasting(Strike.DiskSlow::nanos))
                    .made(Strike.DiskSlow::new)),
    DISK_STALL(
            Aim.DISKS,
            "the next disk write takes that long",
            with(time("for", Strike.DiskStall::nanos, between("100 ms", "800 ms")))
                    .made(Strike.DiskStall::new)),
    READ_ERROR(
            Aim.DISKS,
            "the next reads of the disk fail",
            with(times(Strike.ReadError::times, between("1", "3"))).made(Strike.ReadError::new)),
    WRITE_ERROR(
            Aim.DISKS,
            "the next writes of the disk fail",
            with(times(Strike.WriteError::times, between("1", "3"))).made(Strike.WriteError::new)),
    FLUSH_ERROR(
            Aim.DISKS,
            "the next flushes of the disk fail",
            with(times(Strike.FlushError::times, between("1", "3"))).made(Strike.FlushError::new)),
    SHORT_TRANSFER(
            Aim.DISKS,
            "the next transfers of more than one block move only a part",
            with(times(Strike.ShortTransfer::times, between("1", "5"))).made(Strike.ShortTransfer::new)),
    DISK_LIMIT(
            Aim.DISKS,
            "no transfer of the disk moves more than this (whole blocks, at least one), for a while",
            with(new Setting<>(
                            "largest",
                            Measure.smallSize(1),
                            Strike.DiskLimit::bytesMax,
                            oneOf("512", "1 KiB", "4 KiB")))
                    .and(lasting(Strike.DiskLimit::nanos))
                    .made(Strike.DiskLimit::new)),
    DISK_FULL(
            Aim.DISKS,
            "writes fail for want of space, for a while",
            with(lasting(Strike.DiskFull::nanos, between("20 ms", "200 ms"))).made(Strike.DiskFull::new)),
    LYING_FLUSH(
            Aim.DISKS,
            "flushes and durable writes are answered well and do nothing, for a while: the protocol cannot survive this",
            with(lasting(Strike.LyingFlush::nanos, between("100 ms", "500 ms"))).made(Strike.LyingFlush::new),
            new Harm(
                    To.WRITE,
                    Rules.D1,
                    "The disk said that a flush or a durable write had ended well and did nothing.")),
    MISDIRECT(
            Aim.DISKS,
            "the next write lands one block too far: the protocol cannot survive this",
            none(Strike.Misdirect::new),
            new Harm(To.PLACE, Rules.R5, "The disk put a write one block too far.")),
    LOST_WRITE(
            Aim.DISKS,
            "the next write is answered well and dropped: the protocol cannot survive this",
            none(Strike.LostWrite::new),
            new Harm(To.WRITE, Rules.D1, "The disk said that a write had ended well and dropped it.")),
    BIT_ROT(
            Aim.DISKS,
            "the block there rots on the disk: the protocol cannot survive this",
            with(new Setting<>("offset", Measure.size(0), Strike.BitRot::offset, fixed("0")))
                    .made(Strike.BitRot::new),
            new Harm(To.BLOCK, Rules.R5, "The disk let a block rot.")),
    OLDER_DISK(
            Aim.DISKS,
            "the server's next start finds the disk as it was at an earlier flush: the protocol cannot survive this",
            none(Strike.OlderDisk::new),
            new Harm(
                    To.DISK,
                    Rules.D1,
                    "The disk came back with what it had held at an earlier flush, as from a restored backup.")),
    OLDER_STATE(
            Aim.DISKS,
            "the server's next start finds holder and boot counter as they were earlier, beside the present data: the protocol cannot survive this",
            none(Strike.OlderState::new),
            new Harm(
                    To.GROUND,
                    Rules.H5,
                    "What was stored beside the disk (holder, boot counter) came back as it had been at an earlier time.")),
    TORN_NEIGHBOUR(
            Aim.DISKS,
            "the next power cut tears a write and a neighbouring block that had no part in it: the protocol cannot survive this",
            none(Strike.TornNeighbour::new),
            new Harm(
                    To.NEIGHBOUR,
                    Rules.D1,
                    "A power cut tore a write and harmed a block beside it that was on the media.")),
    RESIZE(
            Aim.DISKS,
            "the export has another size from the server's next start on",
            with(new Setting<>("size", Measure.size(0), Strike.Resize::size, fixed("32 KiB")))
                    .made(Strike.Resize::new)),
    PERMIT(
            Aim.DISKS,
            "the export has another permission from the server's next start on",
            with(permission(Strike.Permit::permission, oneOf("read", "both"))).made(Strike.Permit::new)),
    SHARE(
            Aim.DISKS,
            "the export is read-only for all, and shared, from the server's next start on",
            none(Strike.Share::new)),
    BLOCK_SIZE(
            Aim.DISKS,
            "the disk has blocks of another size from the server's next start on; what it holds stays",
            with(new Setting<>("size", Measure.powerOfTwo(512, 65_536), Strike.BlockSize::bytes, oneOf("1024", "4096")))
                    .made(Strike.BlockSize::new)),
    LIMITS(
            Aim.DISKS,
            "the export is offered at other limits from the server's next start on",
            with(new Setting<>("transactions", Measure.whole(1, 512), Strike.Limits::transactions, between("1", "16")))
                    .and(new Setting<>("memory", Measure.smallSize(0), Strike.Limits::bytes, fixed("64 KiB")))
                    .and(new Setting<>(
                            "largest-transfer",
                            Measure.smallSize(0),
                            Strike.Limits::largestTransfer,
                            oneOf("4 KiB", "64 KiB")))
                    .made(Strike.Limits::new)),
    CHECKSUMS(
            Aim.DISKS,
            "the server offers another set of checksums until healed (0: none that a client knows)",
            with(offered(Strike.Checksums::offered)).made(Strike.Checksums::new)),
    CIPHERS(
            Aim.DISKS,
            "the server offers another set of ciphers until healed (0: none that a client knows)",
            with(offered(Strike.Ciphers::offered)).made(Strike.Ciphers::new)),
    REPLACE_DISK(
            Aim.DISKS,
            "another, empty disk with another identity is there from the server's next start on",
            none(Strike.ReplaceDisk::new),
            new Harm(To.DISK, Rules.H5, "The disk was replaced by another one, which knows nothing of this.")),
    ACCESS(
            Aim.CLIENT,
            "what one client may do is changed at once, while it is connected; back after a while, or never",
            with(permission(Strike.Access::permission, oneOf("none", "read", "write")))
                    .and(lasting(Strike.Access::nanos))
                    .made(Strike.Access::new)),
    RESTART(
            Aim.SERVER,
            "a server is told to go away, with a deadline; once it has gone it starts again after a while, or never",
            with(time("deadline", Strike.Restart::deadlineNanos, between("5 ms", "500 ms")))
                    .and(restart(Strike.Restart::restartNanos))
                    .made(Strike.Restart::new)),
    REMOVE_EXPORT(
            Aim.SERVERS,
            "an operator removes the export, with a deadline",
            with(time("deadline", Strike.RemoveExport::deadlineNanos, between("50 ms", "500 ms")))
                    .made(Strike.RemoveExport::new)),
    DETACH(
            Aim.CLIENT,
            "an operator detaches a client, with a deadline",
            with(time("deadline", Strike.Detach::deadlineNanos, between("50 ms", "500 ms")))
                    .made(Strike.Detach::new));

    private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');
    private final Aim aim;
    private final String does;
    private final Settings<? extends Strike> settings;
    private final Optional<Harm> harm;

    FaultKind(Aim aim, String does, Settings<? extends Strike> settings) {
        this(aim, does, settings, Optional.empty());
    }

    /** One that no protocol can survive. */
    FaultKind(Aim aim, String does, Settings<? extends Strike> settings, Harm harm) {
        this(aim, does, settings, Optional.of(harm));
    }

    FaultKind(Aim aim, String does, Settings<? extends Strike> settings, Optional<Harm> harm) {
        this.aim = aim;
        this.does = does;
        this.settings = settings;
        this.harm = harm;
    }

    /** As plans and reports name it, for example {@code power-cut}. */
    public String key() {
        return key;
    }

    /** What it can hit. */
    public Aim aim() {
        return aim;
    }

    /** What it does, in one sentence. */
    public String does() {
        return does;
    }

    /** Why no protocol can survive it, if none can. */
    public Optional<Harm> harm() {
        return harm;
    }

    public List<? extends Setting<? extends Strike, ?>> settings() {
        return settings.all();
    }

    /** What strikes with these numbers in its settings. */
    public Strike strike(long[] numbers) {
        return settings.made(numbers);
    }

    /** The numbers in the settings of what strikes. */
    public static long[] numbers(Strike strike) {
        return settingsOf(strike).numbers(strike);
    }

    /** The same with one number smaller or rounder, the simplest first. */
    public static List<Strike> simpler(Strike strike) {
        return settingsOf(strike).simpler(strike);
    }

    /** Each has those of its own record: its kind says which. */
    @SuppressWarnings("unchecked")
    private static Settings<Strike> settingsOf(Strike strike) {
        return (Settings<Strike>) of(strike).settings;
    }

    /** Its kind; whatever strikes has one, or this does not compile. */
    public static FaultKind of(Strike strike) {
        return switch (strike) {
            case Strike.Cut _ -> CUT;
            case Strike.BlackHole _ -> BLACK_HOLE;
            case Strike.Stall _ -> STALL;
            case Strike.Delay _ -> DELAY;
            case Strike.Slow _ -> SLOW;
            case Strike.Split _ -> SPLIT;
            case Strike.Refuse _ -> REFUSE;
            case Strike.Flip _ -> FLIP;
            case Strike.CutLate _ -> CUT_LATE;
            case Strike.Rebind _ -> REBIND;
            case Strike.Crash _ -> CRASH;
            case Strike.MemoryExhausted _ -> MEMORY_EXHAUSTED;
            case Strike.PowerCut _ -> POWER_CUT;
            case Strike.Pause _ -> PAUSE;
            case Strike.ClockJump _ -> CLOCK_JUMP;
            case Strike.ClockDrift _ -> CLOCK_DRIFT;
            case Strike.StopClock _ -> STOP_CLOCK;
            case Strike.DiskSlow _ -> DISK_SLOW;
            case Strike.DiskStall _ -> DISK_STALL;
            case Strike.ReadError _ -> READ_ERROR;
            case Strike.WriteError _ -> WRITE_ERROR;
            case Strike.FlushError _ -> FLUSH_ERROR;
            case Strike.ShortTransfer _ -> SHORT_TRANSFER;
            case Strike.DiskLimit _ -> DISK_LIMIT;
            case Strike.DiskFull _ -> DISK_FULL;
            case Strike.LyingFlush _ -> LYING_FLUSH;
            case Strike.Misdirect _ -> MISDIRECT;
            case Strike.LostWrite _ -> LOST_WRITE;
            case Strike.BitRot _ -> BIT_ROT;
            case Strike.OlderDisk _ -> OLDER_DISK;
            case Strike.OlderState _ -> OLDER_STATE;
            case Strike.TornNeighbour _ -> TORN_NEIGHBOUR;
            case Strike.Resize _ -> RESIZE;
            case Strike.Permit _ -> PERMIT;
            case Strike.Share _ -> SHARE;
            case Strike.BlockSize _ -> BLOCK_SIZE;
            case Strike.Limits _ -> LIMITS;
            case Strike.Checksums _ -> CHECKSUMS;
            case Strike.Ciphers _ -> CIPHERS;
            case Strike.ReplaceDisk _ -> REPLACE_DISK;
            case Strike.Access _ -> ACCESS;
            case Strike.Restart _ -> RESTART;
            case Strike.RemoveExport _ -> REMOVE_EXPORT;
            case Strike.Detach _ -> DETACH;
        };
    }
}
