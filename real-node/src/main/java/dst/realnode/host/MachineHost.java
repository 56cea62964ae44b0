package dst.realnode.host;

import dst.protocol.Machine;
import dst.protocol.Signal;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import dst.protocol.trace.WorldEvent;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs one machine on one event loop, which alone touches it. Each input is taken to its end before the next: what a step wants
 * done is carried out after it, and what comes of that waits its turn.
 */
public abstract class MachineHost {
    protected final EventLoop loop;
    private final Layer layer;
    private final Machine machine;
    private final Tap tap;
    private final ArrayDeque<Signal> inbox = new ArrayDeque<>();
    private final ArrayList<Signal> outbox = new ArrayList<>();
    private boolean stepping;
    private boolean inBatch;
    private boolean flushDue;
    private boolean over;
    private long wakeAt = Machine.NEVER;
    private @Nullable Future<?> wake;

    protected MachineHost(EventLoop loop, Layer layer, Machine machine, Tap tap) {
        this.loop = loop;
        this.layer = layer;
        this.machine = machine;
        this.tap = tap;
    }

    /** Time as machines want it: it never falls, and has nothing to do with any calendar. */
    public static long now() {
        return System.nanoTime() - ORIGIN;
    }

    private static final long ORIGIN = System.nanoTime() - 1;

    /** Runs it on this machine's loop: at once if this is it. */
    public final void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    /** Only on the loop. */
    protected final void give(Signal input) {
        if (over) {
            drop(input);
            return;
        }
        inbox.add(input);
        if (stepping) {
            return;
        }
        stepping = true;
        try {
            while (!inbox.isEmpty()) {
                step(inbox.remove());
            }
        } catch (RuntimeException | AssertionError | StackOverflowError failure) {
            end();
            failed(failure);
        } finally {
            stepping = false;
        }
        if (!over) {
            setTimer();
        }
        flushSoon();
    }

    private void flushSoon() {
        if (!inBatch && !flushDue) {
            flushDue = true;
            loop.execute(() -> {
                flushDue = false;
                flushed();
            });
        }
    }

    /** More inputs follow at once: what is to be sent is gathered until {@link #endBatch}. */
    protected final void beginBatch() {
        inBatch = true;
    }

    protected final void endBatch() {
        inBatch = false;
        flushed();
    }

    /** Only on the loop: something that happened to this node, and is no input of its machine. */
    protected final void note(WorldEvent event) {
        tap.saw(now(), layer, event);
    }

    private void step(Signal input) {
        long now = now();
        tap.saw(now, layer, input);
        machine.step(now, input, outbox);
        for (int i = 0; i < outbox.size(); i++) {
            Signal output = outbox.get(i);
            tap.saw(now, layer, output);
            carryOut(output);
        }
        outbox.clear();
        if (inbox.isEmpty()) {
            settle();
        }
    }

    /** A timer that is set too early is harmless, and setting one costs more than being woken now and then. */
    private void setTimer() {
        long deadline = machine.nextDeadline();
        if (deadline >= wakeAt) {
            return;
        }
        Future<?> before = wake;
        if (before != null) {
            before.cancel(false);
        }
        wakeAt = deadline;
        wake = loop.schedule(this::woken, Math.max(0, deadline - now()), TimeUnit.NANOSECONDS);
    }

    private void woken() {
        wakeAt = Machine.NEVER;
        wake = null;
        if (over) {
            return;
        }
        if (machine.nextDeadline() <= now()) {
            give(timerFired());
        } else {
            setTimer();
        }
    }

    /** Nothing more is given to the machine, and all its memory comes back. */
    protected final void end() {
        if (over) {
            return;
        }
        over = true;
        Future<?> before = wake;
        if (before != null) {
            before.cancel(false);
        }
        inbox.forEach(this::drop);
        inbox.clear();
        machine.discard();
    }

    protected final boolean isOver() {
        return over;
    }

    /** Of everything that decides the machine's future. */
    public final long digest() {
        return machine.digest();
    }

    protected abstract void carryOut(Signal output);

    /** All inputs were taken: what was carried out at once may have ended, and is told now. */
    protected void settle() {}

    /** What waits to be sent goes out. */
    protected abstract void flushed();

    protected abstract Signal timerFired();

    /** Gives back the buffers of an input that nobody takes any more. */
    protected abstract void drop(Signal input);

    /** We are wrong: the machine fell over one of its own assertions. */
    protected abstract void failed(Throwable failure);
}
