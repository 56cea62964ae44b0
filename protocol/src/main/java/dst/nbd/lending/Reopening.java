package dst.nbd.lending;

import dst.nbd.port.LendingControl;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.DurablePort;
import dst.protocol.Machine;
import dst.protocol.Signal;
import dst.protocol.StateDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A disk that ends one boot and begins the next: nothing of the server's runs any more (T5), its cache is forgotten, or flushed if
 * nothing was lost, it gets another size if it is to have one, and only then the new boot is the server's (H4, D3).
 */
final class Reopening {
    private static final long AGAIN_NANOS = 500_000_000;

    /** No ticket of the server's. */
    private static final long OWN_TICKET = -1;

    private Stage stage = Stage.OPEN;

    /** How often the way was lost, and how much of that has been dealt with. */
    private long losses;

    private long known;

    /** Something was lost in this boot: to flush is not enough. */
    private boolean mustForget;

    private boolean sizeWanted;
    private long wanted;
    private @Nullable Sized sized;
    private @Nullable Boot boot;
    private long againAt = Machine.NEVER;

    private enum Stage {
        OPEN,
        /** Until nothing runs. */
        PAUSING,
        /** Forgotten or flushed. */
        CLEANING,
        SIZING,
        DRAWING,
        /** The boot is there; what is told with it may have to wait. */
        DRAWN,
        /** The disk failed: until it is tried again. */
        FAILED,
        OVER
    }

    /** What came of another size that was wanted; in words if that was wrong. */
    private record Sized(long size, String wrong) {}

    boolean isOpen() {
        return stage == Stage.OPEN;
    }

    /** What ran then may have happened or not, and is told to nobody. */
    void lost(long times, List<? super Signal> outbox) {
        losses = times;
        mustForget = true;
        if (stage == Stage.OPEN) {
            pause(outbox);
        }
    }

    /** Nothing of it is in anybody's use: it may have that size. */
    void resize(long size, List<? super Signal> outbox) {
        sizeWanted = true;
        wanted = size;
        if (stage == Stage.OPEN) {
            pause(outbox);
        }
    }

    private void pause(List<? super Signal> outbox) {
        stage = Stage.PAUSING;
        outbox.add(new LendingControl.Pause());
    }

    void paused(int disk, List<? super Signal> outbox) {
        if (stage == Stage.PAUSING) {
            known = losses;
            clean(disk, outbox);
        }
    }

    private void clean(int disk, List<? super Signal> outbox) {
        stage = Stage.CLEANING;
        DiskRequest request = mustForget ? new DiskRequest.Forget(OWN_TICKET, 0) : new DiskRequest.Flush(OWN_TICKET, 0);
        outbox.add(new DiskPort.Start(disk, request));
    }

    void ended(long now, int disk, DiskResult result, List<? super Signal> outbox) {
        if (stage != Stage.CLEANING) {
            return;
        }
        if (!(result instanceof DiskResult.Transferred) || losses != known) {
            // D5: a flush that failed has lost something.
            mustForget = true;
            stage = Stage.FAILED;
            againAt = Machine.after(now, AGAIN_NANOS);
        } else if (sizeWanted) {
            stage = Stage.SIZING;
            outbox.add(new LendingControl.ChangeSize(wanted));
        } else {
            draw(disk, outbox);
        }
    }

    void sizeChanged(int disk, long size, String wrong, List<? super Signal> outbox) {
        if (stage == Stage.SIZING) {
            sizeWanted = false;
            sized = new Sized(size, wrong);
            draw(disk, outbox);
        }
    }

    private void draw(int disk, List<? super Signal> outbox) {
        stage = Stage.DRAWING;
        outbox.add(new DurablePort.DrawBoot(disk, BootCause.REOPENED));
    }

    void drawn(int disk, Boot next, List<? super Signal> outbox) {
        if (stage != Stage.DRAWING) {
            return;
        }
        boot = next;
        if (sizeWanted && losses == known) {
            // It was wanted too late for this boot, in which nothing has run.
            clean(disk, outbox);
        } else {
            stage = Stage.DRAWN;
        }
    }

    /** Gives the disk back if that may be; whether another size, or that there is none, was told with it. */
    boolean reopen(boolean settled, List<? super Signal> outbox) {
        Boot next = boot;
        Sized told = sized;
        if (stage != Stage.DRAWN || next == null) {
            return false;
        }
        if (losses != known) {
            pause(outbox);
            return false;
        }
        if (told != null && !settled) {
            return false;
        }
        stage = Stage.OPEN;
        mustForget = false;
        boot = null;
        sized = null;
        outbox.add(new LendingControl.Reopened(next));
        if (told == null) {
            return false;
        }
        outbox.add(
                told.wrong.isEmpty()
                        ? new LendingControl.Resized(told.size)
                        : new LendingControl.NotResized(told.wrong));
        return true;
    }

    void timerFired(long now, List<? super Signal> outbox) {
        if (stage == Stage.FAILED && now >= againAt) {
            againAt = Machine.NEVER;
            pause(outbox);
        }
    }

    void over() {
        stage = Stage.OVER;
        againAt = Machine.NEVER;
    }

    long nextDeadline() {
        return againAt;
    }

    void digest(StateDigest digest) {
        digest.add(stage.ordinal())
                .add(losses)
                .add(known)
                .add(mustForget)
                .add(sizeWanted)
                .add(wanted)
                .add(againAt);
        Boot next = boot;
        digest.add(next != null);
        if (next != null) {
            digest.add(next);
        }
        Sized told = sized;
        digest.add(told != null);
        if (told != null) {
            digest.add(told.size).add(told.wrong);
        }
    }
}
