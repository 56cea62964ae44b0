package dst.sim;

import dst.protocol.Words;
import dst.sim.Fault.Direction;
import dst.sim.Fault.Node;
import dst.sim.Fault.Strike;
import dst.sim.Fault.When;
import java.util.ArrayList;

/** Carries out the plan's faults, and says of each whether it struck something. None strikes after the healing. */
final class Strikes {
    private final Scene scene;
    private final ClientHost client;
    private final ServerHost server;
    private final Network network;
    private final DiskFaults disk;
    private final ArrayList<Fault> byMessage = new ArrayList<>();
    private final ArrayList<Fault> byDiskWrite = new ArrayList<>();
    private final long[] messages = new long[2];
    private long diskWrites;

    Strikes(Scene scene, ClientHost client, ServerHost server, Network network, DiskFaults disk) {
        this.scene = scene;
        this.client = client;
        this.server = server;
        this.network = network;
        this.disk = disk;
    }

    /** The kind of a fault as plans and reports name it. */
    static String kind(Strike strike) {
        return switch (strike) {
            case Strike.Cut _ -> "cut";
            case Strike.BlackHole _ -> "black-hole";
            case Strike.Stall _ -> "stall";
            case Strike.Delay _ -> "delay";
            case Strike.Slow _ -> "slow";
            case Strike.Split _ -> "split";
            case Strike.Refuse _ -> "refuse";
            case Strike.Flip _ -> "flip";
            case Strike.CutLate _ -> "cut-late";
            case Strike.Rebind _ -> "rebind";
            case Strike.CutPath _ -> "cut-path";
            case Strike.HolePath _ -> "hole-path";
            case Strike.DelayPath _ -> "delay-path";
            case Strike.Crash _ -> "crash";
            case Strike.MemoryExhausted _ -> "memory-exhausted";
            case Strike.PowerCut _ -> "power-cut";
            case Strike.Pause _ -> "pause";
            case Strike.ClockJump _ -> "clock-jump";
            case Strike.ClockDrift _ -> "clock-drift";
            case Strike.StopClock _ -> "stop-clock";
            case Strike.DiskSlow _ -> "disk-slow";
            case Strike.DiskStall _ -> "disk-stall";
            case Strike.ReadError _ -> "read-error";
            case Strike.WriteError _ -> "write-error";
            case Strike.FlushError _ -> "flush-error";
            case Strike.ShortTransfer _ -> "short-transfer";
            case Strike.DiskLimit _ -> DiskFaults.LIMIT;
            case Strike.DiskFull _ -> "disk-full";
            case Strike.LyingFlush _ -> "lying-flush";
            case Strike.Misdirect _ -> "misdirect";
            case Strike.LostWrite _ -> "lost-write";
            case Strike.BitRot _ -> "bit-rot";
            case Strike.OlderDisk _ -> "older-disk";
            case Strike.OlderState _ -> "older-state";
            case Strike.TornNeighbour _ -> "torn-neighbour";
            case Strike.Resize _ -> "resize";
            case Strike.Permit _ -> "permit";
            case Strike.Share _ -> "share";
            case Strike.BlockSize _ -> "block-size";
            case Strike.Limits _ -> "limits";
            case Strike.Checksums _ -> "checksums";
            case Strike.Ciphers _ -> "ciphers";
            case Strike.ReplaceDisk _ -> "replace-disk";
            case Strike.Access _ -> "access";
            case Strike.RemoveExport _ -> "remove-export";
            case Strike.Detach _ -> "detach";
        };
    }

    void begin() {
        for (Fault fault : scene.plan.faults()) {
            switch (fault.when()) {
                case When.At(long nanos)
                when nanos < scene.plan.healAt() -> scene.clock.schedule(new Due(fault.strike()), nanos);
                case When.At _ -> scene.missed(kind(fault.strike()));
                case When.AtMessage _ -> byMessage.add(fault);
                case When.AtDiskWrite _ -> byDiskWrite.add(fault);
                case When.AtRecord _ -> scene.missed(kind(fault.strike()));
            }
        }
    }

    /** Lifts what lasts; what still waited for its moment has missed it. */
    void heal() {
        byMessage.forEach(fault -> scene.missed(kind(fault.strike())));
        byMessage.clear();
        byDiskWrite.forEach(fault -> scene.missed(kind(fault.strike())));
        byDiskWrite.clear();
        network.weather.heal();
        disk.heal();
        client.spare();
        server.spare();
        if (server.exported().keepDisk()) {
            scene.missed(kind(new Strike.OlderDisk()));
        }
        if (server.exported().heal() && server.isWorking()) {
            // An operator mends the configuration and restarts the server: nothing could attach otherwise.
            server.crash(false, scene.now() + 1_000_000);
        }
    }

    /** A machine has sent something. */
    void messageSent(int direction) {
        messages[direction]++;
        for (int i = 0; i < byMessage.size(); i++) {
            When.AtMessage when = (When.AtMessage) byMessage.get(i).when();
            long nth = switch (when.direction()) {
                case TO_SERVER -> messages[Pipe.TO_SERVER];
                case TO_CLIENT -> messages[Pipe.TO_CLIENT];
                case BOTH -> messages[Pipe.TO_SERVER] + messages[Pipe.TO_CLIENT];
            };
            if (nth >= when.nth() && (when.direction() == Direction.BOTH || matches(when.direction(), direction))) {
                strike(byMessage.remove(i--).strike());
            }
        }
    }

    /** A disk write was submitted. */
    void diskWriteSubmitted() {
        diskWrites++;
        for (int i = 0; i < byDiskWrite.size(); i++) {
            When.AtDiskWrite when = (When.AtDiskWrite) byDiskWrite.get(i).when();
            if (diskWrites >= when.nth()) {
                strike(byDiskWrite.remove(i--).strike());
            }
        }
    }

    private static boolean matches(Direction wanted, int direction) {
        return (wanted == Direction.TO_SERVER) == (direction == Pipe.TO_SERVER);
    }

    private final class Due extends Event {
        private final Strike strike;

        Due(Strike strike) {
            this.strike = strike;
        }

        @Override
        void happen() {
            strike(strike);
        }
    }

    private void strike(Strike strike) {
        String kind = kind(strike);
        if (scene.isHealed()) {
            scene.missed(kind);
            return;
        }
        switch (strike) {
            case Strike.Cut() -> links(kind, network.cut());
            case Strike.BlackHole(Direction direction, long nanos) -> {
                network.weather.hole(scene.until(nanos));
                links(kind, network.hole(direction));
            }
            case Strike.Stall(Direction direction, long nanos) -> {
                network.weather.stall(direction, scene.until(nanos));
                lasts(kind, nanos);
            }
            case Strike.Delay(long extraNanos, long nanos) -> {
                network.weather.delayMore(extraNanos, scene.until(nanos));
                lasts(kind, nanos);
            }
            case Strike.Slow(long bytesPerSecond, long nanos) -> {
                network.weather.slow(bytesPerSecond, scene.until(nanos));
                lasts(kind, nanos);
            }
            case Strike.Split(int bytesMax, long nanos) -> {
                network.weather.split(bytesMax, scene.until(nanos));
                lasts(kind, nanos);
            }
            case Strike.Refuse(long nanos) -> network.weather.refuse(scene.until(nanos));
            case Strike.Flip(Direction direction) -> network.weather.flip(direction);
            case Strike.CutLate(long nanos) -> links(kind, network.cutLate(scene.until(nanos)));
            case Strike.Rebind() -> links(kind, network.rebind());
            case Strike.Crash(Node node, long restartNanos) -> crash(kind, host(node), restartNanos);
            case Strike.MemoryExhausted(Node node, long restartNanos) ->
                host(node).starve(kind, restartNanos);
            case Strike.PowerCut(long restartNanos) -> powerCut(kind, restartNanos);
            case Strike.Pause(Node node, long nanos) -> {
                if (hit(kind, host(node))) {
                    host(node).pause(scene.until(nanos));
                }
            }
            case Strike.ClockJump(Node node, long nanos) -> {
                scene.struck(kind, host(node).name);
                host(node).jumpClock(nanos);
            }
            case Strike.ClockDrift(Node node, int ppm) -> {
                scene.struck(kind, host(node).name);
                host(node).driftClock(ppm);
            }
            case Strike.DiskSlow(long extraNanos, long nanos) -> {
                disk.slow(extraNanos, scene.until(nanos));
                lasts(kind, nanos);
            }
            case Strike.DiskStall(long nanos) -> disk.arm(kind, 1, Fault.FOR_GOOD, nanos);
            case Strike.ReadError(int times) -> disk.arm(kind, times, Fault.FOR_GOOD, 0);
            case Strike.WriteError(int times) -> disk.arm(kind, times, Fault.FOR_GOOD, 0);
            case Strike.FlushError(int times) -> disk.arm(kind, times, Fault.FOR_GOOD, 0);
            case Strike.ShortTransfer(int times) -> disk.arm(kind, times, Fault.FOR_GOOD, 0);
            case Strike.DiskLimit(int bytesMax, long nanos) ->
                disk.arm(kind, Integer.MAX_VALUE, scene.until(nanos), bytesMax);
            case Strike.DiskFull(long nanos) -> disk.arm(kind, Integer.MAX_VALUE, scene.until(nanos), 0);
            case Strike.LyingFlush(long nanos) -> disk.arm(kind, Integer.MAX_VALUE, scene.until(nanos), 0);
            case Strike.Misdirect() -> disk.arm(kind, 1, Fault.FOR_GOOD, 0);
            case Strike.LostWrite() -> disk.arm(kind, 1, Fault.FOR_GOOD, 0);
            case Strike.BitRot(long offset) -> rot(kind, offset);
            case Strike.Resize(long size) -> {
                scene.struck(kind, size + " bytes from the server's next start on");
                server.exported().resize(size);
            }
            case Strike.Permit(var permission) -> {
                scene.struck(kind, permission + " from the server's next start on");
                server.exported().permit(permission);
            }
            case Strike.Checksums(int offered) -> {
                scene.struck(kind, offered + " from the server's next start on");
                server.exported().offerChecksums(offered);
            }
            case Strike.Ciphers(int offered) -> {
                scene.struck(kind, offered + " from the server's next start on");
                server.exported().offerCiphers(offered);
            }
            case Strike.OlderDisk() -> {
                // Struck when the disk has gone back, and not before: it is a culprit.
                if (!server.exported().restoreDisk()) {
                    scene.missed(kind);
                }
            }
            case Strike.ReplaceDisk() -> {
                scene.struck(kind, "an empty disk from the server's next start on");
                server.exported().replaceDisk();
            }
            case Strike.RemoveExport(long deadlineNanos) -> {
                if (hit(kind, server)) {
                    server.removeExport(deadlineNanos);
                }
            }
            case Strike.CutPath _,
                    Strike.HolePath _,
                    Strike.DelayPath _,
                    Strike.StopClock _,
                    Strike.OlderState _,
                    Strike.TornNeighbour _,
                    Strike.Share _,
                    Strike.BlockSize _,
                    Strike.Limits _,
                    Strike.Access _ -> scene.missed(kind);
            case Strike.Detach(Node _, long deadlineNanos) -> {
                if (hit(kind, client)) {
                    client.detach(deadlineNanos);
                }
            }
        }
    }

    private void crash(String kind, Host<?, ?> host, long restartNanos) {
        if (hit(kind, host)) {
            scene.counts.count(Counts.Item.CRASHES);
            host.crash(false, scene.until(restartNanos));
        }
    }

    private void powerCut(String kind, long restartNanos) {
        scene.struck(kind, server.name);
        scene.counts.count(Counts.Item.POWER_CUTS);
        server.crash(true, scene.until(restartNanos));
    }

    private void rot(String kind, long offset) {
        if (offset < 0 || offset >= server.disk().size()) {
            scene.missed(kind);
            return;
        }
        scene.struck(kind, "the block at " + offset);
        server.disk().rot(offset);
    }

    private Host<?, ?> host(Node node) {
        return node == Node.SERVER || node == Node.SERVER_2 ? server : client;
    }

    /** Whether there is a process to hit; counted either way. */
    private boolean hit(String kind, Host<?, ?> host) {
        if (host.isWorking()) {
            scene.struck(kind, host.name);
            return true;
        }
        scene.missed(kind);
        return false;
    }

    private void links(String kind, int links) {
        if (links > 0) {
            scene.struck(kind, links == 1 ? "one link" : links + " links");
        } else {
            scene.missed(kind);
        }
    }

    private void lasts(String kind, long nanos) {
        scene.struck(kind, nanos == Fault.FOR_GOOD ? "until healed" : "for " + Words.seconds(nanos));
    }
}
