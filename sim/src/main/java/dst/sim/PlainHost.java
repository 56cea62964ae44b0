package dst.sim;

import dst.protocol.Control;
import dst.protocol.Machines;
import dst.protocol.Unique;
import dst.sim.Plan.NodePlan;

/** A computer that a node of any other kind runs on: whatever it needs beside its ports it is given as it starts. */
final class PlainHost extends Host {
    private final Event openDisks = Event.calling(() -> open(0));

    PlainHost(Scene scene, Machines machines, NodePlan plan, Disks disks) {
        super(scene, machines, machines.side(plan.kind()), plan, disks);
    }

    @Override
    boolean isListening() {
        return isUp();
    }

    @Override
    void started() {
        Unique token = new Unique(drawn("token", 0), drawn("token", 1));
        give(new Control.Started(token, drawn("seed", 0)));
        scene.clock.schedule(openDisks, scene.now());
        ports.started();
    }

    @Override
    void gone() {
        scene.clock.cancel(openDisks);
    }

    @Override
    void told(Control.Tells told) {}

    private void open(int disk) {
        if (disk < ports.disks().size()) {
            ports.disks().get(disk).open(() -> open(disk + 1));
        }
    }
}
