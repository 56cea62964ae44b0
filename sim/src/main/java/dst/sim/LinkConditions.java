package dst.sim;

import dst.protocol.fault.Fault.Direction;
import io.netty.buffer.ByteBuf;

/** What befalls one link: all that is true of the whole network, of its path, and of the nodes at its ends. */
final class LinkConditions {
    private final NetworkConditions[] all;
    private final Scene scene;

    LinkConditions(Scene scene, NetworkConditions... all) {
        this.scene = scene;
        this.all = all;
    }

    boolean isHoled() {
        for (NetworkConditions each : all) {
            if (each.isHoled()) {
                return true;
            }
        }
        return false;
    }

    boolean refuses() {
        for (NetworkConditions each : all) {
            if (each.refuses()) {
                return true;
            }
        }
        return false;
    }

    long stalledUntil(Direction lane) {
        long until = 0;
        for (NetworkConditions each : all) {
            until = Math.max(until, each.stalledUntil(lane));
        }
        return until;
    }

    /** So much longer something takes that way. */
    long extraNanos(Direction lane) {
        long now = scene.now();
        long extra = 0;
        for (NetworkConditions each : all) {
            extra = Clock.plus(extra, each.shape.extraNanos(now, lane));
        }
        return extra;
    }

    /** No larger piece passes that way. */
    int pieceMax(Direction lane, int most) {
        long now = scene.now();
        int max = most;
        for (NetworkConditions each : all) {
            max = each.shape.pieceMax(now, lane, max);
        }
        return max;
    }

    /** How many bytes pass that way in a second, of so many (0: without a limit). */
    long bytesPerSecond(Direction lane, long most) {
        long now = scene.now();
        long rate = most;
        for (NetworkConditions each : all) {
            rate = each.shape.bytesPerSecond(now, lane, rate);
        }
        return rate;
    }

    /** A piece arrives: what waits for one befalls it. */
    void pass(Direction lane, ByteBuf bytes, long ordinal, long piece) {
        scene.counts.count(Counts.Item.PIECES);
        scene.counts.count(
                lane == Direction.TO_SERVER ? Counts.Item.BYTES_TO_SERVER : Counts.Item.BYTES_TO_CLIENT,
                bytes.readableBytes());
        for (NetworkConditions each : all) {
            each.pass(lane, bytes, ordinal, piece);
        }
    }
}
