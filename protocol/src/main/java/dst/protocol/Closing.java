package dst.protocol;

/** Why a machine closes a link. The rule is the one that the peer is said to have broken; empty if nobody did. */
public record Closing(Cause cause, String rule, String text) {
    public enum Cause {
        /** The peer sent something that the protocol does not allow (G8). */
        PEER_WRONG,
        /** Nothing was heard for too long (L1). */
        PEER_SILENT,
        /** The peer cannot be served; it has been told why. */
        REFUSED,
        /** A newer link of the same slot took its place (L2). */
        SUPERSEDED,
        /** The disk's boot ended (D5). */
        BOOT_ENDED,
        /** This side is done: detached, removed, going away. */
        DONE
    }

    public static Closing peerWrong(String rule, String text) {
        return new Closing(Cause.PEER_WRONG, rule, text);
    }

    public static Closing of(Cause cause, String text) {
        return new Closing(cause, "", text);
    }
}
