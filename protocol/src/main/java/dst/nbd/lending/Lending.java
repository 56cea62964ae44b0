package dst.nbd.lending;

import dst.nbd.port.LendingControl;
import dst.nbd.port.Obstacle;
import dst.protocol.Boot;
import dst.protocol.Control;
import dst.protocol.DiskPort;
import dst.protocol.DurablePort;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.Machine;
import dst.protocol.Permission;
import dst.protocol.Signal;
import dst.protocol.StateDigest;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One export of a server that is used over the protocol and over NBD: one client's of the protocol, or any number of NBD connections',
 * never both (G3, G4), unless it is shared and so only read. When the way to its disk is lost, or it is to have another size, its disk
 * is opened again in a new boot (H4).
 */
public final class Lending implements Machine {
    private @Nullable Export export;
    private final TreeSet<Long> users = new TreeSet<>();

    /** As it is durable; of somebody as soon as that is wanted, and not held back. */
    private Holder holder = Holder.NOBODY;

    private @Nullable Holder heldBack;

    /** So many holders are on their way to be durable. */
    private int recording;

    private final Reopening reopening = new Reopening();
    private Way way = Way.OPEN;

    /** Those who have it over NBD are awaited, since it is closed to them; by then. */
    private boolean emptying;

    private long deadline = NEVER;

    /** The size that it is to have, while it is resized. */
    private long wanted;

    /** Whether it is given to NBD connections. */
    private enum Way {
        OPEN,
        RESIZING,
        WITHDRAWN,
        OVER
    }

    @Override
    public void step(long now, Signal input, List<? super Signal> outbox) {
        switch (input) {
            case LendingControl.Offered(Export offered, Holder durable) -> {
                export = offered;
                holder = durable;
            }
            case LendingControl.Granting(Holder next) -> granting(next, outbox);
            case DurablePort.Kept(String _, Holder kept) -> kept(kept, outbox);
            case LendingControl.Wanted(long user, Permission permission) -> wanted(user, permission, outbox);
            case LendingControl.GivenBack(long user) -> givenBack(user, outbox);
            case LendingControl.Resize(long wanted, long nanos) -> resize(wanted, Machine.after(now, nanos), outbox);
            case LendingControl.Withdraw(long nanos) -> withdraw(Machine.after(now, nanos), outbox);
            case LendingControl.Over _ -> over(outbox);
            case LendingControl.WayLost(long times) -> reopening.lost(times, outbox);
            case LendingControl.Paused _ -> reopening.paused(disk(), outbox);
            case DiskPort.Ended ended -> reopening.ended(now, disk(), ended.result(), outbox);
            case LendingControl.SizeChanged(long size, String wrong) ->
                reopening.sizeChanged(disk(), size, wrong, outbox);
            case DurablePort.BootDrawn(int _, Boot boot) -> reopening.drawn(disk(), boot, outbox);
            case Control.TimerFired _ -> timerFired(now, outbox);
            default -> throw Signal.misplaced(input);
        }
        advance(outbox);
    }

    // Who has it.

    /** Nobody is granted what is in use over NBD: he waits, within his handshake. */
    private void granting(Holder next, List<? super Signal> outbox) {
        if (isLent() && next.isSomebody()) {
            heldBack = next;
            outbox.add(new LendingControl.HeldBack(next));
        } else {
            keep(next, outbox);
        }
    }

    /** Of somebody it is before that is durable: nobody else may come in between. */
    private void keep(Holder next, List<? super Signal> outbox) {
        if (next.isSomebody()) {
            holder = next;
        }
        recording++;
        outbox.add(new DurablePort.Keep(export().name(), next));
    }

    private void kept(Holder durable, List<? super Signal> outbox) {
        recording--;
        holder = durable;
        outbox.add(new LendingControl.Granted(durable));
    }

    private void wanted(long user, Permission permission, List<? super Signal> outbox) {
        Obstacle obstacle = obstacle(permission);
        if (obstacle == null) {
            users.add(user);
            outbox.add(new LendingControl.Lent(user));
        } else {
            outbox.add(new LendingControl.NotLent(user, obstacle));
        }
    }

    /**
     * Why a connection that may do that would not be given it now; null: it would. What is listed and what is given is decided here, and
     * nowhere else.
     */
    public @Nullable Obstacle obstacle(Permission permission) {
        if (permission == Permission.NONE) {
            return Obstacle.NOT_PERMITTED;
        }
        if (way != Way.OPEN) {
            return Obstacle.KEPT_AWAY;
        }
        return holder.isSomebody() && !isLent() && !export().shared() ? Obstacle.HELD : null;
    }

    private boolean isLent() {
        return !users.isEmpty() && !export().shared();
    }

    private void givenBack(long user, List<? super Signal> outbox) {
        if (!users.remove(user) || !users.isEmpty()) {
            return;
        }
        outbox.add(new LendingControl.Free());
        Holder waiting = heldBack;
        heldBack = null;
        if (waiting != null) {
            keep(waiting, outbox);
        }
    }

    // Resized and removed: those who have it over NBD end first.

    private void resize(long size, long until, List<? super Signal> outbox) {
        if (way != Way.OPEN) {
            outbox.add(new LendingControl.NotResized("the export is being resized or removed already"));
        } else {
            wanted = size;
            close(Way.RESIZING, until, outbox);
        }
    }

    private void withdraw(long until, List<? super Signal> outbox) {
        if (way != Way.OPEN) {
            outbox.add(new LendingControl.NotWithdrawn());
        } else {
            close(Way.WITHDRAWN, until, outbox);
        }
    }

    private void close(Way closed, long until, List<? super Signal> outbox) {
        way = closed;
        emptying = true;
        deadline = until;
        users.forEach(user -> outbox.add(new LendingControl.End(user)));
    }

    private void over(List<? super Signal> outbox) {
        if (way == Way.RESIZING) {
            outbox.add(new LendingControl.NotResized("the export was removed meanwhile"));
        }
        way = Way.OVER;
        emptying = false;
        deadline = NEVER;
        heldBack = null;
        reopening.over();
    }

    private void timerFired(long now, List<? super Signal> outbox) {
        if (now >= deadline) {
            deadline = NEVER;
            users.forEach(user -> outbox.add(new LendingControl.Cut(user)));
            if (way == Way.WITHDRAWN) {
                emptying = false;
                outbox.add(new LendingControl.Withdrawn(false));
            }
        }
        reopening.timerFired(now, outbox);
    }

    /** What can go on goes on. */
    private void advance(List<? super Signal> outbox) {
        if (emptying && users.isEmpty()) {
            emptying = false;
            deadline = NEVER;
            if (way == Way.RESIZING) {
                reopening.resize(wanted, outbox);
            } else {
                outbox.add(new LendingControl.Withdrawn(true));
            }
        }
        // G3: an export that is changing hands is not offered anew.
        if (reopening.reopen(recording == 0 && heldBack == null, outbox)) {
            way = Way.OPEN;
        }
    }

    private Export export() {
        return Objects.requireNonNull(export, "nothing was offered");
    }

    private int disk() {
        return export().disk();
    }

    /** Who holds it, as it is durable, or about to be. */
    public Holder holder() {
        return holder;
    }

    /** Whether what the server asks of the disk reaches it, and what ends there reaches the server. */
    public boolean isOpen() {
        return reopening.isOpen();
    }

    @Override
    public long nextDeadline() {
        return Math.min(deadline, reopening.nextDeadline());
    }

    @Override
    public long digest() {
        StateDigest digest = new StateDigest().add(holder).add(heldBack != null).add(recording);
        Holder waiting = heldBack;
        if (waiting != null) {
            digest.add(waiting);
        }
        Export offered = export;
        if (offered != null) {
            digest.add(offered.name()).add(offered.disk()).add(offered.shared());
        }
        digest.add(users.size());
        users.forEach(digest::add);
        reopening.digest(digest);
        return digest.add(way.ordinal()).add(emptying).add(deadline).add(wanted).value();
    }

    @Override
    public void discard() {}
}
