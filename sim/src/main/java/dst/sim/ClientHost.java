package dst.sim;

import dst.protocol.ClientInput;
import dst.protocol.ClientOutput;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Side;
import dst.protocol.Unique;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A computer that a client runs on: it carries out what the client wants done. */
final class ClientHost extends Host<ClientInput, ClientOutput> {
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
                Plan.clientName(index),
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
        give(new ClientInput.Submitted(tag, operation));
    }

    /** Asks the client to detach within so many nanoseconds of its own clock. */
    void detach(long nanos) {
        give(new ClientInput.Detach(nanos));
    }

    boolean isDetached() {
        return detached;
    }

    void opened(long link) {
        if (linksOpened++ > 0) {
            scene.counts.count(Counts.Item.RECONNECTS);
        }
        give(new ClientInput.LinkOpened(link));
    }

    @Override
    Machine<ClientInput, ClientOutput> newMachine(Pages pages) {
        return machines.variant(program()).client(plan.settings(), pages);
    }

    @Override
    void started() {
        scene.counts.count(Counts.Item.CLIENT_STARTS);
        linksOpened = 0;
        Unique token = new Unique(drawn("token", 0), drawn("token", 1));
        give(new ClientInput.Started(token, drawn("seed", 0)));
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
    void carryOut(ClientOutput output) {
        switch (output) {
            case ClientOutput.Connect(long link, int slot) -> network().connect(this, link, slot);
            case ClientOutput.Send(long link, ByteBuf bytes) -> {
                network().send(this, link, bytes);
                scene.counts.count(Counts.Item.MESSAGES_TO_SERVER);
                faults().messageSent(Pipe.TO_SERVER);
            }
            case ClientOutput.Close(long link, var _) -> network().close(this, link);
            case ClientOutput.Reading(long link, boolean wanted) -> network().reading(this, link, wanted);
            case ClientOutput.Completed(long tag, Outcome outcome) -> completed(tag, outcome);
            case ClientOutput.Changed _ -> {}
            case ClientOutput.Copied(long tag) -> copied(tag);
            case ClientOutput.Failed(Problem problem, var _, var _) -> failed(problem);
            case ClientOutput.Detached _ -> detached();
            case ClientOutput.Noted _ -> {}
        }
    }

    private void completed(long tag, Outcome outcome) {
        if (workload != null) {
            workload.settled(this, tag, outcome);
        }
        drop(outcome);
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
        for (ClientInput input : waiting()) {
            if (input instanceof ClientInput.Submitted submitted && submitted.tag() == tag) {
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

    @Override
    void dropOutput(ClientOutput output) {
        switch (output) {
            case ClientOutput.Send(long _, ByteBuf bytes) -> bytes.release();
            case ClientOutput.Completed(long _, Outcome outcome) -> drop(outcome);
            case ClientOutput.Connect _,
                    ClientOutput.Close _,
                    ClientOutput.Reading _,
                    ClientOutput.Changed _,
                    ClientOutput.Copied _,
                    ClientOutput.Failed _,
                    ClientOutput.Detached _,
                    ClientOutput.Noted _ -> {}
        }
    }

    private static void drop(Outcome outcome) {
        switch (outcome) {
            case Outcome.Done(ByteBuf data) -> data.release();
            case Outcome.Refused _, Outcome.Unknown _ -> {}
        }
    }

    @Override
    void dropInput(ClientInput input) {
        switch (input) {
            case ClientInput.Received(long _, ByteBuf bytes) -> bytes.release();
            case ClientInput.Submitted(long _, Operation.Write(long _, ByteBuf data, boolean _)) -> data.release();
            case ClientInput.Started _,
                    ClientInput.Submitted _,
                    ClientInput.LinkOpened _,
                    ClientInput.Sent _,
                    ClientInput.LinkClosed _,
                    ClientInput.TimerFired _,
                    ClientInput.Detach _ -> {}
        }
    }

    @Override
    void bytesArrived(long link, ByteBuf bytes) {
        give(new ClientInput.Received(link, bytes));
    }

    @Override
    void bytesLeft(long link, long bytes) {
        give(new ClientInput.Sent(link, bytes));
    }

    @Override
    void linkLost(long link, String reason) {
        give(new ClientInput.LinkClosed(link, reason));
    }

    @Override
    ClientInput timerFired() {
        return new ClientInput.TimerFired();
    }
}
