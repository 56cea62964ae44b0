package dst.sim;

import dst.protocol.BlockPort;
import dst.protocol.ClientControl;
import dst.protocol.Control;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.Unique;
import dst.protocol.trace.Layer;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A computer that a client runs on: it carries out what the client wants done. */
final class ClientHost extends Host {
    private final Machines machines;
    private final Plan.ClientPlan plan;
    private @Nullable Workload workload;
    private @Nullable Submitter submitter;
    private Runnable whenDetached = () -> {};
    private long linksOpened;
    private boolean detached;

    ClientHost(Scene scene, Machines machines, int index) {
        super(
                scene,
                Layer.client(Plan.clientName(index)),
                Side.CLIENT,
                scene.plan.clients().get(index).host());
        this.machines = machines;
        this.plan = scene.plan.clients().get(index);
    }

    void serve(Workload itsWorkload, Submitter itsSubmitter) {
        workload = itsWorkload;
        submitter = itsSubmitter;
    }

    void whenDetached(Runnable callback) {
        whenDetached = callback;
    }

    Plan.ClientPlan plan() {
        return plan;
    }

    /** Which server it connects to. */
    int server() {
        return plan.server();
    }

    void submit(long tag, Operation operation) {
        scene.counts.count(Counts.Item.SUBMITTED);
        give(new BlockPort.Submit(tag, operation));
    }

    /** Asks the client to detach within so many nanoseconds of its own clock. */
    void detach(long nanos) {
        give(new ClientControl.Detach(nanos));
    }

    boolean isDetached() {
        return detached;
    }

    void opened(long link) {
        if (linksOpened++ > 0) {
            scene.counts.count(Counts.Item.RECONNECTS);
        }
        give(new LinkPort.Opened(link));
    }

    @Override
    Machine newMachine(Pages pages) {
        return machines.variant(program()).client(plan.settings(), pages);
    }

    @Override
    void started() {
        scene.counts.count(Counts.Item.CLIENT_STARTS);
        linksOpened = 0;
        Unique token = new Unique(drawn("token", 0), drawn("token", 1));
        give(new ClientControl.Started(token, drawn("seed", 0)));
        if (submitter != null) {
            submitter.clientStarted();
        }
    }

    @Override
    void gone(boolean powerLost) {
        scene.counts.peak(Counts.Peak.CLIENT_MEMORY, pages().peakBytes());
        if (submitter != null) {
            submitter.clientGone();
        }
    }

    @Override
    void carryOut(Signal output) {
        switch (output) {
            case LinkPort.Connect(long link, int slot) -> network().connect(this, link, slot);
            case LinkPort.Send(long link, ByteBuf bytes) -> {
                network().send(this, link, bytes);
                scene.counts.count(Counts.Item.MESSAGES_TO_SERVER);
                faults().messageSent(Pipe.TO_SERVER);
            }
            case LinkPort.Close(long link, var _) -> network().close(this, link);
            case LinkPort.Reading(long link, boolean wanted) -> network().reading(this, link, wanted);
            case BlockPort.Completed(long tag, Outcome outcome) -> completed(tag, outcome);
            case BlockPort.Changed _ -> {}
            case BlockPort.Copied(long tag) -> copied(tag);
            case BlockPort.Failed(Problem problem, var _, var _) -> failed(problem);
            case ClientControl.Detached _ -> detached();
            case Control.Noted _ -> {}
            default -> throw Signal.misplaced(output);
        }
    }

    private void completed(long tag, Outcome outcome) {
        if (workload != null) {
            workload.settled(this, tag, outcome);
        }
        Signal.release(new BlockPort.Completed(tag, outcome));
    }

    private void copied(long tag) {
        if (workload != null) {
            workload.copied(this, tag);
        }
    }

    private void failed(Problem problem) {
        scene.counts.count(Counts.Item.DEVICES_FAILED);
        if (problem == Problem.REPLACED) {
            scene.counts.count(Counts.Item.DEVICES_REPLACED);
        }
    }

    /** Whether an operation has been handed to the process, and does not wait for it to go on. */
    boolean hasHeardOf(long tag) {
        for (Signal input : waiting()) {
            if (input instanceof BlockPort.Submit submitted && submitted.tag() == tag) {
                return false;
            }
        }
        return true;
    }

    private void detached() {
        detached = true;
        if (submitter != null) {
            submitter.clientDetached();
        }
        finish();
        whenDetached.run();
    }
}
