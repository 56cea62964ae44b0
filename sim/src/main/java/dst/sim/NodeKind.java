package dst.sim;

import dst.protocol.Machine;
import dst.protocol.setting.Settings;
import io.netty.buffer.ByteBufAllocator;

/** A kind of node beside client and server: all that anybody outside knows of it. */
public interface NodeKind {
    /** As plans, scenarios and traces name it. */
    String name();

    /** What a node of this kind is told; made into a record that no other kind has. */
    Settings<? extends Record> settings();

    /** What runs on such a node; it is told {@code Started} first, and then of each disk that it has. */
    Machine machine(Record settings, ByteBufAllocator pages);
}
