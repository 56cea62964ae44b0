package dst.protocol.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.BlockPort;
import dst.protocol.Closing;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.LinkPort;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Signal;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Each thing that an attack looks at can go wrong, and is seen then. */
class PlantedBugsTest {
    private static final int MESSAGES = 20_000;
    private static final byte[][] HOARD = new byte[1][];

    @Test
    void serverThatThrowsIsSeen() {
        Planted planted = Planted.hearing(input -> {
            if (input instanceof LinkPort.Received(long link, ByteBuf bytes) && Planted.type(bytes) == 12) {
                throw new IllegalStateException("no such type");
            }
            return input;
        });
        assertServer(ServerState.LIVE, planted, "no such type");
    }

    @Test
    void serverThatTakesMemoryForALengthThatItOnlyHeardOfIsSeen() {
        Planted planted = Planted.hearing(input -> {
            if (input instanceof LinkPort.Received(long link, ByteBuf bytes)) {
                HOARD[0] = new byte[(int) Math.min(Planted.spokenOf(bytes), 1 << 24)];
            }
            return input;
        });
        assertServer(ServerState.BEFORE_PREAMBLE, planted, "R1: ");
        assertServer(ServerState.LIVE, planted, "R1: ");
    }

    @Test
    void serverThatNamesNoRuleIsSeen() {
        Planted planted = Planted.saying(outputs -> outputs.stream()
                .map(output -> output instanceof LinkPort.Close(long link, Closing closing)
                                && closing.rule().equals("H2")
                        ? new LinkPort.Close(link, Closing.peerWrong("H0", closing.text()))
                        : output)
                .toList());
        assertServer(ServerState.GREETING, planted, "'H0' is no rule");
    }

    @Test
    void serverThatDoesNotTellIsSeen() {
        Planted planted = Planted.saying(outputs -> {
            List<Signal> left = new ArrayList<>();
            for (Signal output : outputs) {
                if (output instanceof LinkPort.Send(long link, ByteBuf bytes) && Planted.type(bytes) == 3) {
                    bytes.release();
                } else {
                    left.add(output);
                }
            }
            return left;
        });
        assertServer(ServerState.PROPOSED, planted, "was not told");
    }

    @Test
    void serverThatKeepsAPageIsSeen() {
        int[] heard = new int[1];
        Planted planted = Planted.hearing(input -> {
            if (input instanceof LinkPort.Received(long link, ByteBuf bytes) && ++heard[0] == 300) {
                bytes.retain();
            }
            return input;
        });
        assertServer(ServerState.LIVE, planted, "pages were not given back");
    }

    @Test
    void serverThatKeepsEverythingIsSeen() {
        Planted planted = Planted.hearing(input -> {
            if (input instanceof LinkPort.Received(long link, ByteBuf bytes)) {
                bytes.retain();
            }
            return input;
        });
        assertServer(ServerState.LIVE, planted, "bytes of pages are held");
    }

    @Test
    void serverThatNeverStopsReadingIsSeen() {
        Planted planted = Planted.saying(outputs -> outputs.stream()
                .filter(output -> !(output instanceof LinkPort.Reading))
                .toList());
        assertServer(ServerState.PAUSED, planted, "R7: ");
    }

    @Test
    void serverThatLetsGoOfTheNeighbourIsSeen() {
        int[] closed = new int[1];
        Planted planted = Planted.saying(outputs -> {
            List<Signal> more = new ArrayList<>(outputs);
            boolean wrong =
                    outputs.stream().anyMatch(output -> output instanceof LinkPort.Close close && close.link() > 9);
            if (wrong && ++closed[0] == 1) {
                more.add(new LinkPort.Close(1, Closing.of(Closing.Cause.DONE, "good bye to all")));
            }
            return more;
        });
        assertServer(ServerState.LIVE, planted, "good bye to all");
    }

    @Test
    void serverThatSpoilsTheNeighboursDataIsSeen() {
        int[] writes = new int[1];
        Planted planted = Planted.saying(outputs -> {
            for (Signal output : outputs) {
                if (output instanceof DiskPort.Start(int disk, DiskRequest.Write write)
                        && write.offset() >= Victims.SIZE
                        && ++writes[0] % 20 == 0) {
                    write.data().setByte(write.data().readerIndex(), 0x77);
                }
            }
            return outputs;
        });
        assertServer(ServerState.GREETING, planted, "the neighbour's");
    }

    @Test
    void clientThatThrowsIsSeen() {
        Planted planted = Planted.clientHearing(input -> {
            if (input instanceof LinkPort.Received(long link, ByteBuf bytes) && Planted.type(bytes) == 12) {
                throw new IllegalStateException("no such type");
            }
            return input;
        });
        assertClient(ClientState.ATTACHING, planted, "no such type");
    }

    @Test
    void clientThatSettlesTwiceIsSeen() {
        Planted planted = Planted.clientSaying(outputs -> {
            List<Signal> more = new ArrayList<>(outputs);
            for (Signal output : outputs) {
                if (output instanceof BlockPort.Completed(long tag, Outcome outcome) && tag == 9) {
                    more.add(new BlockPort.Completed(tag, new Outcome.Refused(Problem.TIMED_OUT, "once more")));
                }
            }
            return more;
        });
        assertClient(ClientState.LIVE_BUSY, planted, "G5: ");
    }

    /** T4 left out: an answer of whatever boot and epoch is made one of this boot and epoch. */
    @Test
    void clientThatBelievesAnybodyIsSeen() {
        Planted planted = Planted.clientHearing(
                input -> input instanceof LinkPort.Received(long link, ByteBuf bytes) ? believed(link, bytes) : input);
        assertClient(ClientState.LIVE_BUSY, planted, "settled as|did not find");
    }

    private static Signal believed(long link, ByteBuf bytes) {
        if (Planted.type(bytes) != ToClient.ANSWER || bytes.readableBytes() < Draft.FRAME_BYTES + 58) {
            return new LinkPort.Received(link, bytes);
        }
        Draft draft = new Draft();
        draft.clear();
        int length = bytes.readableBytes();
        bytes.getBytes(bytes.readerIndex(), draft.array(), 0, length);
        draft.bytes.position(length);
        int head = Draft.FRAME_BYTES;
        draft.bytes
                .putLong(head + 8, 1)
                .putLong(head + 16, 1)
                .putLong(head + 24, 1)
                .putLong(head + 32, 99);
        draft.seal();
        for (int at = 0; at < length; at++) {
            bytes.setByte(bytes.readerIndex() + at, draft.array()[at]);
        }
        return new LinkPort.Received(link, bytes);
    }

    /** D3 left out: what a replay would bring back does not leave the client as it was. */
    @Test
    void clientThatForgetsWhatItAcknowledgedIsSeen() {
        Planted planted = Planted.clientSaying(outputs -> {
            List<Signal> left = new ArrayList<>();
            for (Signal output : outputs) {
                boolean replay = output instanceof LinkPort.Send(long link, ByteBuf bytes)
                        && dst.protocol.wire.Glance.requestFlags(bytes) >= 4;
                if (replay && output instanceof LinkPort.Send(long link, ByteBuf bytes)) {
                    bytes.release();
                } else {
                    left.add(output);
                }
            }
            return left;
        });
        assertClient(ClientState.LIVE, planted, "G6: ");
    }

    @Test
    void decoderThatTakesMemoryBeforeItChecksIsSeen() {
        assertDecoder("R1: ", bytes -> {
            HOARD[0] = new byte[(int) Math.min(Planted.spokenOf(bytes), 1 << 24)];
            return bytes;
        });
    }

    @Test
    void decoderThatLosesItsPlaceIsSeen() {
        assertDecoder("a whole message took something", bytes -> {
            if (Planted.type(bytes) == ToServer.PONG) {
                bytes.writerIndex(bytes.writerIndex() - 1);
            }
            return bytes;
        });
    }

    @Test
    void decoderThatKeepsWhatItIsGivenIsSeen() {
        assertDecoder("pages", ByteBuf::retain);
    }

    /** It is not only that something fails: without a mistake nothing does, and the counts are those of messages thrown. */
    @Test
    void nothingIsSeenWhereNothingIsPlanted() {
        Tally tally = Attack.run(
                "nothing planted",
                1,
                MESSAGES,
                4096,
                (seed, all, messages) ->
                        new ServerBout(ServerState.LIVE, seed, Planted.hearing(input -> input), all).run(messages));
        assertEquals(MESSAGES, tally.messages());
        assertTrue(
                tally.byRule().keySet().containsAll(List.of("H1", "H2", "R1", "R2", "T1", "T2", "T3", "T4")),
                tally::toString);
    }

    private static void assertServer(ServerState state, Planted planted, String seen) {
        assertSeen(seen, (seed, tally, messages) -> new ServerBout(state, seed, planted, tally).run(messages));
    }

    private static void assertClient(ClientState state, Planted planted, String seen) {
        assertSeen(seen, (seed, tally, messages) -> new ClientBout(state, seed, planted, tally).run(messages));
    }

    private static void assertDecoder(String seen, Function<ByteBuf, ByteBuf> mistake) {
        assertSeen(
                seen,
                (seed, tally, messages) -> new DecoderBout(
                                dst.protocol.wire.Direction.TO_SERVER,
                                Victims.LARGEST,
                                seed,
                                direction -> new MistakenDecoder(DecoderUnderAttack.of(direction), mistake),
                                tally)
                        .run(messages));
    }

    /** One of these words is in what is said of it. */
    private static void assertSeen(String seen, Attack.Bout bout) {
        AssertionError error = assertThrows(AssertionError.class, () -> Attack.run("planted", 1, MESSAGES, 1024, bout));
        String said = String.valueOf(error.getMessage());
        assertTrue(Arrays.stream(seen.split("[|]", -1)).anyMatch(said::contains), said);
    }
}
