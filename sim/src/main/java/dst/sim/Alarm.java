package dst.sim;

import dst.protocol.Machine;

/** A host's only timer, which goes by the host's own clock. */
final class Alarm extends Event {
    private final Clock world;
    private final HostClock clock;
    private final Host host;
    private long deadline = Machine.NEVER;

    Alarm(Clock world, HostClock clock, Host host) {
        this.world = world;
        this.clock = clock;
        this.host = host;
    }

    void set(long newDeadline) {
        if (newDeadline == deadline) {
            return;
        }
        deadline = newDeadline;
        if (deadline == Machine.NEVER) {
            world.cancel(this);
        } else {
            setAgain();
        }
    }

    void off() {
        world.cancel(this);
        deadline = Machine.NEVER;
    }

    void jump(long nanos) {
        clock.jump(world.now(), nanos);
        setToOther();
    }

    void drift(int ppm) {
        clock.drift(world.now(), ppm);
        setToOther();
    }

    void stop(long until) {
        clock.stop(world.now(), until);
        setToOther();
    }

    private void setToOther() {
        host.clockSet();
        setAgain();
    }

    private void setAgain() {
        if (deadline != Machine.NEVER) {
            world.schedule(this, clock.whenShows(deadline, world.now()));
        }
    }

    @Override
    void happen() {
        if (host.isPaused()) {
            world.schedule(this, host.pausedUntil());
            return;
        }
        deadline = Machine.NEVER;
        host.giveTimer();
    }
}
