package dst.sim;

import dst.protocol.ClientInput;
import dst.protocol.ClientOutput;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Side;
import dst.protocol.Unique;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The computer that the client runs on: it carries out what a client wants done. */
final class ClientHost extends Host<ClientInput, ClientOutput> {
    private final Machines machines;
    private @Nullable Workload workload;
    private Runnable whenDetached = () -> {};
    private long linksOpened;
    private boolean detached;

    ClientHost(Scene scene, Machines machines) {
        super(scene, "client", Side.CLIENT, scene.plan.clients().getFirst().host());
        this.machines = machines;
    }

    void serve(Workload itsWorkload, Runnable callWhenDetached) {
        workload = itsWorkload;
        whenDetached = callWhenDetached;
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
        scene.counts.count(Counts.Item.OPENED);
        if (linksOpened++ > 0) {
            scene.counts.count(Counts.Item.RECONNECTS);
        }
        give(new ClientInput.LinkOpened(link));
    }

    @Override
    Machine<ClientInput, ClientOutput> newMachine(Pages pages) {
        return machines.variant(scene.plan.clients().getFirst().host().program())
                .client(scene.plan.clients().getFirst().settings(), pages);
    }

    @Override
    void started() {
        scene.counts.count(Counts.Item.CLIENT_STARTS);
        linksOpened = 0;
        Unique token = new Unique(drawn("token", 0), drawn("token", 1));
        give(new ClientInput.Started(token, drawn("seed", 0)));
        if (workload != null) {
            workload.clientStarted();
        }
    }

    @Override
    void gone(boolean powerLost) {
        if (workload != null) {
            workload.clientGone();
        }
    }

    @Override
    void carryOut(ClientOutput output) {
        switch (output) {
            case ClientOutput.Connect(long link, int _) -> network().connect(this, link);
            case ClientOutput.Send(long link, ByteBuf bytes) -> {
                network().send(this, link, bytes);
                strikes().messageSent(Pipe.TO_SERVER);
            }
            case ClientOutput.Close(long link, var _) -> network().close(this, link);
            case ClientOutput.Reading(long link, boolean wanted) -> network().reading(this, link, wanted);
            case ClientOutput.Completed(long tag, Outcome outcome) -> completed(tag, outcome);
            case ClientOutput.Changed _, ClientOutput.Copied _ -> {}
            case ClientOutput.Failed _ -> scene.counts.count(Counts.Item.DEVICES_FAILED);
            case ClientOutput.Detached _ -> detached();
            case ClientOutput.Noted _ -> {}
        }
    }

    private void completed(long tag, Outcome outcome) {
        if (workload != null) {
            workload.settled(tag, outcome);
        }
        drop(outcome);
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
        if (workload != null) {
            workload.clientDetached();
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
