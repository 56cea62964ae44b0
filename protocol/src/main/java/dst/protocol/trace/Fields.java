package dst.protocol.trace;

import io.netty.buffer.ByteBuf;

/** Takes values apart, a field after the other: to write them down, or to have one number for all of them. */
interface Fields {
    /** What comes next is of this type, where it could be of another one; gives how such a value is taken apart. */
    Shape type(Class<?> type);

    void put(long value);

    void put(String text);

    void put(byte[] content);

    /** What is readable; its indices stay. */
    void put(ByteBuf content);
}
