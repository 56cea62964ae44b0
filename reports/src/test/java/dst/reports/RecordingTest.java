package dst.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dst.protocol.BlockPort;
import dst.protocol.Boot;
import dst.protocol.ClientControl;
import dst.protocol.Control;
import dst.protocol.Finding;
import dst.protocol.Kind;
import dst.protocol.LinkPort;
import dst.protocol.Operation;
import dst.protocol.Problem;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.protocol.Side;
import dst.protocol.Unique;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Stamp;
import dst.protocol.wire.Encoder;
import dst.protocol.wire.Message;
import dst.protocol.wire.Settled;
import dst.protocol.wire.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordingTest {
    private static final Boot BOOT = new Boot(1, new Unique(1, 2));

    private final Encoder encoder = new Encoder(UnpooledByteBufAllocator.DEFAULT);
    private final Recording recording = new Recording();

    @Test
    void readsAlongWhatBothSidesSayHoweverItIsSplit() {
        recording.saw(1, Layer.client("client"), new BlockPort.Submit(12, new Operation.Read(0, 512)));
        recording.saw(2, Layer.client("client"), new BlockPort.Submit(17, new Operation.Trim(512, 1024)));
        ByteBuf sent = encode(preamble(), request(1, Kind.TRIM, 512, 1024), request(2, Kind.READ, 0, 512));
        for (int at = 0; at < sent.readableBytes(); at += 7) {
            ByteBuf piece = sent.slice(at, Math.min(7, sent.readableBytes() - at));
            recording.saw(3, Layer.client("client"), new LinkPort.Send(1, piece));
            assertEquals(Math.min(7, sent.readableBytes() - at), piece.readableBytes());
        }
        recording.saw(4, Layer.server("server"), new LinkPort.Received(9, sent));
        ByteBuf block = Unpooled.buffer();
        Stamp.write(block, 1, 5, 0, 512);
        recording.saw(
                5,
                Layer.server("server"),
                new LinkPort.Send(
                        9,
                        encode(
                                preamble(),
                                new Message.Answer(1, Problem.NONE, 1, BOOT, 9, 4, Unpooled.EMPTY_BUFFER),
                                new Message.Answer(2, Problem.NONE, 1, BOOT, 0, 4, block))));
        assertEquals(
                List.of(
                        "client: operation 12 submitted: read at 0+512",
                        "client: operation 17 submitted: trim at 512+1024",
                        "client -> server: request: trim 1 at 512+1024, operation 17",
                        "client -> server: request: read 2 at 0+512, operation 12",
                        "client -> server: arrived: request: trim 1 at 512+1024, operation 17",
                        "client -> server: arrived: request: read 2 at 0+512, operation 12",
                        "server -> client: answer trim 1: done, execution 9, commit 4",
                        "server -> client: answer read 2: done, commit 4, first block: operation 5"),
                words());
    }

    @Test
    void saysOnceThatBytesAreNoMessage() {
        ByteBuf garbage = Unpooled.buffer().writeZero(64);
        recording.saw(1, Layer.server("server"), new LinkPort.Received(1, garbage));
        recording.saw(2, Layer.server("server"), new LinkPort.Received(1, garbage));
        assertEquals(1, words().size());
    }

    @Test
    void whatIsQuietIsToldOnlyIfAFindingNamesIt() {
        recording.saw(1, Layer.client("client"), new Control.TimerFired());
        recording.saw(2, Layer.client("client"), new ClientControl.Detach(9));
        recording.saw(3, Layer.client("client"), new LinkPort.Send(1, encode(preamble(), new Message.Ping(7))));
        Finding late = new Finding(Rules.L5, Side.CLIENT, 3, Sentence.EMPTY, new Crossing(1, 0));
        Finding asked = new Finding(Rules.L1, Side.CLIENT, 3, Sentence.EMPTY, new Crossing(3, 2));
        assertEquals(List.of("is asked to detach"), told(Optional.empty()));
        assertEquals(List.of("the deadline has come", "is asked to detach"), told(Optional.of(late)));
        assertEquals(List.of("is asked to detach", "asks for a sign of life"), told(Optional.of(asked)));
    }

    private List<String> told(Optional<Finding> finding) {
        return recording.momentsOf(finding, List.of()).stream()
                .map(Moment::words)
                .toList();
    }

    @Test
    void saysOfARequestWhatItIsTheFirstToCallSettled() {
        recording.saw(1, Layer.client("client"), new LinkPort.Send(1, encode(preamble(), settling(70, 1, 3, 4, 5))));
        recording.saw(2, Layer.client("client"), new LinkPort.Send(1, encode(settling(71, 1, 2, 3, 4, 5))));
        recording.saw(3, Layer.client("client"), new LinkPort.Send(1, encode(settling(72, 1, 2, 3, 4, 5))));
        assertEquals(
                List.of(
                        "client -> server: request: read 70 at 0+512, settled are 1, 3 to 5",
                        "client -> server: request: read 71 at 0+512, settled are 2",
                        "client -> server: request: read 72 at 0+512"),
                words());
    }

    private static Message settling(long id, long... ids) {
        long word = 1;
        for (long one : ids) {
            word |= 1L << one;
        }
        Settled settled = new Settled(0, new long[] {word}, new long[0]);
        return new Message.Request(id, Kind.READ, 0, 0, 512, 1, BOOT, settled, 0, Unpooled.EMPTY_BUFFER);
    }

    @Test
    void namesNodesAndSlotsWhereThereAreSeveral() {
        for (String client : List.of("client", "client-2")) {
            recording.saw(1, Layer.client(client), new BlockPort.Submit(client.length(), new Operation.Read(0, 512)));
            recording.saw(1, Layer.client(client), new LinkPort.Connect(1, client.equals("client") ? 0 : 1));
            recording.saw(
                    2, Layer.client(client), new LinkPort.Send(1, encode(preamble(), request(1, Kind.READ, 0, 512))));
        }
        recording.saw(3, Layer.server("server-2"), new LinkPort.Accepted(4, "peer", "client-2"));
        recording.saw(
                4,
                Layer.server("server-2"),
                new LinkPort.Received(4, encode(preamble(), request(1, Kind.READ, 0, 512))));
        assertEquals(
                List.of(
                        "client: operation 6 submitted: read at 0+512",
                        "client: connects, link 1",
                        "client -> server: request: read 1 at 0+512, operation 6",
                        "client-2: operation 8 submitted: read at 0+512",
                        "client-2: connects, link 1, slot 1",
                        "client-2 -> server: request: read 1 at 0+512, operation 8, slot 1",
                        "server-2: link 4 is open",
                        "client-2 -> server-2: arrived: request: read 1 at 0+512, operation 8"),
                words());
    }

    private List<String> words() {
        return recording.moments().stream()
                .map(moment -> moment.way().words() + ": " + moment.words())
                .toList();
    }

    private static Message preamble() {
        return new Message.Preamble(Wire.VERSION_MIN, Wire.VERSION_MAX);
    }

    private static Message request(long id, Kind kind, long offset, int length) {
        return new Message.Request(id, kind, 0, offset, length, 1, BOOT, Settled.NONE, 0, Unpooled.EMPTY_BUFFER);
    }

    private ByteBuf encode(Message... messages) {
        ByteBuf bytes = Unpooled.buffer();
        for (Message message : messages) {
            ByteBuf one = encoder.encode(message);
            bytes.writeBytes(one);
            one.release();
        }
        return bytes;
    }
}
