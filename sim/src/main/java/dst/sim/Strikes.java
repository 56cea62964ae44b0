package dst.sim;

import dst.protocol.Range;
import dst.protocol.Words;
import dst.protocol.fault.Fault;
import dst.protocol.fault.Fault.Strike;
import dst.protocol.fault.FaultKind;
import dst.protocol.fault.Target;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries out faults, and says of each whether it struck something. None strikes after the healing. */
final class Strikes {
    private final Scene scene;
    private final Hosts hosts;
    private final Network network;
    private final Disks disks;
    private final Operator operator;

    Strikes(Scene scene, Hosts hosts, Network network, Disks disks, Reach reach) {
        this.scene = scene;
        this.hosts = hosts;
        this.network = network;
        this.disks = disks;
        this.operator = new Operator(scene, hosts, disks, reach);
    }

    /** Lifts what lasts. */
    void heal() {
        network.strikes.heal();
        disks.all().forEach(storage -> storage.faults.heal());
        hosts.all().forEach(Host::spare);
        operator.heal();
    }

    void strike(Fault fault) {
        FaultKind kind = FaultKind.of(fault.strike());
        if (scene.isHealed()) {
            scene.missed(kind);
            return;
        }
        Target target = fault.target();
        switch (fault.strike()) {
            case Strike.OnLinks strike -> network.strikes.strike(kind, strike, target);
            case Strike.OnNodes strike -> onNodes(kind, strike, target);
            case Strike.OnDisks strike -> {
                List<Storage> hit = disks.of(target);
                hit.forEach(storage -> onDisk(kind, strike, storage));
                if (hit.isEmpty()) {
                    scene.missed(kind);
                }
            }
        }
    }

    private void onNodes(FaultKind kind, Strike.OnNodes strike, Target target) {
        String name = target.name();
        switch (strike) {
            case Strike.Crash(long restartNanos) ->
                process(kind, hosts.named(name), restartNanos, host -> {
                    scene.counts.count(Counts.Item.CRASHES);
                    host.crash(false, scene.until(restartNanos));
                });
            case Strike.MemoryExhausted(long restartNanos) -> host(kind, name, host -> host.starve(restartNanos));
            case Strike.PowerCut(long restartNanos) -> powerCut(kind, target, restartNanos);
            case Strike.Pause(long nanos) ->
                process(kind, hosts.named(name), nanos, host -> host.pause(scene.until(nanos)));
            case Strike.ClockJump(long nanos) -> clock(kind, name, 0, alarm -> alarm.jump(nanos));
            case Strike.ClockDrift(int ppm) -> clock(kind, name, Fault.FOR_GOOD, alarm -> alarm.drift(ppm));
            case Strike.StopClock(long nanos) -> clock(kind, name, nanos, alarm -> alarm.stop(scene.until(nanos)));
            case Strike.Access(var permission, long nanos) -> operator.allow(kind, name, permission, nanos);
            case Strike.Restart(long deadlineNanos, long restartNanos) ->
                process(
                        kind,
                        hosts.named(name, ServerHost.class),
                        deadlineNanos,
                        host -> host.leave(deadlineNanos, restartNanos));
            case Strike.RemoveExport(long deadlineNanos) -> {
                ServerHost server = target.equals(Target.ALL)
                        ? hosts.all(ServerHost.class).stream().findFirst().orElse(null)
                        : hosts.named(name, ServerHost.class);
                process(kind, server, deadlineNanos, host -> host.removeExport(deadlineNanos));
            }
            case Strike.Detach(long deadlineNanos) ->
                process(kind, hosts.named(name, ClientHost.class), deadlineNanos, host -> host.detach(deadlineNanos));
        }
    }

    private void onDisk(FaultKind kind, Strike.OnDisks strike, Storage storage) {
        DiskFaults faults = storage.faults;
        switch (strike) {
            case Strike.DiskSlow(long extraNanos, long nanos) -> {
                faults.slow(extraNanos, scene.until(nanos));
                lasts(kind, nanos);
            }
            case Strike.DiskStall(long nanos) -> faults.arm(kind, 1, Fault.FOR_GOOD, nanos);
            case Strike.ReadError(int times) -> faults.arm(kind, times, Fault.FOR_GOOD, 0);
            case Strike.WriteError(int times) -> faults.arm(kind, times, Fault.FOR_GOOD, 0);
            case Strike.FlushError(int times) -> faults.arm(kind, times, Fault.FOR_GOOD, 0);
            case Strike.ShortTransfer(int times) -> faults.arm(kind, times, Fault.FOR_GOOD, 0);
            case Strike.DiskLimit(int bytesMax, long nanos) ->
                faults.arm(kind, Integer.MAX_VALUE, scene.until(nanos), bytesMax);
            case Strike.DiskFull(long nanos) -> faults.arm(kind, Integer.MAX_VALUE, scene.until(nanos), 0);
            case Strike.LyingFlush(long nanos) -> faults.arm(kind, Integer.MAX_VALUE, scene.until(nanos), 0);
            case Strike.Misdirect() -> faults.arm(kind, 1, Fault.FOR_GOOD, 0);
            case Strike.LostWrite() -> faults.arm(kind, 1, Fault.FOR_GOOD, 0);
            case Strike.TornNeighbour() -> faults.arm(kind, 1, Fault.FOR_GOOD, 0);
            case Strike.BitRot(long offset) -> rot(kind, offset, storage.disk());
            case Strike.Reconfigures change -> operator.change(kind, change, storage);
        }
    }

    private void powerCut(FaultKind kind, Target target, long restartNanos) {
        List<ServerHost> hit = hosts.all(ServerHost.class).stream()
                .filter(server -> target.equals(Target.ALL) || server.name.equals(target.name()))
                .toList();
        if (hit.isEmpty()) {
            scene.missed(kind);
            return;
        }
        scene.struck(kind, target.equals(Target.ALL) ? "server" : target.name(), scene.until(restartNanos));
        scene.counts.count(Counts.Item.POWER_CUTS);
        for (ServerHost server : hit) {
            server.crash(true, scene.until(restartNanos));
        }
    }

    private void rot(FaultKind kind, long offset, SimulatedDisk disk) {
        if (offset < 0 || offset >= disk.size()) {
            scene.missed(kind);
            return;
        }
        scene.struck(kind, "the block at " + offset, new Range(offset, 1), scene.now());
        disk.rot(offset);
    }

    private void clock(FaultKind kind, String name, long nanos, Consumer<Alarm> hit) {
        host(kind, name, host -> {
            scene.struck(kind, host.name, scene.until(nanos));
            hit.accept(host.alarm());
        });
    }

    private void host(FaultKind kind, String name, Consumer<Host> hit) {
        Host host = hosts.named(name);
        if (host == null) {
            scene.missed(kind);
        } else {
            hit.accept(host);
        }
    }

    /** Hits a process if there is one; counted either way. */
    private <H extends Host> void process(FaultKind kind, @Nullable H host, long nanos, Consumer<H> hit) {
        if (host != null && host.isWorking()) {
            scene.struck(kind, host.name, scene.until(nanos));
            hit.accept(host);
        } else {
            scene.missed(kind);
        }
    }

    private void lasts(FaultKind kind, long nanos) {
        scene.struck(
                kind, nanos == Fault.FOR_GOOD ? "until healed" : "for " + Words.seconds(nanos), scene.until(nanos));
    }
}
