package dst.sim;

import dst.protocol.Range;
import dst.protocol.Words;
import dst.protocol.fault.Fault;
import dst.protocol.fault.Fault.Direction;
import dst.protocol.fault.Fault.Node;
import dst.protocol.fault.Fault.Strike;
import dst.protocol.fault.FaultKind;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries out faults, and says of each whether it struck something. None strikes after the healing. */
final class Strikes {
    private final Scene scene;
    private final Hosts hosts;
    private final Network network;
    private final Disks disks;
    private final Operator operator;

    Strikes(Scene scene, Hosts hosts, Network network, Disks disks) {
        this.scene = scene;
        this.hosts = hosts;
        this.network = network;
        this.disks = disks;
        this.operator = new Operator(scene, hosts, disks);
    }

    /** Lifts what lasts. */
    void heal() {
        network.conditions.heal();
        disks.all().forEach(storage -> storage.faults.heal());
        hosts.all().forEach(Host::spare);
        operator.heal();
    }

    void strike(Strike strike) {
        FaultKind kind = FaultKind.of(strike);
        if (scene.isHealed()) {
            scene.missed(kind);
            return;
        }
        switch (strike) {
            case Strike.Cut() -> links(kind, network.cut(), 0);
            case Strike.BlackHole(Direction direction, long nanos) -> {
                network.conditions.hole(scene.until(nanos));
                links(kind, network.hole(direction), nanos);
            }
            case Strike.Stall(Direction direction, long nanos) -> {
                network.conditions.stall(direction, scene.until(nanos));
                lasts(kind, nanos);
            }
            case Strike.Delay(long extraNanos, long nanos) -> {
                network.conditions.delayMore(extraNanos, scene.until(nanos));
                lasts(kind, nanos);
            }
            case Strike.Slow(long bytesPerSecond, long nanos) -> {
                network.conditions.slow(bytesPerSecond, scene.until(nanos));
                lasts(kind, nanos);
            }
            case Strike.Split(int bytesMax, long nanos) -> {
                network.conditions.split(bytesMax, scene.until(nanos));
                lasts(kind, nanos);
            }
            case Strike.Refuse(long nanos) -> network.conditions.refuse(scene.until(nanos));
            case Strike.Flip(Direction direction) -> network.conditions.flip(direction);
            case Strike.CutLate(long nanos) -> links(kind, network.cutLate(scene.until(nanos)), nanos);
            case Strike.Rebind() -> links(kind, network.rebind(), 0);
            case Strike.CutPath(int number) -> path(kind, number, path -> links(kind, network.cut(path), 0));
            case Strike.HolePath(int number, Direction direction, long nanos) ->
                path(kind, number, path -> {
                    path.hole(scene.until(nanos));
                    links(kind, network.hole(path, direction), nanos);
                });
            case Strike.DelayPath(int number, long extraNanos, long nanos) ->
                path(kind, number, path -> {
                    path.delayMore(extraNanos, scene.until(nanos));
                    lasts(kind, nanos);
                });
            case Strike.Crash(Node node, long restartNanos) ->
                process(kind, hosts.named(node.words()), restartNanos, host -> {
                    scene.counts.count(Counts.Item.CRASHES);
                    host.crash(false, scene.until(restartNanos));
                });
            case Strike.MemoryExhausted(Node node, long restartNanos) ->
                host(kind, node, host -> host.starve(restartNanos));
            case Strike.PowerCut(long restartNanos) -> powerCut(kind, restartNanos);
            case Strike.Pause(Node node, long nanos) ->
                process(kind, hosts.named(node.words()), nanos, host -> host.pause(scene.until(nanos)));
            case Strike.ClockJump(Node node, long nanos) -> clock(kind, node, 0, alarm -> alarm.jump(nanos));
            case Strike.ClockDrift(Node node, int ppm) -> clock(kind, node, Fault.FOR_GOOD, alarm -> alarm.drift(ppm));
            case Strike.StopClock(Node node, long nanos) ->
                clock(kind, node, nanos, alarm -> alarm.stop(scene.until(nanos)));
            case Strike.DiskSlow(long extraNanos, long nanos) -> {
                disk().slow(extraNanos, scene.until(nanos));
                lasts(kind, nanos);
            }
            case Strike.DiskStall(long nanos) -> disk().arm(kind, 1, Fault.FOR_GOOD, nanos);
            case Strike.ReadError(int times) -> disk().arm(kind, times, Fault.FOR_GOOD, 0);
            case Strike.WriteError(int times) -> disk().arm(kind, times, Fault.FOR_GOOD, 0);
            case Strike.FlushError(int times) -> disk().arm(kind, times, Fault.FOR_GOOD, 0);
            case Strike.ShortTransfer(int times) -> disk().arm(kind, times, Fault.FOR_GOOD, 0);
            case Strike.DiskLimit(int bytesMax, long nanos) ->
                disk().arm(kind, Integer.MAX_VALUE, scene.until(nanos), bytesMax);
            case Strike.DiskFull(long nanos) -> disk().arm(kind, Integer.MAX_VALUE, scene.until(nanos), 0);
            case Strike.LyingFlush(long nanos) -> disk().arm(kind, Integer.MAX_VALUE, scene.until(nanos), 0);
            case Strike.Misdirect() -> disk().arm(kind, 1, Fault.FOR_GOOD, 0);
            case Strike.LostWrite() -> disk().arm(kind, 1, Fault.FOR_GOOD, 0);
            case Strike.TornNeighbour() -> disk().arm(kind, 1, Fault.FOR_GOOD, 0);
            case Strike.BitRot(long offset) -> rot(kind, offset);
            case Strike.OlderDisk() -> operator.restoreDisk(kind);
            case Strike.OlderState() -> operator.restoreState(kind);
            case Strike.Resize(long size) -> operator.resize(kind, size);
            case Strike.Permit(var permission) -> operator.permit(kind, permission);
            case Strike.Share() -> operator.share(kind);
            case Strike.BlockSize(int bytes) -> operator.reblock(kind, bytes);
            case Strike.Limits(int transactions, int bytes, int largestTransfer) ->
                operator.limit(kind, transactions, bytes, largestTransfer);
            case Strike.Checksums(int offered) -> operator.offerChecksums(kind, offered);
            case Strike.Ciphers(int offered) -> operator.offerCiphers(kind, offered);
            case Strike.ReplaceDisk() -> operator.replaceDisk(kind);
            case Strike.Access(Node client, var permission, long nanos) ->
                operator.allow(kind, client, permission, nanos);
            case Strike.Restart(Node server, long deadlineNanos, long restartNanos) ->
                process(
                        kind,
                        hosts.named(server.words(), ServerHost.class),
                        deadlineNanos,
                        host -> host.leave(deadlineNanos, restartNanos));
            case Strike.RemoveExport(long deadlineNanos) ->
                process(
                        kind,
                        hosts.all(ServerHost.class).getFirst(),
                        deadlineNanos,
                        server -> server.removeExport(deadlineNanos));
            case Strike.Detach(Node client, long deadlineNanos) ->
                process(
                        kind,
                        hosts.named(client.words(), ClientHost.class),
                        deadlineNanos,
                        host -> host.detach(deadlineNanos));
        }
    }

    private DiskFaults disk() {
        return disks.all().getFirst().faults;
    }

    private void powerCut(FaultKind kind, long restartNanos) {
        scene.struck(kind, "server", scene.until(restartNanos));
        scene.counts.count(Counts.Item.POWER_CUTS);
        for (ServerHost server : hosts.all(ServerHost.class)) {
            server.crash(true, scene.until(restartNanos));
        }
    }

    private void rot(FaultKind kind, long offset) {
        if (offset < 0 || offset >= disks.all().getFirst().disk().size()) {
            scene.missed(kind);
            return;
        }
        scene.struck(kind, "the block at " + offset, new Range(offset, 1), scene.now());
        disks.all().getFirst().disk().rot(offset);
    }

    private void path(FaultKind kind, int number, Consumer<Path> hit) {
        if (number < 0 || number >= network.paths().size()) {
            scene.missed(kind);
        } else {
            hit.accept(network.paths().get(number));
        }
    }

    private void clock(FaultKind kind, Node node, long nanos, Consumer<Alarm> hit) {
        host(kind, node, host -> {
            scene.struck(kind, host.name, scene.until(nanos));
            hit.accept(host.alarm());
        });
    }

    private void host(FaultKind kind, Node node, Consumer<Host> hit) {
        Host host = hosts.named(node.words());
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

    private void links(FaultKind kind, int links, long nanos) {
        if (links > 0) {
            scene.struck(kind, links == 1 ? "one link" : links + " links", scene.until(nanos));
        } else {
            scene.missed(kind);
        }
    }

    private void lasts(FaultKind kind, long nanos) {
        scene.struck(
                kind, nanos == Fault.FOR_GOOD ? "until healed" : "for " + Words.seconds(nanos), scene.until(nanos));
    }
}
