package dst.protocol.hostile;

import dst.protocol.ClientSettings;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.ServerSettings;
import dst.protocol.Signal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Machines with one mistake in what goes into them or comes out of them: what an attack has to see. */
record Planted(UnaryOperator<Signal> server, Mistake<Signal> says, UnaryOperator<Signal> client, Mistake<Signal> tells)
        implements Machines {
    /** What a machine wants done, changed. */
    interface Mistake<Signal> {
        List<Signal> in(List<Signal> outputs);
    }

    static Planted hearing(UnaryOperator<Signal> server) {
        return new Planted(server, outputs -> outputs, input -> input, outputs -> outputs);
    }

    static Planted saying(Mistake<Signal> says) {
        return new Planted(input -> input, says, input -> input, outputs -> outputs);
    }

    static Planted clientHearing(UnaryOperator<Signal> client) {
        return new Planted(input -> input, outputs -> outputs, client, outputs -> outputs);
    }

    static Planted clientSaying(Mistake<Signal> tells) {
        return new Planted(input -> input, outputs -> outputs, input -> input, tells);
    }

    @Override
    public Machine client(ClientSettings settings, ByteBufAllocator pages) {
        return new Mistaken(Honest.MACHINES.client(settings, pages), client, tells);
    }

    @Override
    public Machine server(ServerSettings settings, ByteBufAllocator pages) {
        return new Mistaken(Honest.MACHINES.server(settings, pages), server, says);
    }

    /** The payload length in the header of the frame that these bytes begin with; 0 if they do not. */
    static long spokenOf(ByteBuf bytes) {
        int from = bytes.readerIndex();
        return bytes.readableBytes() < Draft.FRAME_BYTES ? 0 : bytes.getUnsignedInt(from + 8);
    }

    /** The type of the frame that these bytes begin with; -1 if they do not. */
    static int type(ByteBuf bytes) {
        return bytes.readableBytes() < Draft.FRAME_BYTES ? -1 : bytes.getByte(bytes.readerIndex() + 4);
    }

    /** A machine between whose boundary and the host's something goes wrong. */
    private record Mistaken(Machine right, UnaryOperator<Signal> hears, Mistake<Signal> says) implements Machine {
        @Override
        public void step(long now, Signal input, List<? super Signal> outbox) {
            List<Signal> outputs = new ArrayList<>();
            right.step(now, hears.apply(input), outputs);
            outbox.addAll(says.in(outputs));
        }

        @Override
        public long nextDeadline() {
            return right.nextDeadline();
        }

        @Override
        public long digest() {
            return right.digest();
        }

        @Override
        public void discard() {
            right.discard();
        }
    }
}
