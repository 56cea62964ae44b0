package dst.sim;

import dst.protocol.ClientControl;
import dst.protocol.ClientSettings;
import dst.protocol.Control;
import dst.protocol.Machines;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.Unique;
import dst.sim.Plan.NodePlan;

/** A computer that a client runs on. */
final class ClientHost extends Host {
    private Runnable whenDetached = () -> {};
    private boolean detached;

    ClientHost(Scene scene, Machines machines, NodePlan plan, Disks disks) {
        super(scene, machines, Side.CLIENT, plan, disks);
    }

    ClientSettings settings() {
        return (ClientSettings) plan.settings();
    }

    void whenDetached(Runnable callback) {
        whenDetached = callback;
    }

    /** Asks the client to detach within so many nanoseconds of its own clock. */
    void detach(long nanos) {
        give(new ClientControl.Detach(nanos));
    }

    boolean isDetached() {
        return detached;
    }

    @Override
    boolean isListening() {
        return false;
    }

    @Override
    void started() {
        scene.counts.count(Counts.Item.CLIENT_STARTS);
        Unique token = new Unique(drawn("token", 0), drawn("token", 1));
        give(new Control.Started(token, drawn("seed", 0)));
        ports.started();
    }

    @Override
    void gone() {
        scene.counts.peak(Counts.Peak.CLIENT_MEMORY, pages().peakBytes());
    }

    @Override
    void told(Control.Tells told) {
        if (!(told instanceof ClientControl.Detached)) {
            throw Signal.misplaced(told);
        }
        detached = true;
        ports.finished();
        finish();
        whenDetached.run();
    }
}
