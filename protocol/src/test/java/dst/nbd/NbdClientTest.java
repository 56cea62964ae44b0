package dst.nbd;

import static dst.nbd.Served.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dst.nbd.port.Extent;
import dst.nbd.port.NbdClientControl;
import dst.nbd.port.NbdExport;
import dst.protocol.BlockPort;
import dst.protocol.Closing;
import dst.protocol.LinkPort;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Signal;
import dst.protocol.wire.CountedPages;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client makes of what a server says, right or wrong; the server's bytes are written by hand. */
class NbdClientTest {
    private final CountedPages pages = new CountedPages(false);
    private final NbdClient client = new NbdClient(pages);
    private final Map<Long, Outcome> outcomes = new LinkedHashMap<>();
    private final Map<Long, List<Extent>> maps = new LinkedHashMap<>();
    private @Nullable NbdExport attached;
    private @Nullable Closing closing;

    @AfterEach
    void everyPageIsBack() {
        outcomes.values().forEach(outcome -> {
            if (outcome instanceof Outcome.Done done) {
                done.data().release();
            }
        });
        client.discard();
        assertEquals(0, pages.live());
    }

    private void step(Signal input) {
        List<Signal> outputs = new ArrayList<>();
        client.step(0, input, outputs);
        for (Signal output : outputs) {
            switch (output) {
                case LinkPort.Send send -> send.bytes().release();
                case LinkPort.Close close -> closing = close.closing();
                case NbdClientControl.Attached given -> attached = given.export();
                case BlockPort.Completed one -> outcomes.put(one.tag(), one.outcome());
                case NbdClientControl.Mapped one -> maps.put(one.tag(), one.extents());
                default -> throw Signal.misplaced(output);
            }
        }
    }

    private void says(Served.Bytes said) {
        byte[] all = said.array();
        for (int at = 0; at < all.length; at += CountedPages.PAGE) {
            int part = Math.min(CountedPages.PAGE, all.length - at);
            step(new LinkPort.Received(1, pages.buffer(part).writeBytes(all, at, part)));
        }
    }

    private static Served.Bytes reply(int option, int type, Served.Bytes data) {
        return bytes().bytes(ByteBufUtil.decodeHexDump(Served.reply(option, type, data)));
    }

    private void greeted() {
        step(new NbdClientControl.Use("disk"));
        step(new LinkPort.Opened(1));
        says(bytes().large(Nbd.GREETING).large(Nbd.OPTION_MAGIC).small(3));
    }

    /** With structured replies and base:allocation as the context 9, or with neither. */
    private void attached(boolean structured) {
        greeted();
        says(reply(Nbd.STRUCTURED_REPLY, structured ? Nbd.ACK : Nbd.ERR_UNSUP, bytes()));
        if (structured) {
            says(reply(Nbd.SET_META_CONTEXT, Nbd.META_CONTEXT, bytes().number(9).plain("base:allocation"))
                    .and(reply(Nbd.SET_META_CONTEXT, Nbd.ACK, bytes())));
        }
        says(reply(Nbd.GO, Nbd.INFORMATION, bytes().small(0).large(1 << 20).small(0x6d))
                .and(reply(Nbd.GO, Nbd.ACK, bytes())));
        assertNotNull(attached);
    }

    private static Served.Bytes chunk(int flags, int type, long cookie, Served.Bytes data) {
        return bytes().number(Nbd.CHUNK_MAGIC)
                .small(flags)
                .small(type)
                .large(cookie)
                .number(data.array().length)
                .and(data);
    }

    private static Served.Bytes simple(long cookie, int error) {
        return bytes().number(Nbd.SIMPLE_MAGIC).number(error).large(cookie);
    }

    private void read(long tag, long offset, int length) {
        step(new BlockPort.Submit(tag, new Operation.Read(offset, length)));
    }

    private void isWrong(String rule) {
        assertNotNull(closing);
        assertEquals(rule, closing.rule());
    }

    @Test
    void serverThatKnowsOnlyExportNameIsUsedAllTheSame() {
        greeted();
        says(reply(Nbd.STRUCTURED_REPLY, Nbd.ERR_UNSUP, bytes()));
        says(reply(Nbd.GO, Nbd.ERR_UNSUP, bytes()));
        says(bytes().large(1000).small(1));
        assertNotNull(attached);
        assertEquals(1000, attached.device().size());
        assertEquals(0, attached.features());
    }

    @Test
    void greetingOfSomethingElseIsWrong() {
        step(new NbdClientControl.Use("disk"));
        step(new LinkPort.Opened(1));
        says(bytes().plain("SSH-2.0-something else"));
        isWrong("greeting");
    }

    @Test
    void exportWithoutASizeIsWrong() {
        greeted();
        says(reply(Nbd.STRUCTURED_REPLY, Nbd.ERR_UNSUP, bytes()).and(reply(Nbd.GO, Nbd.ACK, bytes())));
        isWrong("export information");
    }

    @ParameterizedTest
    @CsvSource({"0, 512, 4096", "3, 512, 4096", "512, 256, 4096", "131072, 131072, 33554432", "512, 512, 256"})
    void blockSizesThatAreNoneAreWrong(int least, int best, int most) {
        greeted();
        says(reply(Nbd.STRUCTURED_REPLY, Nbd.ERR_UNSUP, bytes()));
        says(reply(
                Nbd.GO,
                Nbd.INFORMATION,
                bytes().small(3).number(least).number(best).number(most)));
        isWrong("option reply");
    }

    @Test
    void replyToWhatWasNotAskedIsWrong() {
        greeted();
        says(reply(Nbd.GO, Nbd.ACK, bytes()));
        isWrong("option reply");
    }

    @Test
    void lengthThatIsOnlySpokenOfTakesNoMemory() {
        greeted();
        says(bytes().large(Nbd.OPTION_REPLY_MAGIC)
                .number(Nbd.STRUCTURED_REPLY)
                .number(Nbd.ERR_UNSUP)
                .number(-1));
        isWrong("option reply");
    }

    @Test
    void chunksComeInAnyOrderAndHolesAreZeroes() {
        attached(true);
        read(1, 1000, 24);
        says(chunk(0, Nbd.CHUNK_DATA, 1, bytes().large(1016).plain("behind!!")));
        says(chunk(0, Nbd.CHUNK_HOLE, 1, bytes().large(1008).number(8)));
        says(chunk(1, Nbd.CHUNK_DATA, 1, bytes().large(1000).plain("in front")));
        ByteBuf data = assertInstanceOf(Outcome.Done.class, outcomes.get(1L)).data();
        assertEquals("in front" + "\0".repeat(8) + "behind!!", data.toString(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void errorWithAnOffsetFailsTheReadAndNotTheConnection() {
        attached(true);
        read(1, 1000, 24);
        says(chunk(0, Nbd.CHUNK_DATA, 1, bytes().large(1000).plain("in front")));
        says(chunk(
                0,
                Nbd.CHUNK_ERROR_OFFSET,
                1,
                bytes().number(5).small(3).plain("bad").large(1008)));
        assertNull(outcomes.get(1L));
        says(chunk(1, Nbd.CHUNK_NONE, 1, bytes()));
        assertEquals(new Outcome.Refused(Problem.IO_ERROR, "bad"), outcomes.get(1L));
        assertNull(closing);
    }

    @ParameterizedTest(name = "at {0}, {1} bytes, after {2} at {3}")
    @CsvSource({
        "999, 8, 0, 0",
        "1017, 8, 0, 0",
        "1000, 8, 8, 1000",
        "1004, 8, 8, 1000",
        "1004, 8, 8, 1008",
        "1000, 24, 8, 1008",
        "996, 8, 8, 1000",
        "-8, 8, 0, 0"
    })
    void chunkOutsideOfWhatIsDueIsWrong(long at, int length, int before, long beforeAt) {
        attached(true);
        read(1, 1000, 24);
        if (before > 0) {
            says(chunk(0, Nbd.CHUNK_DATA, 1, bytes().large(beforeAt).bytes(new byte[before])));
            assertNull(closing);
        }
        says(chunk(0, Nbd.CHUNK_DATA, 1, bytes().large(at).bytes(new byte[length])));
        isWrong("chunk range");
        assertInstanceOf(Outcome.Unknown.class, outcomes.get(1L));
    }

    @Test
    void answerWithSomethingMissingIsWrong() {
        attached(true);
        read(1, 1000, 24);
        says(chunk(1, Nbd.CHUNK_DATA, 1, bytes().large(1000).plain("in front")));
        isWrong("chunk coverage");
    }

    @Test
    void simpleReplyToAReadIsWrongOnceChunksAreAgreedOn() {
        attached(true);
        read(1, 1000, 24);
        says(simple(1, 22));
        isWrong("structured reply");
    }

    @Test
    void chunkIsWrongIfItWasNotAgreedOn() {
        attached(false);
        read(1, 1000, 24);
        says(chunk(1, Nbd.CHUNK_NONE, 1, bytes()));
        isWrong("reply magic");
    }

    @Test
    void cookieThatWasNotGivenOrIsAnsweredTwiceIsWrong() {
        attached(false);
        step(new BlockPort.Submit(1, new Operation.Flush()));
        says(simple(1, 0));
        assertInstanceOf(Outcome.Done.class, outcomes.get(1L));
        assertNull(closing);
        says(simple(1, 0));
        isWrong("reply cookie");
    }

    @ParameterizedTest(name = "error {0}")
    @CsvSource({
        "1, EPERM, NOT_PERMITTED, true",
        "5, EIO, IO_ERROR, false",
        "12, ENOMEM, IO_ERROR, false",
        "22, EINVAL, NOT_SUPPORTED, true",
        "28, ENOSPC, NO_SPACE, false",
        "75, EOVERFLOW, TOO_LARGE, true",
        "95, ENOTSUP, NOT_SUPPORTED, true",
        "108, ESHUTDOWN, DETACHED, false",
        "99, 'error 99, which has no name in NBD', IO_ERROR, false"
    })
    void changeIsRefusedOnlyIfTheErrorComesBeforeAnything(int error, String name, Problem problem, boolean refused) {
        attached(false);
        step(new BlockPort.Submit(
                1,
                new Operation.Write(0, Unpooled.EMPTY_BUFFER.alloc().buffer(4).writeInt(1), false)));
        read(2, 0, 4);
        says(simple(1, error).and(simple(2, error)));
        String text = "the server says " + name;
        assertEquals(
                refused ? new Outcome.Refused(problem, text) : new Outcome.Unknown(problem, text), outcomes.get(1L));
        assertEquals(new Outcome.Refused(problem, text), outcomes.get(2L));
    }

    private void askAndHear(Served.Bytes status) {
        attached(true);
        step(new NbdClientControl.Map(1, 0, 4096));
        says(chunk(1, Nbd.CHUNK_STATUS, 1, status));
    }

    @Test
    void lastExtentMayReachFurtherAndIsCut() {
        askAndHear(bytes().number(9).number(1024).number(3).number(1 << 30).number(0));
        assertEquals(List.of(new Extent(1024, true, true), new Extent(3072, false, false)), maps.get(1L));
    }

    @Test
    void extentBehindWhatWasAskedIsWrong() {
        askAndHear(bytes().number(9).number(4096).number(3).number(512).number(0));
        isWrong("extent");
    }

    @Test
    void contextThatWasNotAgreedOnIsWrong() {
        askAndHear(bytes().number(1).number(4096).number(3));
        isWrong("context");
    }

    @Test
    void readInCrumbsIsWrongBeforeItTakesMoreThanItself() {
        attached(true);
        read(1, 0, 4096);
        for (int i = 0; i < 4096 && closing == null; i += 2) {
            says(chunk(0, Nbd.CHUNK_DATA, 1, bytes().large(i).bytes(new byte[1])));
        }
        isWrong("chunk range");
    }

    @Test
    void holeOfAnyLengthTakesNoMemory() {
        attached(true);
        read(1, 0, 1 << 20);
        int before = pages.live();
        says(chunk(1, Nbd.CHUNK_HOLE, 1, bytes().large(0).number(1 << 20)));
        assertEquals(before, pages.live());
        assertEquals(
                1 << 20,
                assertInstanceOf(Outcome.Done.class, outcomes.get(1L)).data().readableBytes());
    }
}
