package dst.protocol;

import io.netty.buffer.ByteBuf;

/** One block operation as its submitter sees it. Start, length, kind and flags: no more (G7). */
public sealed interface Operation {
    Kind kind();

    /** The first byte concerned; 0 for a flush. */
    long offset();

    /** How many bytes are concerned; 0 for a flush. */
    int length();

    /** Whether Done has to mean durable (FUA). */
    default boolean durable() {
        return false;
    }

    record Read(long offset, int length) implements Operation {
        @Override
        public Kind kind() {
            return Kind.READ;
        }
    }

    /** The data belongs to the machine from submission on; its readable bytes are the length. */
    record Write(long offset, ByteBuf data, boolean durable) implements Operation {
        @Override
        public Kind kind() {
            return Kind.WRITE;
        }

        @Override
        public int length() {
            return data.readableBytes();
        }
    }

    record Zero(long offset, int length, boolean durable) implements Operation {
        @Override
        public Kind kind() {
            return Kind.ZERO;
        }
    }

    record Trim(long offset, int length) implements Operation {
        @Override
        public Kind kind() {
            return Kind.TRIM;
        }
    }

    record Flush() implements Operation {
        @Override
        public Kind kind() {
            return Kind.FLUSH;
        }

        @Override
        public long offset() {
            return 0;
        }

        @Override
        public int length() {
            return 0;
        }
    }
}
