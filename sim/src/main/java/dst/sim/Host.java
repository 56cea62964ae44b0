package dst.sim;

import dst.protocol.Control;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.Prng;
import dst.protocol.Rule;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.trace.Layer;
import dst.protocol.trace.WorldEvent;
import dst.sim.Plan.HostPlan;
import dst.sim.Plan.NodePlan;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A computer with one machine as its process: its memory, its clock, its life. A process takes one input at a
 * time; what comes while it stands still waits, what comes while there is none is dropped.
 */
abstract class Host {
    private static final long HOSTILE_RESTART_NANOS = 10_000_000;

    final Scene scene;
    final NodePlan plan;
    final String name;

    /** Where its machine is. */
    final Layer layer;

    final Side side;
    final HostClock clock;

    /** Whether its program keeps to the protocol; of another one nothing is demanded. */
    final boolean honest;

    final LongObjectHashMap<Connection.End> ends = new LongObjectHashMap<>();

    /** What its process stands on and offers. */
    final Ports ports;

    private final Machines machines;
    private final Pages.Memory memory;
    private @Nullable Network network;
    private @Nullable Faults faults;
    private Pages pages;
    private @Nullable Machine machine;
    private long incarnation;
    private boolean finished;
    private long upAt;
    private String program;

    private final ArrayDeque<Signal> inbox = new ArrayDeque<>();
    private final ArrayList<Signal> outbox = new ArrayList<>();
    private int carried;
    private boolean stepping;

    /** Within the machine's own code, not while its outputs are carried out. */
    private boolean inMachine;

    private final Shortages shortages;

    private final Event start = Event.calling(this::begin);
    private final Event resume = Event.calling(this::takeWaiting);
    private final Alarm alarm;
    private long pausedUntil;
    private final Unrest unrest = new Unrest();

    Host(Scene scene, Machines machines, Side side, NodePlan node, Disks disks) {
        HostPlan plan = node.host();
        this.scene = scene;
        this.machines = machines;
        this.plan = node;
        this.name = node.name();
        this.layer = new Layer(name, node.kind(), 0);
        this.side = side;
        this.ports = new Ports(this, disks);
        this.memory = new Pages.Memory(plan.pageSize());
        this.pages = new Pages(memory, scene::now);
        this.shortages = new Shortages(scene, name);
        long source = scene.source(name + " clock");
        this.clock = new HostClock(Draw.between(source, 0, 1_000_000_000_000L), plan.clockPpm());
        this.alarm = new Alarm(scene.clock, clock, this);
        this.honest = plan.isHonest();
        this.program = plan.program();
    }

    /** The process is there: hand over its first inputs. */
    abstract void started();

    /** The process is gone: let go of what was done on its behalf beside its ports. */
    abstract void gone();

    /** The process tells what only its kind tells. */
    abstract void told(Control.Tells told);

    /** Whether its process takes connections. */
    abstract boolean isListening();

    /** What lies around this host; known before anything happens. */
    final void join(Network itsNetwork, Faults itsFaults) {
        network = itsNetwork;
        faults = itsFaults;
    }

    final Network network() {
        return Objects.requireNonNull(network);
    }

    final Faults faults() {
        return Objects.requireNonNull(faults);
    }

    /** Which program its processes run (see {@code Machines.variant}). */
    final String program() {
        return program;
    }

    final void install(String another) {
        program = another;
    }

    /** It is wrong, and it is this host's process that is accused; unless nothing is demanded of it. */
    final void find(Rule rule, Object... sentence) {
        if (honest) {
            scene.find(rule, side, sentence);
        }
    }

    /** Whether there is a process. */
    final boolean isUp() {
        return machine != null;
    }

    /** Whether there is a process that has not ended its work by itself. */
    final boolean isWorking() {
        return machine != null && !finished;
    }

    /** The machine has ended: it is given nothing more. */
    final void finish() {
        finished = true;
        inbox.forEach(Signal::release);
        inbox.clear();
    }

    final long incarnation() {
        return incarnation;
    }

    /** When a host without a process will have one again. */
    final long upAt() {
        return upAt;
    }

    final Pages pages() {
        return pages;
    }

    final long hostNow() {
        return clock.at(scene.now());
    }

    /** Until when the process stands still; in the past if it does not. */
    final long pausedUntil() {
        return pausedUntil;
    }

    final boolean isPaused() {
        return pausedUntil > scene.now();
    }

    final void startAt(long at) {
        upAt = at;
        scene.clock.schedule(start, at);
    }

    /** There will be no process any more if there is none. */
    final void stayDown() {
        scene.clock.cancel(start);
    }

    /** Hands an input to the process: at once, or as soon as it can take one, behind what waits already. */
    final void give(Signal input) {
        if (!isWorking()) {
            Signal.release(input);
            return;
        }
        inbox.add(input);
        if (!stepping) {
            takeWaiting();
        }
    }

    final void pause(long until) {
        pausedUntil = Math.max(pausedUntil, until);
        scene.clock.schedule(resume, pausedUntil);
    }

    /** The host's clock as its timer goes by it. */
    final Alarm alarm() {
        return alarm;
    }

    final void giveTimer() {
        give(new Control.TimerFired());
    }

    /** The next request for memory ends the process. */
    final void starve(long restartNanos) {
        shortages.plan(restartNanos);
        pages.exhaust(this::memoryExhausted);
    }

    /** There is memory again. */
    final void spare() {
        shortages.end();
    }

    /** No page is left for this process. What the world does on its behalf may go on with the page: it is the dead one's. */
    private void memoryExhausted() {
        if (!isWorking() || shortages.isEmpty()) {
            return;
        }
        if (inMachine) {
            throw new Pages.Exhausted();
        }
        starved();
    }

    private void starved() {
        crash(false, shortages.strike());
    }

    /** Ends the process without asking it, checks that all its memory came back, and has it start again later. */
    final void crash(boolean powerLost, long restartAt) {
        scene.tap.saw(scene.now(), layer, powerLost ? new WorldEvent.PowerCut() : new WorldEvent.ProcessCrashed());
        end(powerLost);
        startAt(restartAt);
    }

    /** Ends the process, if there is one, and checks that all its memory came back. */
    final void end(boolean powerLost) {
        Machine ending = machine;
        if (ending == null) {
            hostEnded(powerLost);
            return;
        }
        machine = null;
        for (int i = carried + 1; stepping && !inMachine && i < outbox.size(); i++) {
            Signal.release(outbox.get(i));
        }
        outbox.clear();
        inbox.forEach(Signal::release);
        inbox.clear();
        alarm.off();
        pausedUntil = 0;
        hostEnded(powerLost);
        if (inMachine) {
            // A step that was broken off has its buffers anywhere: in locals, half handed over, in the outbox and in a
            // list. No order of releasing them is right, and none is needed: a host has its memory back when a process
            // ends.
            return;
        }
        try {
            ending.discard();
        } catch (RuntimeException | AssertionError failure) {
            failed(failure);
            return;
        }
        if (pages.live() != 0) {
            find(Rules.R7, pages.leaked(Sentence.of("the ", new Sentence.Name(name), "'s process ", incarnation)));
        }
    }

    private void hostEnded(boolean powerLost) {
        network().hostEnded(this, powerLost);
        gone();
        ports.gone(powerLost);
    }

    private void begin() {
        incarnation++;
        finished = false;
        pages = new Pages(memory, scene::now);
        Machine begun = machines.variant(program).machine(plan.kind(), plan.settings(), pages);
        machine = begun;
        scene.lookInside(begun, layer);
        if (begun instanceof Witness witness) {
            witness.tells((rule, sentence) -> find(rule, sentence));
        }
        if (!shortages.isEmpty()) {
            pages.exhaust(this::memoryExhausted);
        }
        scene.tap.saw(scene.now(), layer, new WorldEvent.ProcessStarted());
        clockSet();
        started();
    }

    /** A machine's time is its host's: whoever gives it its inputs again has to know that. */
    final void clockSet() {
        scene.tap.saw(scene.now(), layer, clock.set());
    }

    /** What was given to the process and has not been taken by it. */
    final Iterable<Signal> waiting() {
        return inbox;
    }

    private void takeWaiting() {
        while (!inbox.isEmpty() && isWorking() && !isPaused()) {
            step(inbox.remove());
        }
    }

    private void step(Signal input) {
        Machine stepped = machine;
        if (stepped == null || scene.isEnded() || isRestless()) {
            Signal.release(input);
            return;
        }
        long now = scene.now();
        scene.counts.count(Counts.Item.INPUTS);
        scene.tap.saw(now, layer, input);
        stepping = true;
        inMachine = true;
        long deadline;
        try {
            stepped.step(clock.at(now), input, outbox);
            deadline = stepped.nextDeadline();
        } catch (Pages.Exhausted _) {
            // Not the machine's error: it cannot go on without memory.
            starved();
            inMachine = false;
            stepping = false;
            return;
        } catch (RuntimeException | AssertionError | StackOverflowError failure) {
            inMachine = false;
            stepping = false;
            failed(failure);
            return;
        }
        inMachine = false;
        if (stepped instanceof Mischief it && it.hasJustBegun()) {
            scene.stood(Standing.HOSTILE, "the " + name + "'s program");
        }
        for (carried = 0; carried < outbox.size(); carried++) {
            Signal output = outbox.get(carried);
            scene.counts.count(Counts.Item.OUTPUTS);
            scene.tap.saw(now, layer, output);
            ports.carryOut(output);
        }
        outbox.clear();
        stepping = false;
        if (isWorking()) {
            alarm.set(deadline);
        } else {
            alarm.off();
        }
    }

    private boolean isRestless() {
        if (!unrest.steps(scene.now())) {
            return false;
        }
        broken(
                Rules.G6,
                "the ",
                new Sentence.Name(name),
                " took ",
                Unrest.STEPS_AT_ONCE,
                " steps at one instant and still goes on");
        return true;
    }

    /** We are wrong: the process fell over one of its own assertions. */
    private void failed(Throwable failure) {
        broken(Rules.G8, Failures.sentence(name, failure));
    }

    /** Nothing after this can be judged, unless nothing is demanded of this process: then it is as if it had crashed. */
    final void broken(Rule rule, Object... sentence) {
        if (honest) {
            find(rule, sentence);
            scene.end();
        } else {
            crash(false, scene.now() + HOSTILE_RESTART_NANOS);
        }
    }

    /** A number that nobody else draws, for this process. */
    final long drawn(String purpose, long nth) {
        return Prng.hash(scene.source(name), Prng.hash(0, purpose), incarnation, nth);
    }
}
