package dst.protocol.wire;

import dst.protocol.Machine;
import dst.protocol.StateDigest;

/** How long one link has been silent, and what follows (L1): traffic is life, silence is asked about, then it is death. */
public final class Keepalive {
    /** So many intervals without a byte, and the peer is dead. */
    private static final int PATIENCE = 3;

    /** So many times longer it counts as life that a peer takes what waits for it and says nothing. */
    private static final int TAKING = 8;

    private long interval = Machine.NEVER;
    private long received;
    private long heard;
    private long asked;

    public enum Due {
        NOTHING,
        PING,
        DEAD
    }

    public void start(long now, int intervalMillis) {
        interval = intervalMillis * 1_000_000L;
        received = now;
        heard = now;
        asked = now;
    }

    public void heard(long now) {
        received = now;
        heard = now;
    }

    /**
     * The peer took some of what waits for it. It lives, and while a large request is on its way it has no reason to say so; but
     * not for ever, for the host's own kernel takes something too, and a link may be dead in one direction only.
     */
    public void took(long now) {
        if (interval != Machine.NEVER) {
            heard = Math.max(heard, Math.min(now, received + TAKING * PATIENCE * interval));
        }
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
        digest.add(interval).add(received).add(heard).add(asked);
    }
}
