package dst.sim;

import dst.protocol.ClientSettings;
import dst.protocol.Holding;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Side;
import java.util.ArrayList;
import java.util.List;

/**
 * The course of a run: faults strike; they are healed and everything has to settle; each client is detached as soon as its work
 * is over, since another one may wait for that; the servers come to rest. Its event is what comes next of this.
 */
final class Course extends Event {
    /** After the clients have ended, a server has this long to see it and come to rest. */
    private static final long REST_NANOS = 1_000_000_000;

    private final Scene scene;
    private final Hosts hosts;
    private final Disks disks;
    private final Faults faults;
    private final Workload workload;
    private final List<Detaching> detaching = new ArrayList<>();
    private Phase phase = Phase.FAULTS;
    private long lastDetached;
    private long restBy;

    private enum Phase {
        /** Faults strike. */
        FAULTS,
        /** Healed: every operation has to settle, and then every client to detach. */
        SETTLING,
        /** The servers come to rest. */
        RESTING
    }

    Course(Scene scene, Hosts hosts, Disks disks, Faults faults, Workload workload) {
        this.scene = scene;
        this.hosts = hosts;
        this.disks = disks;
        this.faults = faults;
        this.workload = workload;
        for (Submitter submitter : workload.submitters()) {
            detaching.add(new Detaching(submitter));
        }
    }

    void begin() {
        scene.clock.schedule(this, scene.plan.healAt());
        // Who opens no links is there when the others begin.
        for (boolean opens : new boolean[] {false, true}) {
            for (Host host : hosts.all()) {
                if (host.plan.ways().isEmpty() != opens) {
                    host.startAt(host.plan.startAt());
                }
            }
        }
        faults.begin();
        workload.begin(this::workOver);
    }

    boolean isOver() {
        return phase == Phase.RESTING && !isScheduled();
    }

    @Override
    void happen() {
        switch (phase) {
            case FAULTS -> heal();
            case SETTLING -> checkSettled();
            case RESTING -> rested();
        }
    }

    private void heal() {
        phase = Phase.SETTLING;
        scene.heal();
        faults.heal();
        for (Detaching one : detaching) {
            if (!one.host.honest) {
                // The fault is over: whoever is up to no good goes away for good.
                one.host.crash(false, scene.now());
                one.host.stayDown();
                one.submitter.giveUp();
                one.ended();
            } else if (one.submitter.isOver()) {
                one.soon();
            }
        }
        if (phase == Phase.SETTLING) {
            scene.clock.schedule(this, settledBy());
        }
    }

    private void workOver(Submitter submitter) {
        if (phase == Phase.SETTLING) {
            for (Detaching one : detaching) {
                if (one.submitter.equals(submitter)) {
                    one.soon();
                }
            }
        }
    }

    private long settledBy() {
        long since = Math.max(scene.plan.healAt(), Math.max(workload.lastSubmitted(), lastDetached));
        return Clock.plus(since, scene.plan.settleWithin());
    }

    private void checkSettled() {
        if (detaching.stream().noneMatch(this::hangs)) {
            // The next operation's time has not come, or a client is being detached.
            scene.clock.schedule(this, Clock.plus(scene.now(), scene.plan.settleWithin()));
        } else if (settledBy() > scene.now()) {
            scene.clock.schedule(this, settledBy());
        } else {
            scene.find(
                    Rules.G6,
                    Side.OPEN,
                    "not settled within ",
                    new Sentence.Time(scene.plan.settleWithin()),
                    " after the faults were healed and the last operation was submitted: ",
                    workload.unsettled());
            detaching.forEach(Detaching::soon);
        }
    }

    private boolean hangs(Detaching one) {
        return one.state == Detaching.State.WORKING && !one.submitter.isIdle() && !waitsForItsTurn(one);
    }

    /** Whether it leaves the export to a client that has nothing to do at the moment and will have later (H5, wait). */
    private boolean waitsForItsTurn(Detaching one) {
        return one.host.plan.settings() instanceof ClientSettings settings
                && settings.policy().holding() == Holding.WAIT
                && detaching.stream()
                        .anyMatch(other -> !other.equals(one) && other.isFor(settings.export()) && other.isGoingOn());
    }

    private void rested() {
        if (!disks.areIdle() && scene.now() < restBy) {
            scene.clock.schedule(this, scene.now() + REST_NANOS);
        }
    }

    private void rest() {
        phase = Phase.RESTING;
        restBy = Clock.plus(scene.now(), scene.plan.settleWithin());
        scene.clock.schedule(this, scene.now() + REST_NANOS);
    }

    /** The end of one node's work: a client is asked to detach, and has until its event to do so (L5). */
    private final class Detaching extends Event {
        final Submitter submitter;
        final Host host;
        State state = State.WORKING;

        private enum State {
            WORKING,
            /** It will be asked as soon as what happens at this instant is over. */
            TO_BE_ASKED,
            ASKED,
            ENDED
        }

        Detaching(Submitter submitter) {
            this.submitter = submitter;
            this.host = submitter.host;
            if (host instanceof ClientHost client) {
                client.whenDetached(() -> {
                    if (state == State.ASKED) {
                        scene.clock.schedule(this, scene.now());
                    }
                });
            }
        }

        /** Whether it does not hang, and is not over. */
        boolean isGoingOn() {
            return state == State.WORKING ? submitter.isIdle() : state != State.ENDED;
        }

        boolean isFor(String export) {
            return host.plan.settings() instanceof ClientSettings settings
                    && settings.export().equals(export);
        }

        void soon() {
            if (state == State.WORKING) {
                state = State.TO_BE_ASKED;
                scene.clock.schedule(this, scene.now());
            }
        }

        @Override
        void happen() {
            if (state == State.TO_BE_ASKED && host.isWorking() && host instanceof ClientHost client) {
                ask(client);
                return;
            }
            if (state == State.ASKED && host instanceof ClientHost client && !client.isDetached()) {
                client.find(
                        Rules.L5,
                        "the ",
                        new Sentence.Name(client.name),
                        " was asked to detach within ",
                        new Sentence.Time(scene.plan.settleWithin()),
                        " and has not ended");
            }
            ended();
        }

        private void ask(ClientHost client) {
            state = State.ASKED;
            long within = scene.plan.settleWithin();
            long deadline = Clock.plus(client.hostNow(), within);
            scene.clock.schedule(this, Clock.plus(client.clock.whenShows(deadline, scene.now()), REST_NANOS));
            client.detach(within);
        }

        void ended() {
            state = State.ENDED;
            if (host instanceof ClientHost) {
                host.stayDown();
            }
            lastDetached = scene.now();
            if (detaching.stream().allMatch(one -> one.state == State.ENDED)) {
                rest();
            }
        }
    }
}
