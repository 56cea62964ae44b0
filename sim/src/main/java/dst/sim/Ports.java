package dst.sim;

import dst.protocol.BlockPort;
import dst.protocol.Control;
import dst.protocol.DiskPort;
import dst.protocol.DurablePort;
import dst.protocol.LinkPort;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Signal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a process stands on and offers: carries out what it asks of its links, its disks and of what is durable beside those, and
 * tells whoever submits to it what came of that.
 */
final class Ports {
    private final Host host;
    private final List<HostDisk> disks = new ArrayList<>();
    private @Nullable Workload workload;
    private @Nullable Submitter submitter;
    private long linksOpened;

    Ports(Host host, Disks all) {
        this.host = host;
        for (String name : host.plan.disks()) {
            disks.add(new HostDisk(host, disks.size(), all.named(name)));
        }
    }

    /** Operations come from there. */
    void serve(Workload itsWorkload, Submitter itsSubmitter) {
        workload = itsWorkload;
        submitter = itsSubmitter;
    }

    List<HostDisk> disks() {
        return disks;
    }

    void carryOut(Signal output) {
        switch (output) {
            case LinkPort.Connect(long link, int slot)
            when slot >= 0 && !host.plan.ways().isEmpty() -> host.network().connect(host, link, slot);
            case LinkPort.Send send -> send(send);
            case LinkPort.Close(long link, var _) -> host.network().close(host, link);
            case LinkPort.Reading(long link, boolean wanted) -> host.network().reading(host, link, wanted);
            case DiskPort.Start(int disk, var request)
            when has(disk) -> disks.get(disk).start(request);
            case DurablePort.DrawBoot(int disk, var _)
            when has(disk) -> disks.get(disk).drawBoot();
            case DurablePort.Keep(String export, var holder)
            when has(0) -> diskOf(export).keep(export, holder);
            case BlockPort.Event event -> tell(event);
            case Control.Noted _ -> {}
            case Control.Tells told -> host.told(told);
            default -> {
                // The machine's mistake, not this world's: no port's, of a disk that it does not have, or by a way.
                String what = output.getClass().getSimpleName();
                host.broken(
                        Rules.G8, "the ", new Sentence.Name(host.name), " asked for what it does not stand on: ", what);
                Signal.release(output);
            }
        }
    }

    private boolean has(int disk) {
        return disk >= 0 && disk < disks.size();
    }

    // Links.

    private void send(LinkPort.Send send) {
        int direction = direction(send.link());
        host.network().send(host, send.link(), send.bytes());
        host.scene.counts.count(
                direction == Pipe.TO_SERVER ? Counts.Item.MESSAGES_TO_SERVER : Counts.Item.MESSAGES_TO_CLIENT);
        host.faults().messageSent(direction);
    }

    /** A link that is gone is taken for one that this host opened, if it opens any. */
    private int direction(long link) {
        Connection.End end = host.ends.get(link);
        if (end != null) {
            return end.out().direction;
        }
        return host.plan.ways().isEmpty() ? Pipe.TO_CLIENT : Pipe.TO_SERVER;
    }

    void opened(long link) {
        if (linksOpened++ > 0) {
            host.scene.counts.count(Counts.Item.RECONNECTS);
        }
        host.give(new LinkPort.Opened(link));
    }

    /** The kernel took a connection and gives it to the process. */
    void accepted(long link, String peer) {
        host.give(new LinkPort.Accepted(link, peer, peer.substring(0, peer.indexOf('/'))));
    }

    // Disks.

    private HostDisk diskOf(String export) {
        for (HostDisk disk : disks) {
            if (disk.exports(export)) {
                return disk;
            }
        }
        return disks.getFirst();
    }

    // Whoever submits.

    void submit(long tag, Operation operation) {
        host.scene.counts.count(Counts.Item.SUBMITTED);
        host.give(new BlockPort.Submit(tag, operation));
    }

    private void tell(BlockPort.Event event) {
        switch (event) {
            case BlockPort.Completed(long tag, Outcome outcome) -> {
                if (workload != null) {
                    workload.settled(host, tag, outcome);
                }
                Signal.release(event);
            }
            case BlockPort.Copied(long tag) -> {
                if (workload != null) {
                    workload.copied(host, tag);
                }
            }
            case BlockPort.Failed(Problem problem, var _, var _) -> {
                host.scene.counts.count(Counts.Item.DEVICES_FAILED);
                if (problem == Problem.REPLACED) {
                    host.scene.counts.count(Counts.Item.DEVICES_REPLACED);
                }
            }
            case BlockPort.Changed _ -> {}
        }
    }

    /** Whether an operation has been handed to the process, and does not wait for it to go on. */
    boolean hasHeardOf(long tag) {
        for (Signal input : host.waiting()) {
            if (input instanceof BlockPort.Submit submitted && submitted.tag() == tag) {
                return false;
            }
        }
        return true;
    }

    // The process.

    void started() {
        linksOpened = 0;
        if (submitter != null) {
            submitter.processStarted();
        }
    }

    /** It has ended by itself, and settles nothing more. */
    void finished() {
        if (submitter != null) {
            submitter.processFinished();
        }
    }

    void gone(boolean powerLost) {
        if (submitter != null) {
            submitter.processGone();
        }
        disks.forEach(disk -> disk.gone(powerLost));
    }
}
