package dst.realnode.serve;

import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Disk;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.ServerInput;
import dst.realnode.disk.DiskPort;
import dst.realnode.disk.RealDisk;
import dst.realnode.disk.StateDirectory;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
    private final Consumer<ServerInput> machine;
    private final DiskPort port;
    private final Gauge.Teller teller;

    /** What was lost until then has been dealt with. */
    private long cutsKnown;

    private boolean reopening;
    private boolean over;

    ServedDisk(OpenExport export, EventLoop loop, Consumer<ServerInput> machine) {
        this.number = export.number;
        this.disk = export.disk;
        this.state = export.state;
        this.teller = export.gauge.new Teller();
        this.loop = loop;
        this.machine = machine;
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
            port.submit(request);
        } else if (request instanceof DiskRequest.Write write) {
            // It belongs to a boot that will end unanswered.
            write.data().release();
        }
    }

    void drain() {
        port.drain();
    }

    /** The machine has no such disk any more. */
    void end() {
        over = true;
    }

    @Override
    public void ended(long ticket, DiskResult result) {
        reopenIfCut();
        if (ticket == OWN_TICKET) {
            forgotten(result);
            return;
        }
        teller.ended(ticket);
        if (!reopening && !over) {
            machine.accept(new ServerInput.DiskEnded(number, ticket, result));
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

    private void forgotten(DiskResult result) {
        if (over) {
            return;
        }
        if (result instanceof DiskResult.Transferred && disk.cuts() == cutsKnown) {
            drawBoot();
        } else {
            loop.schedule(this::forgetWhenIdle, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void drawBoot() {
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
        reopening = false;
        log.warn("disk {}: it is there again, in a new boot", disk.name());
        machine.accept(new ServerInput.DiskOpened(number, boot, BootCause.REOPENED));
    }
}
