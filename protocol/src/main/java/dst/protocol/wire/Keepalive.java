package dst.protocol.wire;

import dst.protocol.Machine;
import dst.protocol.StateDigest;

/** How long one link has been silent, and what follows (L1): traffic is life, silence is asked about, then it is death. */
public final class Keepalive {
    /** So many intervals without a byte, and the peer is dead. */
    private static final int PATIENCE = 3;

    private long interval = Machine.NEVER;
    private long heard;
    private long asked;

    public enum Due {
        NOTHING,
        PING,
        DEAD
    }

    public void start(long now, int intervalMillis) {
        interval = intervalMillis * 1_000_000L;
        heard = now;
        asked = now;
    }

    public void heard(long now) {
        heard = now;
    }

    /** What is due now; a ping counts as sent. */
    public Due due(long now) {
        if (interval == Machine.NEVER) {
            return Due.NOTHING;
        }
        if (now - heard >= PATIENCE * interval) {
            return Due.DEAD;
        }
        if (now - Math.max(heard, asked) >= interval) {
            asked = now;
            return Due.PING;
        }
        return Due.NOTHING;
    }

    public long deadline() {
        if (interval == Machine.NEVER) {
            return Machine.NEVER;
        }
        return Math.min(heard + PATIENCE * interval, Math.max(heard, asked) + interval);
    }

    public long heardAt() {
        return heard;
    }

    public void digest(StateDigest digest) {
        digest.add(interval).add(heard).add(asked);
    }
}
