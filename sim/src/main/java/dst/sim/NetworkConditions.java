package dst.sim;

import dst.protocol.Prng;
import dst.protocol.Words;
import dst.protocol.fault.Fault;
import dst.protocol.fault.FaultKind;
import io.netty.buffer.ByteBuf;

/** What befalls the network, or a path or a node of it: the faults that last for a while, and those that wait for a piece. */
final class NetworkConditions {
    private final Scene scene;
    private final long source;
    private final long[] stalledUntil = new long[2];
    private final int[] flips = new int[2];
    private long holedUntil;
    private long refusedUntil;
    private boolean refusedAny;
    private long slowUntil;
    private long slowBytesPerSecond;
    private long splitUntil;
    private int splitMax;
    private long delayedUntil;
    private long delayExtra;

    NetworkConditions(Scene scene, long source) {
        this.scene = scene;
        this.source = source;
    }

    // Faults.

    void hole(long until) {
        holedUntil = Math.max(holedUntil, until);
    }

    void refuse(long until) {
        refusedUntil = Math.max(refusedUntil, until);
        refusedAny = false;
    }

    void stall(Fault.Direction direction, long until) {
        if (direction != Fault.Direction.TO_CLIENT) {
            stalledUntil[Pipe.TO_SERVER] = Math.max(stalledUntil[Pipe.TO_SERVER], until);
        }
        if (direction != Fault.Direction.TO_SERVER) {
            stalledUntil[Pipe.TO_CLIENT] = Math.max(stalledUntil[Pipe.TO_CLIENT], until);
        }
    }

    void delayMore(long extra, long until) {
        delayExtra = Math.max(0, extra);
        delayedUntil = until;
    }

    void slow(long bytesPerSecond, long until) {
        slowBytesPerSecond = Math.max(1, bytesPerSecond);
        slowUntil = until;
    }

    void split(int bytesMax, long until) {
        splitMax = Math.max(1, bytesMax);
        splitUntil = until;
    }

    void flip(Fault.Direction direction) {
        if (direction != Fault.Direction.TO_CLIENT) {
            flips[Pipe.TO_SERVER]++;
        }
        if (direction != Fault.Direction.TO_SERVER) {
            flips[Pipe.TO_CLIENT]++;
        }
    }

    /** The faults that last for a while have an end of their own; what still waited for something to hit has missed. */
    void heal() {
        for (int left = flips[0] + flips[1]; left > 0; left--) {
            scene.missed(FaultKind.FLIP);
        }
        flips[0] = 0;
        flips[1] = 0;
        if (refusedUntil > 0 && !refusedAny) {
            scene.missed(FaultKind.REFUSE);
        }
    }

    // What links ask.

    boolean isHoled() {
        return scene.now() < holedUntil;
    }

    boolean refuses() {
        if (scene.now() >= refusedUntil) {
            return false;
        }
        refusedAny = true;
        scene.struck(FaultKind.REFUSE, "a connect", refusedUntil);
        return true;
    }

    long stalledUntil(int direction) {
        return stalledUntil[direction];
    }

    long delayExtra() {
        return scene.now() < delayedUntil ? delayExtra : 0;
    }

    int pieceMax(int most) {
        return scene.now() < splitUntil ? Math.min(splitMax, most) : most;
    }

    /** Of so many (0: without a limit). */
    long bytesPerSecond(long most) {
        return scene.now() < slowUntil && (most == 0 || slowBytesPerSecond < most) ? slowBytesPerSecond : most;
    }

    void pass(int direction, ByteBuf bytes, long ordinal, long piece) {
        if (flips[direction] == 0) {
            return;
        }
        flips[direction]--;
        long hash = Prng.hash(source, ordinal, piece, -3);
        int index = (int) Draw.between(hash, 0, bytes.readableBytes() - 1L);
        int bit = (int) (hash & 7);
        bytes.setByte(index, bytes.getByte(index) ^ (1 << bit));
        scene.struck(
                FaultKind.FLIP,
                "bit " + bit + " of byte " + index + " in a piece of " + bytes.readableBytes() + " bytes "
                        + (direction == Pipe.TO_SERVER ? "to the server" : "to the client") + " at "
                        + Words.seconds(scene.now()));
    }
}
