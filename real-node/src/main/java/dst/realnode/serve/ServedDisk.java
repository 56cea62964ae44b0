package dst.realnode.serve;

import dst.nbd.port.LendingControl;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Disk;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.DurablePort;
import dst.protocol.Signal;
import dst.realnode.disk.DiskUse;
import dst.realnode.disk.RealDisk;
import dst.realnode.disk.StateDirectory;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A disk as the protocol's machine has it, on its host's loop. While it is opened again nothing of the machine's reaches it, and the
 * machine is told no end of what ran: clients send again what may not have survived (H4, D3).
 */
final class ServedDisk implements Disk.Ended {
    private static final Logger log = LoggerFactory.getLogger(ServedDisk.class);
    private static final long AGAIN_MILLIS = 500;

    private final int number;
    private final RealDisk disk;
    private final StateDirectory state;
    private final SharedLending lending;
    private final EventLoop loop;
    private final Consumer<Signal> machine;
    private final DiskUse port;
    private final Gauge.Teller teller;

    /** The flushes of the machine that run. */
    private final Set<Long> flushes = new HashSet<>();

    private final AtomicLong failedFlushes = new AtomicLong();

    private final long cutsBefore;
    private long cutsTold;
    private boolean open = true;
    private boolean over;

    ServedDisk(OpenExport export, EventLoop loop, Consumer<Signal> machine) {
        this.number = export.number;
        this.disk = export.disk;
        this.state = export.state;
        this.lending = export.lending;
        this.teller = export.gauge.new Teller();
        this.loop = loop;
        this.machine = machine;
        this.cutsBefore = disk.cuts();
        this.cutsTold = cutsBefore;
        this.port = disk.port(loop, this);
        disk.whenCut(this::cut);
    }

    /** On whatever thread. */
    private void cut() {
        try {
            loop.execute(this::tellIfCut);
        } catch (RejectedExecutionException ended) {
            // So has the server.
        }
    }

    /** What was lost is known before anything that ended with it. */
    private void tellIfCut() {
        long cuts = disk.cuts();
        if (!over && cuts != cutsTold) {
            cutsTold = cuts;
            if (isOpen()) {
                log.warn("disk {}: the way to it is lost: clients wait until it is there again", disk.name());
            }
            lending.heard(new LendingControl.WayLost(cuts - cutsBefore));
        }
    }

    private void tell(Signal input) {
        tellIfCut();
        lending.heard(input);
    }

    private boolean isOpen() {
        return open && lending.isOpen();
    }

    void submit(DiskRequest request) {
        tellIfCut();
        if (isOpen()) {
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
        open = false;
    }

    @Override
    public void ended(long ticket, DiskResult result) {
        if (ticket < 0) {
            tell(new DiskPort.Ended(number, ticket, result));
            return;
        }
        tellIfCut();
        teller.ended(ticket);
        if (flushes.remove(ticket) && result instanceof DiskResult.Failed) {
            failedFlushes.incrementAndGet();
        }
        if (isOpen()) {
            machine.accept(new DiskPort.Ended(number, ticket, result));
        } else if (result instanceof DiskResult.Data data) {
            data.data().release();
        }
    }

    // What its lending has decided.

    void pause() {
        open = false;
        port.whenIdle(() -> tell(new LendingControl.Paused()));
    }

    /** No request of the machine's: its ticket is below zero. */
    void start(DiskRequest request) {
        port.submit(request);
    }

    void changeSize(long wanted) {
        port.resize(
                wanted,
                wrong -> tell(new LendingControl.SizeChanged(
                        disk.size(), wrong == null ? "" : String.valueOf(wrong.getMessage()))));
    }

    void drawBoot() {
        if (over) {
            return;
        }
        state.nextBoot(loop, boot -> tell(new DurablePort.BootDrawn(number, boot)), failure -> {
            cannotWrite(failure);
            loop.schedule(this::drawBoot, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        });
    }

    private void cannotWrite(IOException failure) {
        log.error("disk {}: its state cannot be written, clients wait: {}", disk.name(), failure.getMessage());
    }

    void reopened(Boot boot) {
        if (!over) {
            open = true;
            log.warn("disk {}: it is there again, with {} bytes, in a new boot", disk.name(), disk.size());
            machine.accept(new DiskPort.Opened(number, boot, BootCause.REOPENED));
        }
    }
}
