package dst.scenarios.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dst.protocol.BlockPort;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.trace.Rerun;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

/** A content is told by its length and its beginning, whoever it is for. */
final class DifferencesTest {
    private static ByteBuf bytes(int last) {
        return Unpooled.wrappedBuffer(new byte[] {1, 2, (byte) last});
    }

    @Test
    void aContentWithinIsTold() {
        Rerun.Result different = new Rerun.Result.Different(
                1,
                0,
                new BlockPort.Ask(0, new BlockPort.Submit(7, new Operation.Write(512, bytes(3), true))),
                new BlockPort.Heard(2, new BlockPort.Completed(8, new Outcome.Done(bytes(4)))));
        assertEquals(
                "The first difference is output 1, before any input"
                        + "\n  recorded: Ask of device 0: Submitted 7, a write at 512, durable, of 3 bytes beginning 010203"
                        + "\n  now:      Heard of device 2: Completed 8, done, with data of 3 bytes beginning 010204"
                        + "\n  they differ from byte 2 on: recorded 03, now 04",
                Differences.words(different, _ -> null));
    }
}
