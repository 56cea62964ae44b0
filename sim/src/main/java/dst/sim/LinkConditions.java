package dst.sim;

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

    long stalledUntil(int direction) {
        long until = 0;
        for (NetworkConditions each : all) {
            until = Math.max(until, each.stalledUntil(direction));
        }
        return until;
    }

    long delayExtra() {
        long extra = 0;
        for (NetworkConditions each : all) {
            extra = Clock.plus(extra, each.delayExtra());
        }
        return extra;
    }

    /** No larger piece passes. */
    int pieceMax(int most) {
        int max = most;
        for (NetworkConditions each : all) {
            max = each.pieceMax(max);
        }
        return max;
    }

    /** How many bytes pass in a second, of so many (0: without a limit). */
    long bytesPerSecond(long most) {
        long rate = most;
        for (NetworkConditions each : all) {
            rate = each.bytesPerSecond(rate);
        }
        return rate;
    }

    /** Flips bits of the piece, if it is its turn. */
    void pass(int direction, ByteBuf bytes, long ordinal, long piece) {
        scene.counts.count(Counts.Item.PIECES);
        scene.counts.count(
                direction == Pipe.TO_SERVER ? Counts.Item.BYTES_TO_SERVER : Counts.Item.BYTES_TO_CLIENT,
                bytes.readableBytes());
        for (NetworkConditions each : all) {
            each.pass(direction, bytes, ordinal, piece);
        }
    }
}
