package dst.protocol;

import io.netty.buffer.ByteBuf;

/** How an operation settled: exactly once, as one of three (G5). */
public sealed interface Outcome {
    /** It happened. The data is a read's content, owned by whoever receives it; empty for everything else. */
    record Done(ByteBuf data) implements Outcome {}

    /** No copy was executed and none will be (T8). A read that the disk failed is refused too: it has no effect. */
    record Refused(Problem problem, String text) implements Outcome {}

    /** It may have happened; from now on it has no effect that anybody can observe later (T7). */
    record Unknown(Problem problem, String text) implements Outcome {}
}
