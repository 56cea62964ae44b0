package dst.realnode.serve;

import dst.nbd.port.LendingControl;
import dst.protocol.Boot;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.DurablePort;
import dst.protocol.Holder;
import dst.protocol.Signal;
import dst.protocol.trace.WorldEvent;
import dst.realnode.host.MachineHost;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An export that the protocol's machine has, with its host's way to the disk and to what is durable beside it: carries out what the
 * export's {@link SharedLending} has decided.
 */
final class Served implements SharedLending.Below {
    private static final Logger log = LoggerFactory.getLogger(Served.class);
    private static final long AGAIN_SECONDS = 1;

    final OpenExport export;
    final ServedDisk disk;
    private final EventLoop loop;
    private final Host host;
    private final ConcurrentLinkedQueue<Runnable> due = new ConcurrentLinkedQueue<>();
    private boolean running;

    /** Whose export it is; everything on its loop. */
    interface Host {
        void heard(Signal input);

        void happened(WorldEvent event);

        /** Tells the machine of the export as it is now. */
        void offer(Served served);
    }

    Served(OpenExport export, EventLoop loop, Host host) {
        this.export = export;
        this.loop = loop;
        this.host = host;
        this.disk = new ServedDisk(export, loop, host::heard);
        export.lending.standsOn(this);
    }

    /** Who holds it, as it is durable, or about to be. */
    Holder holder() {
        return export.lending.holder();
    }

    /** The machine wants this to be durable. */
    void grant(Holder next) {
        export.lending.heard(new LendingControl.Granting(next));
    }

    /** The machine has no such export any more. */
    void end() {
        disk.end();
        export.lending.heard(new LendingControl.Over());
    }

    @Override
    public void due(Runnable task) {
        due.add(task);
    }

    @Override
    public void runDue() {
        if (due.isEmpty()) {
            return;
        }
        if (loop.inEventLoop()) {
            runAll();
            return;
        }
        try {
            loop.execute(this::runAll);
        } catch (RejectedExecutionException ended) {
            // So has the server.
        }
    }

    /** What comes of one is behind it. */
    private void runAll() {
        if (running) {
            return;
        }
        running = true;
        try {
            for (Runnable task = due.poll(); task != null; task = due.poll()) {
                task.run();
            }
        } finally {
            running = false;
        }
    }

    @Override
    public void wakeAt(long deadline) {
        try {
            loop.schedule(export.lending::woken, Math.max(0, deadline - MachineHost.now()), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException ended) {
            // So has the server.
        }
    }

    @Override
    public void carryOut(Signal output) {
        switch (output) {
            case LendingControl.HeldBack _ ->
                log.info("export {}: a client waits until it is not used over NBD any more", export.name());
            case LendingControl.Free _ -> {
                if (!export.spec.readOnly()) {
                    host.happened(new WorldEvent.UsedByOthers(export.number));
                }
            }
            case DurablePort.Keep(String _, Holder next) -> record(next);
            case LendingControl.Granted(Holder holder) -> host.heard(new DurablePort.Kept(export.name(), holder));
            case LendingControl.Pause _ -> disk.pause();
            case DiskPort.Start(int _, DiskRequest request) -> disk.start(request);
            case LendingControl.ChangeSize(long wanted) -> disk.changeSize(wanted);
            case DurablePort.DrawBoot _ -> disk.drawBoot();
            case LendingControl.Reopened(Boot boot) -> disk.reopened(boot);
            case LendingControl.Resized _ -> host.offer(this);
            default -> throw Signal.misplaced(output);
        }
    }

    private void record(Holder next) {
        String name = export.name();
        export.state.persist(
                name,
                next,
                loop,
                () -> {
                    log.info("export {}: epoch {} {}", name, next.epoch(), next.isSomebody() ? "began" : "is nobody's");
                    export.lending.heard(new DurablePort.Kept(name, next));
                },
                failure -> again(failure, () -> record(next)));
    }

    /** What cannot be made durable is not said to be: clients wait, and the operator hears why. */
    void again(IOException failure, Runnable task) {
        log.error("the state directory cannot be written, clients have to wait: {}", failure.getMessage());
        loop.schedule(task, AGAIN_SECONDS, TimeUnit.SECONDS);
    }
}
