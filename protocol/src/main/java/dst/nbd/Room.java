package dst.nbd;

import dst.protocol.StateDigest;

/**
 * R7: what one connection may have of its host's memory. Before a request is taken on it has all that it needs to be done and answered;
 * until then it waits with the peer.
 */
final class Room {
    /** What a request takes beside its content. */
    static final int OF_REQUEST = 512;

    /** So much more is asked for at least, and no less is given back while something is under way. */
    private static final long GRAIN = 64 << 10;

    private long granted;
    private long asked;

    /** Whether so much more may be taken on. Otherwise it is asked for. */
    boolean covers(long inHand, long more, Replies replies) {
        if (more == 0 || inHand + more <= granted) {
            if (asked > 0) {
                asked = 0;
                replies.wants(0);
            }
            return true;
        }
        if (asked == 0) {
            asked = Math.max(GRAIN, inHand + more - granted);
            replies.wants(asked);
        }
        return false;
    }

    boolean isWaiting() {
        return asked > 0;
    }

    void granted(long bytes) {
        granted += bytes;
        asked = 0;
    }

    /** Who waits for more keeps what there is. */
    void settle(long inHand, Replies replies) {
        long over = granted - inHand;
        if (isWaiting() || over <= 0 || (inHand > 0 && over < 2 * GRAIN)) {
            return;
        }
        long given = inHand > 0 ? over - GRAIN : over;
        granted -= given;
        replies.givesBack(given);
    }

    void digest(StateDigest digest) {
        digest.add(granted).add(asked);
    }
}
