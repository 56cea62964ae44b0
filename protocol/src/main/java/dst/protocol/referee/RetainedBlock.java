package dst.protocol.referee;

import dst.protocol.Boot;
import org.jspecify.annotations.Nullable;

/** The last acknowledged content of a block. */
final class RetainedBlock {
    final long number;
    int content;
    /** Some other content may be here too: nothing is said about a replay of it. */
    boolean open;
    /** Has to be written again in a new boot. */
    boolean owed;

    Boot boot = Boot.NONE;
    long execution;

    @Nullable Sending wrote;

    @Nullable Sending replay;

    RetainedBlock(long number) {
        this.number = number;
    }
}
