package dst.scenarios.shrink;

import dst.protocol.Kind;
import dst.sim.Fault;
import dst.sim.Fault.Strike;
import dst.sim.Fault.When;
import dst.sim.Plan.OperationPlan;
import java.util.ArrayList;
import java.util.List;

/** The same operation or fault with a smaller or rounder number, the simplest first. */
final class Simpler {
    private static final long MILLI = 1_000_000;
    private static final long[] ROUND = {100 * MILLI, 10 * MILLI, MILLI, MILLI / 10};

    private Simpler() {}

    static List<OperationPlan> than(OperationPlan one, int blockSize) {
        List<OperationPlan> simpler = new ArrayList<>();
        if (one.after() != OperationPlan.NOTHING) {
            simpler.add(at(one, 0, OperationPlan.NOTHING));
        }
        for (long at : rounder(one.at())) {
            simpler.add(at(one, at, one.after()));
        }
        if (one.kind() != Kind.FLUSH && one.length() > blockSize) {
            for (long offset = one.offset(); offset < one.offset() + one.length(); offset += one.length() - blockSize) {
                simpler.add(new OperationPlan(
                        one.tag(), one.client(), one.at(), one.after(), one.kind(), offset, blockSize, one.durable()));
            }
        }
        if (one.durable()) {
            simpler.add(new OperationPlan(
                    one.tag(), one.client(), one.at(), one.after(), one.kind(), one.offset(), one.length(), false));
        }
        return simpler;
    }

    /** The same at another time. */
    static OperationPlan at(OperationPlan one, long at, long after) {
        return new OperationPlan(
                one.tag(), one.client(), at, after, one.kind(), one.offset(), one.length(), one.durable());
    }

    static List<Fault> than(Fault one) {
        List<Fault> simpler = new ArrayList<>();
        switch (one.when()) {
            case When.At(long nanos) -> {
                for (long at : rounder(nanos)) {
                    simpler.add(new Fault(new When.At(at), one.strike()));
                }
            }
            case When.AtMessage(Fault.Direction direction, long nth) -> {
                for (long lower : lower(nth)) {
                    simpler.add(new Fault(new When.AtMessage(direction, lower), one.strike()));
                }
            }
            case When.AtDiskWrite(long nth) -> {
                for (long lower : lower(nth)) {
                    simpler.add(new Fault(new When.AtDiskWrite(lower), one.strike()));
                }
            }
            case When.AtRecord(long nth) -> {
                for (long lower : lower(nth)) {
                    simpler.add(new Fault(new When.AtRecord(lower), one.strike()));
                }
            }
        }
        long nanos = lasting(one.strike());
        if (nanos != Fault.FOR_GOOD) {
            for (long rounder : rounder(nanos)) {
                simpler.add(new Fault(one.when(), lasting(one.strike(), rounder)));
            }
        }
        return simpler;
    }

    /** Nothing at all, then rounded down, the coarsest first. */
    private static List<Long> rounder(long nanos) {
        List<Long> rounder = new ArrayList<>();
        if (nanos > 0) {
            rounder.add(0L);
        }
        for (long unit : ROUND) {
            if (nanos > unit && nanos % unit != 0) {
                rounder.add(nanos - nanos % unit);
                rounder.add(nanos - nanos % unit + unit);
            }
        }
        return rounder;
    }

    private static List<Long> lower(long nth) {
        return nth <= 1 ? List.of() : nth == 2 ? List.of(1L) : List.of(1L, nth / 2, nth - 1);
    }

    /** How long it lasts; {@link Fault#FOR_GOOD} if that cannot be made rounder. */
    private static long lasting(Strike strike) {
        return switch (strike) {
            case Strike.BlackHole it -> it.nanos();
            case Strike.Stall it -> it.nanos();
            case Strike.Delay it -> it.nanos();
            case Strike.Slow it -> it.nanos();
            case Strike.Split it -> it.nanos();
            case Strike.Refuse it -> it.nanos();
            case Strike.CutLate it -> it.nanos();
            case Strike.Crash it -> it.restartNanos();
            case Strike.MemoryExhausted it -> it.restartNanos();
            case Strike.Restart it -> it.restartNanos();
            case Strike.PowerCut it -> it.restartNanos();
            case Strike.Pause it -> it.nanos();
            case Strike.DiskSlow it -> it.nanos();
            case Strike.DiskStall it -> it.nanos();
            case Strike.DiskFull it -> it.nanos();
            case Strike.LyingFlush it -> it.nanos();
            default -> Fault.FOR_GOOD;
        };
    }

    private static Strike lasting(Strike strike, long nanos) {
        return switch (strike) {
            case Strike.BlackHole it -> new Strike.BlackHole(it.direction(), nanos);
            case Strike.Stall it -> new Strike.Stall(it.direction(), nanos);
            case Strike.Delay it -> new Strike.Delay(it.extraNanos(), nanos);
            case Strike.Slow it -> new Strike.Slow(it.bytesPerSecond(), nanos);
            case Strike.Split it -> new Strike.Split(it.bytesMax(), nanos);
            case Strike.Refuse _ -> new Strike.Refuse(nanos);
            case Strike.CutLate _ -> new Strike.CutLate(nanos);
            case Strike.Crash it -> new Strike.Crash(it.node(), nanos);
            case Strike.MemoryExhausted it -> new Strike.MemoryExhausted(it.node(), nanos);
            case Strike.Restart it -> new Strike.Restart(it.server(), it.deadlineNanos(), nanos);
            case Strike.PowerCut _ -> new Strike.PowerCut(nanos);
            case Strike.Pause it -> new Strike.Pause(it.node(), nanos);
            case Strike.DiskSlow it -> new Strike.DiskSlow(it.extraNanos(), nanos);
            case Strike.DiskStall _ -> new Strike.DiskStall(nanos);
            case Strike.DiskFull _ -> new Strike.DiskFull(nanos);
            case Strike.LyingFlush _ -> new Strike.LyingFlush(nanos);
            default -> strike;
        };
    }
}
