package dst.realnode.serve;

import dst.nbd.lending.Lending;
import dst.nbd.port.LendingControl;
import dst.nbd.port.Obstacle;
import dst.protocol.Control;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.Machine;
import dst.protocol.Permission;
import dst.protocol.Signal;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import dst.realnode.WrongInput;
import dst.realnode.host.MachineHost;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What decides who has one export, for the loops of all who want it. Whoever gives it something is answered at once; what others are to
 * do of it is on their loops before anything else that comes of a later step.
 */
final class SharedLending {
    private final Layer layer;
    private final Tap tap;
    private final Lending machine = new Lending();
    private final Map<Long, User> users = new LinkedHashMap<>();
    private final CompletableFuture<Boolean> withdrawn = new CompletableFuture<>();
    private CompletableFuture<Long> resized = new CompletableFuture<>();
    private volatile @Nullable Below below;
    private long lastUser;
    private long wakeAt = Machine.NEVER;

    /** What the last one who asked was told. */
    private @Nullable Obstacle obstacle;

    private boolean cannotBeWithdrawn;
    private volatile boolean open = true;
    private volatile Holder holder;

    /** An NBD connection; told on whatever thread. */
    interface User {
        void drain();

        void cut(String why);
    }

    /** The disk and what is durable beside it; on the protocol's loop. */
    interface Below {
        /** On whatever thread: it is to be run on the loop, after all that came before. */
        void due(Runnable task);

        /** On whatever thread: what is due is run, at once if this is the loop. */
        void runDue();

        void carryOut(Signal output);

        /** On whatever thread: {@link #woken} is to be called then, or sooner. */
        void wakeAt(long deadline);
    }

    /** The layer: which export's it is. */
    SharedLending(Export export, Holder durable, Layer layer, Tap tap) {
        this.layer = layer;
        this.tap = tap;
        this.holder = durable;
        give(new LendingControl.Offered(export, durable));
    }

    /** The server has the export. */
    synchronized void standsOn(Below there) {
        below = there;
        setTimer();
    }

    /** Whether what the server asks of the disk reaches it, and what ends there reaches the server. */
    boolean isOpen() {
        return open;
    }

    /** Who holds it, as it is durable, or about to be. */
    Holder holder() {
        return holder;
    }

    /** Why it would not be given now; null: it would. */
    synchronized @Nullable Obstacle obstacle(Permission permission) {
        return machine.obstacle(permission);
    }

    /** Gives it to that connection, under a number; or says why not. */
    Answer wanted(User user, Permission permission) {
        Answer answer;
        synchronized (this) {
            long number = ++lastUser;
            users.put(number, user);
            obstacle = null;
            give(new LendingControl.Wanted(number, permission));
            answer = new Answer(number, obstacle);
        }
        runDue();
        return answer;
    }

    /** An obstacle: it is not given. */
    record Answer(long number, @Nullable Obstacle obstacle) {}

    void givenBack(long user) {
        synchronized (this) {
            users.remove(user);
            give(new LendingControl.GivenBack(user));
        }
        runDue();
    }

    /** Told once nobody has it over NBD any more, in time or cut. */
    CompletableFuture<Boolean> withdraw(long nanos) {
        synchronized (this) {
            give(new LendingControl.Withdraw(nanos));
            if (cannotBeWithdrawn) {
                cannotBeWithdrawn = false;
                throw new WrongInput("the export is being resized or removed already");
            }
        }
        runDue();
        return withdrawn;
    }

    /** Another size, or (0) the one that the disk has got by now; told once the server has been offered it. */
    CompletableFuture<Long> resize(long wanted, long nanos) {
        CompletableFuture<Long> told = new CompletableFuture<>();
        synchronized (this) {
            CompletableFuture<Long> awaited = resized;
            resized = told;
            give(new LendingControl.Resize(wanted, nanos));
            if (told.isDone()) {
                // Somebody else is waiting for another one.
                resized = awaited;
            }
        }
        runDue();
        return told;
    }

    void heard(Signal input) {
        synchronized (this) {
            give(input);
        }
        runDue();
    }

    /** The time may have come. */
    void woken() {
        synchronized (this) {
            wakeAt = Machine.NEVER;
            if (machine.nextDeadline() <= MachineHost.now()) {
                give(new Control.TimerFired());
            } else {
                setTimer();
            }
        }
        runDue();
    }

    /** By whoever does not hold the lock: what is below may give the next thing at once. */
    private void runDue() {
        Below there = below;
        if (there != null) {
            there.runDue();
        }
    }

    private void setTimer() {
        Below there = below;
        if (there != null && machine.nextDeadline() < wakeAt) {
            wakeAt = machine.nextDeadline();
            there.wakeAt(wakeAt);
        }
    }

    private void give(Signal input) {
        List<Signal> outputs = new ArrayList<>(2);
        long now = MachineHost.now();
        tap.saw(now, layer, input);
        machine.step(now, input, outputs);
        open = machine.isOpen();
        holder = machine.holder();
        for (Signal output : outputs) {
            tap.saw(now, layer, output);
            carryOut(output);
        }
        setTimer();
    }

    private void carryOut(Signal output) {
        switch (output) {
            case LendingControl.Lent _ -> {}
            case LendingControl.NotLent(long user, Obstacle why) -> {
                users.remove(user);
                obstacle = why;
            }
            case LendingControl.End(long user) -> user(user).drain();
            case LendingControl.Cut(long user) ->
                user(user).cut("it had no more time, for its export is being resized or removed");
            case LendingControl.Withdrawn(boolean inTime) -> withdrawn.completeAsync(() -> inTime);
            case LendingControl.NotWithdrawn _ -> cannotBeWithdrawn = true;
            case LendingControl.NotResized(String why) -> resized.completeExceptionally(new WrongInput(why));
            case LendingControl.Resized(long size) -> {
                CompletableFuture<Long> told = resized;
                Below there = Objects.requireNonNull(below);
                there.due(() -> {
                    there.carryOut(output);
                    told.complete(size);
                });
            }
            default -> below(output);
        }
    }

    /** Before the server has the export nothing comes of anything that concerns its disk. */
    private void below(Signal output) {
        Below there = below;
        if (there != null) {
            there.due(() -> there.carryOut(output));
        }
    }

    private User user(long number) {
        return Objects.requireNonNull(users.get(number));
    }
}
