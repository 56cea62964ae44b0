package dst.sim;

import dst.protocol.Prng;
import dst.protocol.Words;
import dst.protocol.fault.Fault.Direction;
import dst.protocol.fault.Fault.Strike.OnNextPiece;
import dst.protocol.fault.FaultKind;
import dst.protocol.fault.LinkShape;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** What befalls the network, or a path or a node of it: the faults that last for a while, and those that wait for a piece. */
final class NetworkConditions {
    final LinkShape shape = new LinkShape(_ -> {});
    private final Scene scene;
    private final long source;
    private final long[] stalledUntil = new long[2];
    private final List<OnNextPiece> waiting = new ArrayList<>();
    private long holedUntil;
    private long refusedUntil;
    private boolean refusedAny;

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

    void stall(Direction direction, long until) {
        for (Direction lane : Pipe.LANES) {
            if (direction.covers(lane)) {
                stalledUntil[lane.ordinal()] = Math.max(stalledUntil[lane.ordinal()], until);
            }
        }
    }

    void await(OnNextPiece strike) {
        waiting.add(strike);
    }

    /** The faults that last for a while have an end of their own; what still waited for something to hit has missed. */
    void heal() {
        waiting.forEach(strike -> scene.missed(FaultKind.of(strike)));
        waiting.clear();
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

    long stalledUntil(Direction lane) {
        return stalledUntil[lane.ordinal()];
    }

    void pass(Direction lane, ByteBuf bytes, long ordinal, long piece) {
        for (int i = 0; i < waiting.size(); i++) {
            OnNextPiece strike = waiting.get(i);
            if (strike.direction().covers(lane)) {
                waiting.remove(i);
                String harm = strike.harm(bytes, Prng.hash(source, ordinal, piece, -3));
                scene.struck(
                        FaultKind.of(strike),
                        harm + " in a piece of " + bytes.readableBytes() + " bytes "
                                + (lane == Direction.TO_SERVER ? "to the server" : "to the client") + " at "
                                + Words.seconds(scene.now()));
                return;
            }
        }
    }
}
