package dst.nbd;

import dst.protocol.Kind;
import dst.protocol.Operation;
import dst.protocol.Order;
import dst.protocol.Outcome;
import dst.protocol.StateDigest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One operation on its way through whole blocks. One that is of whole blocks goes as it is; a change with edges reads their blocks
 * first, and then asks for everything at once.
 */
final class BlockTask extends Order.Place {
    /** What a part is for. */
    enum Purpose {
        /** To know what else is in the block in which the change begins. */
        HEAD,
        /** The same of the block in which it ends, if that is another one. */
        TAIL,
        /** What was asked for. */
        REST
    }

    /** What the device is to be asked for. */
    record Part(Purpose purpose, Operation operation) {}

    final long number;
    final long tag;
    private final Kind kind;
    private final long offset;
    private final int length;
    private final boolean durable;
    private final int blockSize;

    /** The whole blocks around it. */
    private final long first;

    private final long end;

    /** A write's content, until it is asked for; what was read, once it has come. */
    private ByteBuf data = Unpooled.EMPTY_BUFFER;

    private ByteBuf head = Unpooled.EMPTY_BUFFER;
    private ByteBuf tail = Unpooled.EMPTY_BUFFER;
    private int running;
    private boolean begun;
    private boolean asked;

    /** The first thing that went wrong. */
    private @Nullable Outcome failure;

    /** Whether a part of the change has happened, or may have. */
    private boolean touched;

    BlockTask(long number, long tag, Operation operation, int blockSize) {
        this(number, tag, operation, blockSize, operation.offset() & -(long) blockSize, end(operation, blockSize));
    }

    private BlockTask(long number, long tag, Operation operation, int blockSize, long first, long end) {
        super(first, end - first, first != operation.offset() || end != operation.offset() + operation.length());
        this.number = number;
        this.tag = tag;
        this.kind = operation.kind();
        this.offset = operation.offset();
        this.length = operation.length();
        this.durable = operation.durable();
        this.blockSize = blockSize;
        this.first = first;
        this.end = end;
        if (operation instanceof Operation.Write write) {
            data = write.data();
        }
    }

    private static long end(Operation operation, int blockSize) {
        return (operation.offset() + operation.length() + blockSize - 1) & -(long) blockSize;
    }

    boolean changes() {
        return kind.changes();
    }

    boolean isIdle() {
        return running == 0;
    }

    private boolean hasHead() {
        return first != offset;
    }

    private boolean hasTail() {
        return end != offset + length;
    }

    private boolean isOneBlock() {
        return end - first == blockSize;
    }

    /** What is to be asked for, now that nothing of it runs; nothing: it is over. */
    List<Part> next() {
        List<Part> parts = new ArrayList<>(2);
        if (!begun) {
            begun = true;
            readEdges(parts);
        }
        if (parts.isEmpty() && !asked && failure == null) {
            asked = true;
            ask(parts);
        }
        running = parts.size();
        return parts;
    }

    /** Nothing that is read or trimmed has to be known of its edges. */
    private void readEdges(List<Part> parts) {
        if (!kind.leavesContent()) {
            return;
        }
        if (hasHead() || (hasTail() && isOneBlock())) {
            parts.add(new Part(Purpose.HEAD, new Operation.Read(first, blockSize)));
        }
        if (hasTail() && !isOneBlock()) {
            parts.add(new Part(Purpose.TAIL, new Operation.Read(end - blockSize, blockSize)));
        }
    }

    private void ask(List<Part> parts) {
        switch (kind) {
            case READ -> add(parts, new Operation.Read(first, (int) (end - first)));
            case FLUSH -> add(parts, new Operation.Flush());
            case TRIM -> trim(parts);
            case WRITE -> add(parts, new Operation.Write(first, within(takeData()), durable));
            case ZERO -> zero(parts);
        }
        head.release();
        head = Unpooled.EMPTY_BUFFER;
        tail.release();
        tail = Unpooled.EMPTY_BUFFER;
    }

    private void add(List<Part> parts, Operation part) {
        parts.add(new Part(Purpose.REST, part));
    }

    private ByteBuf takeData() {
        ByteBuf taken = data;
        data = Unpooled.EMPTY_BUFFER;
        return taken;
    }

    /** A TRIM is a hint: what is not a whole block stays as it is. */
    private void trim(List<Part> parts) {
        long from = hasHead() ? first + blockSize : first;
        long until = hasTail() ? end - blockSize : end;
        if (from < until) {
            add(parts, new Operation.Trim(from, (int) (until - from)));
        }
    }

    /** The middle stays zeros, so that the device need not be sent any. */
    private void zero(List<Part> parts) {
        if ((hasHead() || hasTail()) && isOneBlock()) {
            add(parts, new Operation.Write(first, within(Zeroes.of(length)), durable));
            return;
        }
        long from = first;
        long until = end;
        if (hasHead()) {
            from = first + blockSize;
            ByteBuf zeroes = Zeroes.of((int) (from - offset));
            add(parts, new Operation.Write(first, Payload.join(beforeIt(), zeroes), durable));
        }
        if (hasTail()) {
            until = end - blockSize;
            ByteBuf zeroes = Zeroes.of((int) (offset + length - until));
            add(parts, new Operation.Write(until, Payload.join(zeroes, behindIt()), durable));
        }
        if (from < until) {
            add(parts, new Operation.Zero(from, (int) (until - from), durable));
        }
    }

    /** The content within what is around it. */
    private ByteBuf within(ByteBuf content) {
        ByteBuf front = hasHead() ? Payload.join(beforeIt(), content) : content;
        return hasTail() ? Payload.join(front, behindIt()) : front;
    }

    private ByteBuf beforeIt() {
        return head.retainedSlice(head.readerIndex(), (int) (offset - first));
    }

    private ByteBuf behindIt() {
        int count = (int) (end - offset - length);
        ByteBuf block = isOneBlock() ? head : tail;
        return block.retainedSlice(block.writerIndex() - count, count);
    }

    void settled(Purpose purpose, Outcome outcome) {
        running--;
        switch (outcome) {
            case Outcome.Done(ByteBuf came) -> came(purpose, came);
            case Outcome.Refused refused -> failed(refused);
            case Outcome.Unknown unknown -> {
                touched |= purpose == Purpose.REST;
                failed(unknown);
            }
        }
    }

    private void failed(Outcome outcome) {
        if (failure == null) {
            failure = outcome;
        }
    }

    private void came(Purpose purpose, ByteBuf came) {
        switch (purpose) {
            case HEAD -> head = whole(came, blockSize);
            case TAIL -> tail = whole(came, blockSize);
            case REST -> {
                touched = true;
                if (kind == Kind.READ) {
                    data = whole(came, end - first);
                    data.skipBytes((int) (offset - first));
                    data.writerIndex(data.readerIndex() + length);
                } else {
                    came.release();
                }
            }
        }
    }

    private static ByteBuf whole(ByteBuf came, long wanted) {
        if (came.readableBytes() != wanted) {
            throw new IllegalStateException(came.readableBytes() + " bytes were read, of " + wanted);
        }
        return came;
    }

    /** How it ended, now that it is over. What was read belongs to whoever asked. */
    Outcome outcome() {
        Outcome wrong = failure;
        if (wrong == null) {
            return new Outcome.Done(takeData());
        }
        discard();
        return switch (wrong) {
            case Outcome.Refused(var problem, String text) when touched -> new Outcome.Unknown(problem, text);
            case Outcome.Unknown(var problem, String text) when !touched -> new Outcome.Refused(problem, text);
            case Outcome other -> other;
        };
    }

    void discard() {
        takeData().release();
        head.release();
        head = Unpooled.EMPTY_BUFFER;
        tail.release();
        tail = Unpooled.EMPTY_BUFFER;
    }

    void digest(StateDigest digest) {
        digestPlace(digest);
        digest.add(number)
                .add(tag)
                .add(kind.ordinal())
                .add(offset)
                .add(length)
                .add(durable)
                .add(first)
                .add(end)
                .add(blockSize)
                .add(running)
                .add(begun)
                .add(asked)
                .add(touched)
                .add(String.valueOf(failure));
        digest.add(List.of(data)).add(List.of(head)).add(List.of(tail));
    }
}
