package dst.protocol.fault;

import dst.protocol.Rules;

/** Why no protocol can survive a fault: what it harms, the rule that the disk breaks by it, and what the disk did, in a sentence. */
public record Harm(To to, Rules rule, String did) {
    /** What is harmed; of several that struck the first named here is suspected first. */
    public enum To {
        /** What everything stands on: whatever follows comes of it, whichever rule that breaks at first. */
        GROUND,
        /** All that the disk held. */
        DISK,
        /** A block beside one that is written. */
        NEIGHBOUR,
        /** A write, which is not there. */
        WRITE,
        /** A write, which is elsewhere. */
        PLACE,
        /** A block at rest. */
        BLOCK
    }
}
