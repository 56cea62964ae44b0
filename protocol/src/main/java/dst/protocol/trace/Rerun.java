package dst.protocol.trace;

import dst.protocol.Machine;
import dst.protocol.Signal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives a fresh machine the inputs of a recorded node, at their times, and compares what it wants done with what was recorded. A
 * process that ended within a step had no time to carry out all of it: what is missing there is no difference.
 */
public final class Rerun {
    private final Predicate<Layer> which;
    private final Supplier<Machine> machines;

    private final ArrayDeque<Signal> wanted = new ArrayDeque<>();
    private @Nullable Machine machine;
    private WorldEvent.ClockSet clock = new WorldEvent.ClockSet(0, 0, 0);
    private long inputCount;
    private long outputCount;

    /** What came of it. */
    public sealed interface Result {
        /** All outputs were the same. Damage: why the trace ended before its time, if it did. */
        record Same(long inputs, long outputs, Read.@Nullable Damaged damage) implements Result {}

        /**
         * The first output that was not the same. Input: the number of what the machine had been given last; 0 if nothing. Expected:
         * what was recorded; null if no output was. Got: what the machine wants; null if nothing.
         */
        record Different(
                long index,
                long input,
                @Nullable Object expected,
                @Nullable Object got) implements Result {}

        /** The machine fell over one of its own assertions at the input of this number. */
        record Fell(long input, Throwable failure) implements Result {}
    }

    private Rerun(Predicate<Layer> which, Supplier<Machine> machines) {
        this.which = which;
        this.machines = machines;
    }

    /** The machines are made anew for each process in the trace; whatever is seen within them is of no matter. */
    public static Result of(TraceReader trace, Supplier<Machine> machines) {
        return of(trace, Layer::isWhole, machines);
    }

    /** The same of one machine of a node, by itself. */
    public static Result of(TraceReader trace, Predicate<Layer> which, Supplier<Machine> machines) {
        return new Rerun(which, machines).run(trace);
    }

    /**
     * The same of each machine that nodes have within, each by itself, in the order in which they are seen first.
     *
     * @param kinds how the machines of a kind are made; all that they have to be told is in the trace. Of other kinds nothing is said
     */
    public static Map<Layer, Result> ofParts(TraceReader trace, Map<String, Supplier<Machine>> kinds) {
        Map<Layer, Rerun> parts = new LinkedHashMap<>();
        Map<Layer, Result> results = new LinkedHashMap<>();
        Read.Damaged damage = null;
        for (Read read = trace.next(); read != null; read = trace.next()) {
            if (read instanceof Read.Damaged damaged) {
                damage = damaged;
                break;
            }
            Read.Seen seen = (Read.Seen) read;
            Supplier<Machine> made = kinds.get(seen.layer().kind());
            if (seen.value() instanceof WorldEvent event) {
                parts.values().forEach(part -> part.happened(event));
            } else if (made != null && !results.containsKey(seen.layer())) {
                Rerun part = parts.computeIfAbsent(seen.layer(), layer -> new Rerun(layer::equals, made));
                Result result = part.take(seen);
                if (result != null) {
                    results.put(seen.layer(), result);
                }
            }
        }
        for (Map.Entry<Layer, Rerun> part : parts.entrySet()) {
            Rerun run = part.getValue();
            run.end();
            results.putIfAbsent(part.getKey(), new Result.Same(run.inputCount, run.outputCount, damage));
        }
        return results;
    }

    private Result run(TraceReader trace) {
        try {
            for (Read read = trace.next(); read != null; read = trace.next()) {
                if (read instanceof Read.Damaged damaged) {
                    return new Result.Same(inputCount, outputCount, damaged);
                }
                Result result = take((Read.Seen) read);
                if (result != null) {
                    return result;
                }
            }
            return new Result.Same(inputCount, outputCount, null);
        } finally {
            end();
        }
    }

    /** Null as long as all is the same. */
    private @Nullable Result take(Read.Seen seen) {
        Object value = seen.value();
        if (value instanceof WorldEvent event) {
            happened(event);
            return null;
        }
        if (!which.test(seen.layer())) {
            return null;
        }
        Signal signal = (Signal) value;
        if (signal instanceof Signal.Input input) {
            return wanted.isEmpty() ? step(seen, input) : different(null);
        }
        Signal got = wanted.peek();
        if (!signal.equals(got)) {
            return different(signal);
        }
        wanted.remove();
        Signal.release(got);
        outputCount++;
        return null;
    }

    private void happened(WorldEvent event) {
        switch (event) {
            case WorldEvent.ProcessStarted _,
                    WorldEvent.ProcessCrashed _,
                    WorldEvent.ProcessEnded _,
                    WorldEvent.PowerCut _ -> end();
            case WorldEvent.ClockSet set -> clock = set;
            case WorldEvent.Struck _, WorldEvent.Healed _, WorldEvent.UsedByOthers _, WorldEvent.MediaHolds _ -> {}
        }
    }

    private @Nullable Result step(Read.Seen seen, Signal input) {
        Machine stepped = machine;
        if (stepped == null) {
            stepped = machines.get();
            machine = stepped;
        }
        inputCount++;
        List<Signal> outbox = new ArrayList<>();
        try {
            stepped.step(clock.at(seen.now()), input, outbox);
        } catch (RuntimeException | AssertionError | StackOverflowError failure) {
            machine = null; // Its buffers are anywhere.
            return new Result.Fell(inputCount, failure);
        }
        wanted.addAll(outbox);
        return null;
    }

    private Result different(@Nullable Object expected) {
        return new Result.Different(outputCount + 1, inputCount, expected, wanted.poll());
    }

    /** The input of that number, of one machine: those that a machine was given are its own, and cannot be shown any more. */
    public static Read.@Nullable Seen input(TraceReader trace, Predicate<Layer> which, long number) {
        long count = 0;
        for (Read read = trace.next(); read instanceof Read.Seen seen; read = trace.next()) {
            if (seen.value() instanceof Signal.Input && which.test(seen.layer()) && ++count == number) {
                return seen;
            }
        }
        return null;
    }

    /** The process is over. */
    private void end() {
        wanted.forEach(Signal::release);
        wanted.clear();
        Machine over = machine;
        machine = null;
        if (over != null) {
            over.discard();
        }
    }
}
