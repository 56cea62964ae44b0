package dst.protocol.trace;

import dst.protocol.Access;
import dst.protocol.Boot;
import dst.protocol.Closing;
import dst.protocol.Device;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.Permission;
import dst.protocol.Range;
import dst.protocol.Terms;
import dst.protocol.Unique;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.List;

/**
 * One record of a trace while it is put together, behind room for its head: numbers as zigzag varints, everything else made of
 * numbers.
 */
final class TraceFields {
    private byte[] bytes = new byte[1 << 16];
    private int length = TraceWriter.RECORD_HEAD;

    byte[] bytes() {
        return bytes;
    }

    /** Where the record ends, its head included. */
    int end() {
        return length;
    }

    void clear() {
        length = TraceWriter.RECORD_HEAD;
    }

    TraceFields put(long value) {
        room(10);
        long left = value << 1 ^ value >> 63;
        while ((left & ~0x7fL) != 0) {
            bytes[length++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[length++] = (byte) left;
        return this;
    }

    TraceFields put(boolean flag) {
        return put(flag ? 1 : 0);
    }

    TraceFields put(String text) {
        put(text.length());
        for (int i = 0; i < text.length(); i++) {
            put(text.charAt(i));
        }
        return this;
    }

    TraceFields put(byte[] content) {
        put(content.length);
        room(content.length);
        System.arraycopy(content, 0, bytes, length, content.length);
        length += content.length;
        return this;
    }

    TraceFields put(ByteBuf content) {
        int count = content.readableBytes();
        put(count);
        room(count);
        content.getBytes(content.readerIndex(), bytes, length, count);
        length += count;
        return this;
    }

    TraceFields put(Unique unique) {
        return put(unique.high()).put(unique.low());
    }

    TraceFields put(Boot boot) {
        return put(boot.counter()).put(boot.nonce());
    }

    TraceFields put(Holder holder) {
        return put(holder.epoch()).put(holder.token()).put(holder.clean() ? 1 : flushed(holder));
    }

    /** 0 if no boot is said to have been flushed, otherwise that boot behind the 1 that says clean. */
    private static long flushed(Holder holder) {
        return holder.flushedIn() == 0 ? 0 : holder.flushedIn() + 1;
    }

    TraceFields put(Device device) {
        return put(device.identity()).put(device.size()).put(device.blockSize()).put(code(device.permission()));
    }

    TraceFields put(Terms terms) {
        return put(terms.checksums())
                .put(terms.ciphers())
                .put(terms.features())
                .put(terms.keepaliveMillis())
                .put(terms.largestTransfer())
                .put(terms.transactionsMax())
                .put(terms.bytesMax());
    }

    TraceFields put(Export export) {
        return put(export.name())
                .put(export.disk())
                .put(export.start())
                .put(export.device())
                .put(export.terms())
                .put(export.shared());
    }

    TraceFields put(Access access) {
        put(access.rules().size());
        access.rules().forEach((principal, permission) -> put(principal).put(code(permission)));
        return this;
    }

    TraceFields put(Closing closing) {
        return put(code(closing.cause())).put(closing.rule()).put(closing.text());
    }

    TraceFields put(List<Range> ranges) {
        put(ranges.size());
        for (Range range : ranges) {
            put(range.offset()).put(range.length());
        }
        return this;
    }

    static int code(Permission permission) {
        return switch (permission) {
            case NONE -> 0;
            case READ -> 1;
            case WRITE -> 2;
            case BOTH -> 3;
        };
    }

    static int code(Closing.Cause cause) {
        return switch (cause) {
            case PEER_WRONG -> 1;
            case PEER_SILENT -> 2;
            case REFUSED -> 3;
            case SUPERSEDED -> 4;
            case BOOT_ENDED -> 5;
            case DONE -> 6;
        };
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
