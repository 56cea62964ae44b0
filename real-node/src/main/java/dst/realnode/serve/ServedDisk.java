package dst.realnode.serve;

import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Disk;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Signal;
import dst.realnode.disk.DiskUse;
import dst.realnode.disk.RealDisk;
import dst.realnode.disk.StateDirectory;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A disk as the protocol's machine has it, on its host's loop. When the way to it was lost, nothing that ran is told to have ended:
 * it is opened again in a new boot, its cache forgotten, and clients send again what may not have survived (H4, D3).
 */
final class ServedDisk implements Disk.Ended {
    private static final Logger log = LoggerFactory.getLogger(ServedDisk.class);
    private static final long AGAIN_MILLIS = 500;

    /** No ticket of the machine's. */
    private static final long OWN_TICKET = -1;

    private final int number;
    private final RealDisk disk;
    private final StateDirectory state;
    private final EventLoop loop;
    private final Owner owner;
    private final DiskUse port;
    private final Gauge.Teller teller;

    /** The flushes of the machine that run. */
    private final Set<Long> flushes = new HashSet<>();

    private final AtomicLong failedFlushes = new AtomicLong();

    /** What was lost until then has been dealt with. */
    private long cutsKnown;

    private boolean reopening;
    private boolean over;
    private @Nullable Resizing resizing;

    /** A size that is wanted, and who waits for it. */
    private record Resizing(long wanted, CompletableFuture<Long> size) {}

    /** Whose disk it is. */
    interface Owner {
        void give(Signal input);

        /** Whether nothing of what is durable beside the disk is being changed. */
        boolean isSettled();

        /** The machine has just heard of a boot in which the disk has another size. */
        void resized();
    }

    ServedDisk(OpenExport export, EventLoop loop, Owner owner) {
        this.number = export.number;
        this.disk = export.disk;
        this.state = export.state;
        this.teller = export.gauge.new Teller();
        this.loop = loop;
        this.owner = owner;
        this.cutsKnown = disk.cuts();
        this.port = disk.port(loop, this);
        disk.whenCut(this::cut);
    }

    /** On whatever thread. */
    private void cut() {
        try {
            loop.execute(this::reopenIfCut);
        } catch (RejectedExecutionException ended) {
            // So has the server.
        }
    }

    void submit(DiskRequest request) {
        reopenIfCut();
        if (!reopening) {
            teller.started(request);
            if (request instanceof DiskRequest.Flush) {
                flushes.add(request.ticket());
            }
            port.submit(request);
        } else if (request instanceof DiskRequest.Write write) {
            // It belongs to a boot that will end unanswered.
            write.data().release();
        }
    }

    /** On whatever thread. */
    long failedFlushes() {
        return failedFlushes.get();
    }

    void drain() {
        port.drain();
    }

    /** The machine has no such disk any more. */
    void end() {
        over = true;
        Resizing waiting = resizing;
        if (waiting != null) {
            resizing = null;
            waiting.size.completeExceptionally(new IOException("the export was removed meanwhile"));
        }
    }

    /**
     * Gives the disk another size, or takes the one that it has got by now (0): between two boots, when nothing runs. It is told on the
     * loop.
     */
    CompletableFuture<Long> resize(long wanted) {
        CompletableFuture<Long> size = new CompletableFuture<>();
        if (over || resizing != null) {
            size.completeExceptionally(new IOException("the export is being resized or removed already"));
            return size;
        }
        resizing = new Resizing(wanted, size);
        if (!reopening) {
            // Nothing was lost: what the new boot begins with only has to be durable.
            reopening = true;
            loop.execute(() -> port.whenIdle(() -> port.submit(new DiskRequest.Flush(OWN_TICKET, 0))));
        }
        return size;
    }

    @Override
    public void ended(long ticket, DiskResult result) {
        reopenIfCut();
        if (ticket == OWN_TICKET) {
            isDurable(result);
            return;
        }
        teller.ended(ticket);
        if (flushes.remove(ticket) && result instanceof DiskResult.Failed) {
            failedFlushes.incrementAndGet();
        }
        if (!reopening && !over) {
            owner.give(new DiskPort.Ended(number, ticket, result));
        } else if (result instanceof DiskResult.Data data) {
            data.data().release();
        }
    }

    private void reopenIfCut() {
        if (!reopening && !over && disk.cuts() != cutsKnown) {
            reopening = true;
            log.warn("disk {}: the way to it is lost: clients wait until it is there again", disk.name());
            loop.execute(this::forgetWhenIdle);
        }
    }

    /** T5: what runs ends first. */
    private void forgetWhenIdle() {
        port.whenIdle(() -> {
            if (!over) {
                cutsKnown = disk.cuts();
                port.submit(new DiskRequest.Forget(OWN_TICKET, 0));
            }
        });
    }

    /** Forgotten or flushed, or not: then what was lost is forgotten. */
    private void isDurable(DiskResult result) {
        if (over) {
            return;
        }
        if (result instanceof DiskResult.Transferred && disk.cuts() == cutsKnown) {
            resizeOrDraw();
        } else {
            loop.schedule(this::forgetWhenIdle, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void resizeOrDraw() {
        Resizing wanted = resizing;
        if (over || wanted == null) {
            drawBoot();
            return;
        }
        port.resize(wanted.wanted, wrong -> {
            if (wrong != null && resizing != null) {
                resizing = null;
                wanted.size.completeExceptionally(wrong);
            }
            drawBoot();
        });
    }

    private void drawBoot() {
        if (over) {
            return;
        }
        state.nextBoot(loop, this::reopened, failure -> {
            cannotWrite(failure);
            loop.schedule(this::drawBoot, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        });
    }

    private void cannotWrite(IOException failure) {
        log.error("disk {}: its state cannot be written, clients wait: {}", disk.name(), failure.getMessage());
    }

    private void reopened(Boot boot) {
        if (over) {
            return;
        }
        if (disk.cuts() != cutsKnown) {
            forgetWhenIdle();
            return;
        }
        if (resizing != null && !owner.isSettled()) {
            // G3: an export that is changing hands is not offered anew.
            loop.schedule(() -> reopened(boot), AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            return;
        }
        reopening = false;
        log.warn("disk {}: it is there again, with {} bytes, in a new boot", disk.name(), disk.size());
        owner.give(new DiskPort.Opened(number, boot, BootCause.REOPENED));
        Resizing done = resizing;
        if (done != null) {
            resizing = null;
            owner.resized();
            done.size.complete(disk.size());
        }
    }
}
