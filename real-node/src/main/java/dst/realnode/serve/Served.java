package dst.realnode.serve;

import dst.protocol.DurablePort;
import dst.protocol.Holder;
import dst.protocol.Signal;
import dst.protocol.Unique;
import dst.protocol.trace.WorldEvent;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An export that the machine has, its host's way to the disk, and who may use it: a client of the protocol that holds it, durably, or
 * NBD, to which it is lent meanwhile. Never both (G3, G4).
 */
final class Served implements ServedDisk.Owner {
    private static final Logger log = LoggerFactory.getLogger(Served.class);
    private static final long AGAIN_SECONDS = 1;

    final OpenExport export;
    final ServedDisk disk;
    private final EventLoop loop;
    private final Host host;
    private final Object lending = new Object();
    private volatile Holder holder;

    /** It is in use over NBD, and nobody is granted it. */
    private boolean lent;

    /** What waits until it is not. */
    private @Nullable Holder heldBack;

    /** So many holders are on their way to be durable; only on the loop. */
    private int recording;

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
        this.holder = export.state.holder(export.name());
        this.disk = new ServedDisk(export, loop, this);
    }

    /** Who holds it, as it is durable, or about to be. */
    Holder holder() {
        return holder;
    }

    @Override
    public void give(Signal input) {
        host.heard(input);
    }

    @Override
    public boolean isSettled() {
        return recording == 0;
    }

    @Override
    public void resized() {
        host.offer(this);
    }

    /** Nobody is granted what is in use over NBD: he waits, within his handshake. */
    void persist(Holder next) {
        recording++;
        boolean isSomebody = !next.token().equals(Unique.NONE);
        synchronized (lending) {
            if (lent && isSomebody) {
                log.info("export {}: a client waits until it is not used over NBD any more", export.name());
                heldBack = next;
                return;
            }
            if (isSomebody) {
                holder = next;
            }
        }
        record(next);
    }

    private void record(Holder next) {
        String name = export.name();
        export.state.persist(
                name,
                next,
                loop,
                () -> {
                    holder = next;
                    log.info(
                            "export {}: epoch {} {}",
                            name,
                            next.epoch(),
                            next.token().equals(Unique.NONE) ? "is nobody's" : "began");
                    host.heard(new DurablePort.Kept(name, next));
                    recording--;
                },
                failure -> again(failure, () -> record(next)));
    }

    /** What cannot be made durable is not said to be: clients wait, and the operator hears why. */
    void again(IOException failure, Runnable task) {
        log.error("the state directory cannot be written, clients have to wait: {}", failure.getMessage());
        loop.schedule(task, AGAIN_SECONDS, TimeUnit.SECONDS);
    }

    /** On whatever thread: whether a client of the protocol holds it. */
    boolean isHeld() {
        return !holder.token().equals(Unique.NONE);
    }

    /** On whatever thread. */
    boolean lend() {
        synchronized (lending) {
            if (isHeld()) {
                return false;
            }
            lent = true;
            return true;
        }
    }

    /** On whatever thread: the last NBD connection is gone. */
    void giveBack() {
        Holder waiting;
        synchronized (lending) {
            // Before anybody else can be granted it.
            if (!export.spec.readOnly()) {
                loop.execute(() -> host.happened(new WorldEvent.UsedByOthers(export.number)));
            }
            lent = false;
            waiting = heldBack;
            heldBack = null;
            if (waiting != null) {
                holder = waiting;
            }
        }
        if (waiting != null) {
            loop.execute(() -> record(waiting));
        }
    }
}
