package dst.nbd.rules;

import dst.nbd.port.LendingControl;
import dst.protocol.Boot;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.DurablePort;
import dst.protocol.Holder;
import dst.protocol.Permission;
import dst.protocol.Rules;
import dst.protocol.Sentence.Crossing;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.referee.Charge;
import dst.protocol.referee.Charges;
import dst.protocol.referee.Judge;
import dst.protocol.trace.WorldEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Judges who lends an export, at its own boundary: it is never a client's of the protocol and lent to NBD at once (H5), nor lent to whom
 * no rule lets have it (R6); a new boot begins only with a disk on which nothing runs and of which all that was lost is forgotten (H4);
 * another size is told with the boot that has it, and nobody has the export over NBD meanwhile, which has no word for it (H6).
 */
public final class LendingJudge implements Judge {
    private final Charge oneHolder;
    private final Charge readyDisk;
    private final Charge toldSize;
    private final Charge access;

    private boolean shared;
    private long size;
    private Holder holder = Holder.NOBODY;
    private Crossing holderAt = Crossing.NONE;

    /** Who has it, and by what. */
    private final TreeMap<Long, Crossing> users = new TreeMap<>();

    private final Map<Long, Permission> asking = new LinkedHashMap<>();

    private Reached reached = Reached.NOTHING;
    private boolean lost;

    /** By what that was last seen. */
    private Crossing lostAt = Crossing.NONE;

    private @Nullable Boot drawn;

    /** Another size that the disk has, and nobody was told of. */
    private boolean untold;

    /** The boot has begun that has it. */
    private boolean due;

    /** How far a disk is on its way to another boot. */
    private enum Reached {
        NOTHING,
        PAUSING,
        PAUSED,
        CLEANING,
        CLEAN,
        DRAWN
    }

    /** @param side whose part it is */
    public LendingJudge(Side side, Charges charges) {
        oneHolder = charges.charge(Rules.H5, side);
        readyDisk = charges.charge(Rules.H4, side);
        toldSize = charges.charge(Rules.H6, side);
        access = charges.charge(Rules.R6, side);
    }

    @Override
    public void saw(long now, Signal signal) {
        if (due && !(signal instanceof LendingControl.Resized)) {
            due = false;
            toldSize.broken(now, "the disk has ", size, " bytes in a new boot, and nobody was told");
        }
        switch (signal) {
            case LendingControl.Offered(var export, Holder durable) -> {
                shared = export.shared();
                size = export.device().size();
                holder = durable;
                holderAt = oneHolder.now();
            }
            case LendingControl.Wanted(long user, Permission permission) -> {
                access.seen();
                asking.put(user, permission);
            }
            case LendingControl.Lent(long user) -> lent(now, user);
            case LendingControl.NotLent(long user, var _) -> asking.remove(user);
            case LendingControl.GivenBack(long user) -> users.remove(user);
            case DurablePort.Keep(String _, Holder next) -> keeps(now, next);
            case DurablePort.Kept(String _, Holder kept) -> {
                holder = kept;
                holderAt = oneHolder.now();
            }
            default -> disk(now, signal);
        }
    }

    private void lent(long now, long user) {
        Permission permission = asking.remove(user);
        if (permission == null || permission == Permission.NONE) {
            access.broken(now, "an export was lent to the NBD connection ", user, ", which may not have it");
        }
        oneHolder.seen();
        if (holder.isSomebody() && !shared) {
            oneHolder.broken(
                    now,
                    "an export was lent to the NBD connection ",
                    user,
                    " while epoch ",
                    holder.epoch(),
                    " holds it",
                    holderAt);
        }
        if (untold) {
            toldSize.broken(now, "an export was lent to the NBD connection ", user, " before its other size was told");
        }
        users.put(user, oneHolder.now());
    }

    private void keeps(long now, Holder next) {
        if (next.isSomebody()) {
            oneHolder.seen();
            holder = next;
            holderAt = oneHolder.now();
            if (!users.isEmpty() && !shared) {
                oneHolder.broken(
                        now,
                        "epoch ",
                        next.epoch(),
                        " began while the NBD connection ",
                        users.firstKey(),
                        " had the export",
                        users.firstEntry().getValue());
            }
        }
    }

    private void disk(long now, Signal signal) {
        switch (signal) {
            case LendingControl.WayLost _ -> {
                lost = true;
                lostAt = readyDisk.now();
                if (reached != Reached.PAUSING) {
                    reached = Reached.NOTHING;
                }
            }
            case LendingControl.Pause _ -> reached = Reached.PAUSING;
            case LendingControl.Paused _ when reached == Reached.PAUSING -> reached = Reached.PAUSED;
            case DiskPort.Start(int _, DiskRequest request)
            when reached.compareTo(Reached.PAUSED) >= 0 && isEnough(request) -> reached = Reached.CLEANING;
            case DiskPort.Ended(int _, long _, DiskResult result) when reached == Reached.CLEANING -> cleaned(result);
            case DurablePort.BootDrawn(int _, Boot boot)
            when reached == Reached.CLEAN -> {
                reached = Reached.DRAWN;
                drawn = boot;
            }
            case LendingControl.Reopened(Boot boot) -> reopened(now, boot);
            case LendingControl.ChangeSize _ -> changes(now);
            case LendingControl.SizeChanged(long other, String _) -> {
                untold |= other != size;
                size = other;
            }
            case LendingControl.Resized(long told) -> resized(now, told);
            default -> {}
        }
    }

    /** D5: a flush says nothing of what was lost before. */
    private boolean isEnough(DiskRequest request) {
        return request instanceof DiskRequest.Forget || (request instanceof DiskRequest.Flush && !lost);
    }

    private void cleaned(DiskResult result) {
        if (result instanceof DiskResult.Transferred) {
            reached = Reached.CLEAN;
        } else {
            lost = true;
            lostAt = readyDisk.now();
            reached = Reached.NOTHING;
        }
    }

    private void reopened(long now, Boot boot) {
        readyDisk.seen();
        if (reached != Reached.DRAWN || !boot.equals(drawn)) {
            readyDisk.broken(
                    now,
                    "boot ",
                    boot.counter(),
                    " began on a disk that was not ready: ",
                    lost ? "what was lost before may still be read as written" : "something may run on it",
                    lost ? lostAt : Crossing.NONE);
        }
        reached = Reached.NOTHING;
        lost = false;
        due = untold;
    }

    private void changes(long now) {
        toldSize.seen();
        if (!users.isEmpty()) {
            toldSize.broken(
                    now,
                    "the disk is given another size while the NBD connection ",
                    users.firstKey(),
                    " has it",
                    users.firstEntry().getValue());
        }
        if (reached != Reached.CLEAN) {
            readyDisk.broken(now, "the disk is given another size within a boot");
        }
    }

    private void resized(long now, long told) {
        toldSize.seen();
        if (told != size) {
            toldSize.broken(now, "the disk has ", size, " bytes, and ", told, " were told");
        }
        untold = false;
        due = false;
    }

    /** A process knows nothing of the one before it. */
    @Override
    public void happened(long now, WorldEvent event) {
        if (event.isOfProcess()) {
            begin();
        }
    }

    private void begin() {
        holder = Holder.NOBODY;
        users.clear();
        asking.clear();
        reached = Reached.NOTHING;
        lost = false;
        drawn = null;
        untold = false;
        due = false;
    }
}
