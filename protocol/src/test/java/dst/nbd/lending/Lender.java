package dst.nbd.lending;

import dst.nbd.port.LendingControl;
import dst.protocol.Boot;
import dst.protocol.Control;
import dst.protocol.Device;
import dst.protocol.DiskPort;
import dst.protocol.DiskResult;
import dst.protocol.DurablePort;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.Permission;
import dst.protocol.Prng;
import dst.protocol.Problem;
import dst.protocol.Signal;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A host with one export, NBD connections and a client of the protocol that come and go as the seed has it, a disk whose way is lost now
 * and then, and an operator who wants another size. What the machine asks for is done later, in the order of the asking.
 */
final class Lender {
    static final Layer LAYER = new Layer("server", LendingControl.KIND, 0);
    private static final long MIB = 1 << 20;
    private static final long STEP_NANOS = 10_000_000;

    final Lending machine = new Lending();
    final TreeSet<Long> users = new TreeSet<>();
    final List<Signal> told = new ArrayList<>();
    private final Prng chance;
    private final Tap tap;
    private final ArrayDeque<Signal> asked = new ArrayDeque<>();
    private final TreeSet<Long> ending = new TreeSet<>();
    private final boolean shared;
    private long now = 1;
    private long lastUser;
    private long losses;
    private long boots = 1;
    private long size = MIB;

    /** What the server has asked to be durable, and has not been told of. */
    private boolean granting;

    Holder granted = Holder.NOBODY;
    boolean resizing;
    boolean withdrawing;

    Lender(long seed, boolean shared, Tap tap) {
        this.chance = new Prng(seed);
        this.shared = shared;
        this.tap = tap;
        Device device = new Device(new Unique(1, 2), size, 512, shared ? Permission.READ : Permission.BOTH);
        give(new LendingControl.Offered(new Export("disk", 0, 0, device, Terms.DEFAULT, shared), granted));
    }

    void give(Signal input) {
        List<Signal> outputs = new ArrayList<>();
        tap.saw(now, LAYER, input);
        machine.step(now, input, outputs);
        for (Signal output : outputs) {
            tap.saw(now, LAYER, output);
            told.add(output);
            carryOut(output);
        }
    }

    private void carryOut(Signal output) {
        switch (output) {
            case LendingControl.Lent(long user) -> users.add(user);
            case LendingControl.End(long user) -> ending.add(user);
            case LendingControl.Cut(long user) -> ending.add(user);
            case LendingControl.Granted(Holder holder) -> {
                granting = false;
                granted = holder;
            }
            case LendingControl.Resized _, LendingControl.NotResized _ -> resizing = false;
            case LendingControl.Withdrawn _, LendingControl.NotWithdrawn _ -> withdrawing = false;
            case LendingControl.NotLent _,
                    LendingControl.Free _,
                    LendingControl.HeldBack _,
                    LendingControl.Reopened _ -> {}
            default -> asked.add(output);
        }
    }

    /** Something happens. */
    void go() {
        now += chance.below(STEP_NANOS);
        switch ((int) chance.below(12)) {
            case 0, 1 -> want(chance.below(8) == 0 ? Permission.NONE : Permission.READ);
            case 2, 3 -> giveBack(users);
            case 4 -> grant();
            case 5 -> lose();
            case 6 -> resize(chance.below(3) == 0 ? 0 : MIB * (1 + chance.below(4)));
            case 7 -> giveBack(ending);
            default -> settle(chance.below(6) == 0);
        }
        fireTimer();
    }

    private void fireTimer() {
        if (machine.nextDeadline() <= now) {
            give(new Control.TimerFired());
        }
    }

    void want(Permission permission) {
        give(new LendingControl.Wanted(++lastUser, permission));
    }

    private void giveBack(TreeSet<Long> those) {
        Long user = those.isEmpty() ? null : those.getFirst();
        if (user != null) {
            users.remove(user);
            ending.remove(user);
            give(new LendingControl.GivenBack(user));
        }
    }

    /** A server has one change of its holder under way at a time. */
    void grant() {
        if (!granting) {
            granting = true;
            boolean ends = granted.isSomebody() && chance.below(2) == 0;
            give(new LendingControl.Granting(
                    ends ? granted.ended(false) : new Holder(granted.epoch() + 1, new Unique(granted.epoch() + 1, 1))));
        }
    }

    void lose() {
        give(new LendingControl.WayLost(++losses));
    }

    void resize(long wanted) {
        if (!resizing) {
            resizing = true;
            give(new LendingControl.Resize(wanted, chance.below(100) * STEP_NANOS));
        }
    }

    void withdraw() {
        withdrawing = true;
        give(new LendingControl.Withdraw(STEP_NANOS));
    }

    /** The next that was asked for has come about, or has failed. */
    void settle(boolean fails) {
        Signal next = asked.poll();
        if (next == null) {
            return;
        }
        switch (next) {
            case DurablePort.Keep(String export, Holder holder) -> give(new DurablePort.Kept(export, holder));
            case DurablePort.DrawBoot(int disk, var _) -> {
                boots++;
                give(new DurablePort.BootDrawn(disk, new Boot(boots, new Unique(boots, 0))));
            }
            case DiskPort.Start(int disk, var request) ->
                give(new DiskPort.Ended(
                        disk,
                        request.ticket(),
                        fails ? new DiskResult.Failed(Problem.IO_ERROR) : new DiskResult.Transferred(0)));
            case LendingControl.Pause _ -> give(new LendingControl.Paused());
            case LendingControl.ChangeSize(long wanted) -> {
                size = fails || wanted == 0 ? size : wanted;
                give(new LendingControl.SizeChanged(size, fails ? "there is no room" : ""));
            }
            default -> throw Signal.misplaced(next);
        }
    }

    /** All who have it give it back, and nothing fails any more. */
    void heal() {
        for (int i = 0; i < 200; i++) {
            now += STEP_NANOS;
            giveBack(users);
            settle(false);
            fireTimer();
        }
    }

    boolean isSettled() {
        return machine.isOpen() && !granting && !resizing && !withdrawing && asked.isEmpty();
    }
}
