package dst.protocol.wire;

import dst.protocol.Boot;
import java.nio.ByteBuffer;

/** Writes the heads that have a fixed layout, from the buffer's position on. */
final class HeadWriter {
    /** A request's head without the words and ids of its settled set. */
    static final int REQUEST_BYTES = 68;

    static final int ANSWER_BYTES = 58;

    private HeadWriter() {}

    static void request(ByteBuffer head, Message.Request request) {
        if (request.flags() >>> 16 != 0) {
            throw new IllegalArgumentException("flags have 16 bits, not " + request.flags());
        }
        head.putLong(request.id());
        head.putShort((short) request.kind().code());
        head.putShort((short) request.flags());
        head.putInt(request.length());
        head.putLong(request.offset());
        head.putLong(request.epoch());
        boot(head, request.boot());
        settled(head, request.settled());
    }

    static void answer(ByteBuffer head, Message.Answer answer) {
        head.putLong(answer.id());
        head.putLong(answer.epoch());
        boot(head, answer.boot());
        head.putLong(answer.execution());
        head.putLong(answer.commit());
        head.putShort((short) answer.problem().code());
    }

    private static void boot(ByteBuffer head, Boot boot) {
        head.putLong(boot.counter());
        head.putLong(boot.nonce().high());
        head.putLong(boot.nonce().low());
    }

    private static void settled(ByteBuffer head, Settled settled) {
        head.putLong(settled.mark());
        head.putShort((short) settled.words());
        head.putShort((short) settled.openCount());
        for (int i = 0; i < settled.words(); i++) {
            head.putLong(settled.word(i));
        }
        for (int i = 0; i < settled.openCount(); i++) {
            head.putLong(settled.open(i));
        }
    }
}
