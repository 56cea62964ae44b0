package dst.protocol.wire;

import dst.protocol.Problem;

/** What the next bytes of a link were: a message, or proof that the peer is wrong. */
public sealed interface Decoded permits Message, Decoded.Wrong {
    /** The peer broke this rule; the stream cannot be read any further (G8). */
    record Wrong(String rule, Problem problem, String text) implements Decoded {}
}
