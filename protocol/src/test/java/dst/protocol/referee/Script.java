package dst.protocol.referee;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Agreement;
import dst.protocol.Boot;
import dst.protocol.Device;
import dst.protocol.Finding;
import dst.protocol.Holder;
import dst.protocol.Kind;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.Side;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.trace.ByteSum;
import dst.protocol.trace.Layer;
import dst.protocol.wire.Encoder;
import dst.protocol.wire.Message;
import dst.protocol.wire.Settled;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;

/** What crosses one side's boundary, written down by hand; each value a microsecond after the one before. */
abstract class Script {
    static final int BLOCK = 512;
    static final Terms TERMS = Terms.DEFAULT;
    static final Device DEVICE = new Device(new Unique(7, 7), 64 * BLOCK, BLOCK, Permission.BOTH);
    static final Agreement AGREEMENT = new Agreement(1, TERMS, DEVICE);
    static final Unique TOKEN = new Unique(3, 4);
    static final Holder HOLDER = new Holder(5, TOKEN);
    static final Boot BOOT = new Boot(1, new Unique(1, 1));
    static final Boot NEXT_BOOT = new Boot(2, new Unique(2, 2));

    final Referee referee;
    private final Encoder encoder = new Encoder(UnpooledByteBufAllocator.DEFAULT);
    long now = 1_000_000_000;
    Boot boot = BOOT;
    Settled settled = Settled.NONE;

    /** How many values have crossed. */
    long values;

    Script(Referee referee) {
        this.referee = referee;
    }

    ByteBuf bytes(Message message) {
        return encoder.encode(message);
    }

    void tap(Layer layer, Object value) {
        now += 1000;
        values++;
        referee.saw(now, layer, value);
    }

    /** One block after another, each filled with its number. */
    static ByteBuf data(int... blocks) {
        ByteBuf data = Unpooled.buffer(blocks.length * BLOCK);
        for (int block : blocks) {
            for (int i = 0; i < BLOCK; i++) {
                data.writeByte(block);
            }
        }
        return data;
    }

    static Message.Hello hello(long generation) {
        return new Message.Hello("disk", TOKEN, 0, generation, TERMS, Holder.NOBODY, Unique.NONE);
    }

    Message.Request request(long id, Kind kind, int flags, long block, ByteBuf payload, int blocks) {
        int checksum = payload.isReadable() ? new ByteSum().of(payload) : 0;
        return new Message.Request(
                id,
                kind,
                flags,
                kind == Kind.FLUSH ? 0 : block * BLOCK,
                kind == Kind.FLUSH ? 0 : blocks * BLOCK,
                HOLDER.epoch(),
                boot,
                settled,
                checksum,
                payload);
    }

    Message.Request write(long id, int flags, long block, int... content) {
        return request(id, Kind.WRITE, flags, block, data(content), content.length);
    }

    Message.Request read(long id, long block, int blocks) {
        return request(id, Kind.READ, 0, block, Unpooled.EMPTY_BUFFER, blocks);
    }

    Message.Request flush(long id) {
        return request(id, Kind.FLUSH, 0, 0, Unpooled.EMPTY_BUFFER, 0);
    }

    Message.Answer done(long id, long execution, long commit) {
        return answer(id, Problem.NONE, execution, commit);
    }

    Message.Answer answer(long id, Problem problem, long execution, long commit) {
        return new Message.Answer(id, problem, HOLDER.epoch(), boot, execution, commit, Unpooled.EMPTY_BUFFER);
    }

    Message.Answer readDone(long id, int... content) {
        return new Message.Answer(id, Problem.NONE, HOLDER.epoch(), boot, 0, 0, data(content));
    }

    /** These ids are settled. */
    static Settled settled(long... ids) {
        long word = 1;
        for (long id : ids) {
            word |= 1L << id;
        }
        return new Settled(0, new long[] {word}, new long[0]);
    }

    void accusesNobody() {
        assertEquals(List.of(), referee.findings());
        referee.discard();
    }

    void accuses(String rule, Side side, String evidence) {
        List<Finding> findings = referee.findings();
        assertEquals(1, findings.size(), findings::toString);
        Finding finding = findings.getFirst();
        assertEquals(rule + " " + side, finding.rule() + " " + finding.side(), finding.sentence());
        assertTrue(finding.sentence().contains(evidence), finding.sentence());
        assertTrue(referee.observed().contains(rule));
        referee.discard();
    }
}
