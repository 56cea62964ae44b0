package dst.protocol.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.ClientPolicy;
import dst.protocol.ClientSettings;
import dst.protocol.Holding;
import dst.protocol.Kind;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Overlap;
import dst.protocol.Problem;
import dst.protocol.wire.CountedPages;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The two policies for a write that has to wait for one that it overlaps (T5, T6). */
class CopyTest {
    private LoneClient lone = LoneClient.attached(settings(Overlap.COPY, 4 * LoneClient.BLOCK));

    @AfterEach
    void everythingIsGivenBack() {
        lone.everythingIsGivenBack();
    }

    private static ClientSettings settings(Overlap overlap, long copiedBytesMax) {
        return LoneClient.settings()
                .with(new ClientPolicy(1, overlap, copiedBytesMax, Holding.TAKE, Integer.MAX_VALUE));
    }

    private ByteBuf submitWrite(long tag, int block, int blocks) {
        ByteBuf data = Unpooled.buffer(blocks * LoneClient.BLOCK);
        data.writeZero(blocks * LoneClient.BLOCK).setByte(7, (int) tag);
        lone.submit(tag, new Operation.Write((long) block * LoneClient.BLOCK, data, false));
        return data;
    }

    // T5
    @Test
    void writeThatHasToWaitGivesItsBufferBack() {
        ByteBuf first = submitWrite(1, 0, 1);
        ByteBuf held = submitWrite(2, 0, 1);
        assertEquals(Set.of(2L), lone.copied);
        assertEquals(0, held.refCnt());
        assertTrue(first.refCnt() > 0, "it is sent, and may be sent again");
        assertTrue(lone.outcomes.isEmpty(), "neither policy settles early");
        assertEquals(1, lone.requests().size());
    }

    // T6: what is sent is what was submitted, whatever the submitter makes of its buffer.
    @Test
    void copyIsTheContentOfTheSubmission() {
        submitWrite(1, 0, 1);
        ByteBuf data = Unpooled.buffer(3 * LoneClient.BLOCK);
        for (int i = 0; i < 3 * LoneClient.BLOCK; i++) {
            data.writeByte(i * 7);
        }
        byte[] submitted = ByteBufUtil.getBytes(data);
        lone.submit(2, new Operation.Write(0, data.retain(), false));
        data.setZero(0, submitted.length).release();
        lone.answer(lone.request());
        Message.Request request = lone.request();
        assertEquals(Unpooled.wrappedBuffer(submitted), request.payload());
        lone.answer(request);
        lone.outcome(2, Outcome.Done.class);
        lone.nextBoot();
        assertEquals(Unpooled.wrappedBuffer(submitted), lone.request().payload());
    }

    // G7
    @Test
    void copyAsksForNoMoreThanTheSmallestPageAtOnce() {
        CountedPages pages = lone.pages;
        submitWrite(1, 0, 1);
        int before = pages.live();
        submitWrite(2, 0, 4);
        assertEquals(before + 4, pages.live());
    }

    // T5: exactly at the limit, and one beyond.
    @Test
    void copiesHaveALimitAndBeyondItWritesWait() {
        submitWrite(1, 0, 4);
        submitWrite(2, 0, 3);
        submitWrite(3, 3, 2);
        submitWrite(4, 3, 1);
        ByteBuf beyond = submitWrite(5, 0, 1);
        assertEquals(Set.of(2L, 4L), lone.copied);
        assertEquals(1, beyond.refCnt());
        assertEquals(1, lone.requests().size());
        lone.answerAll();
        assertEquals(5, lone.outcomes.size());
    }

    // T5, D4: what has settled counts no more, whether it is retained or was never sent.
    @Test
    void limitIsFreedAsCopiesSettle() {
        for (int i = 0; i < 20; i += 2) {
            submitWrite(i, 0, 4);
            submitWrite(i + 1, 0, 4);
            assertTrue(lone.copied.contains(i + 1L));
            lone.answerAll();
        }
        assertEquals(20, lone.outcomes.size());
        submitWrite(20, 0, 4);
        submitWrite(21, 0, 4);
        lone.say(new Message.Refuse(Problem.DISK_FAILED, "for good"));
        lone.outcome(21, Outcome.Refused.class);
    }

    // T5: they carry nothing.
    @Test
    void nothingButAWriteIsCopied() {
        submitWrite(1, 0, 1);
        lone.read(2, 0);
        lone.submit(3, new Operation.Zero(0, 512, false));
        lone.submit(4, new Operation.Trim(0, 512));
        lone.submit(5, new Operation.Write(0, Unpooled.EMPTY_BUFFER, false));
        submitWrite(6, 9, 1);
        assertTrue(lone.copied.isEmpty());
    }

    // T5
    @Test
    void writeThatWaitsKeepsItsBuffer() {
        for (ClientSettings other :
                new ClientSettings[] {settings(Overlap.WAIT, 1 << 20), settings(Overlap.COPY, 511)}) {
            lone.everythingIsGivenBack();
            lone = LoneClient.attached(other);
            submitWrite(1, 0, 1);
            ByteBuf held = submitWrite(2, 0, 1);
            assertTrue(lone.copied.isEmpty());
            assertEquals(1, held.refCnt());
            lone.answerAll();
            lone.outcome(2, Outcome.Done.class);
        }
    }

    // T5, G4: the order is that of the submissions, whoever holds the content.
    @Test
    void copiesKeepTheOrder() {
        submitWrite(1, 0, 1);
        submitWrite(2, 0, 4);
        lone.read(3, 0);
        submitWrite(4, 0, 1);
        for (int i = 0; i < 4; i++) {
            assertEquals(i + 1, lone.requests().size());
            assertEquals(i == 2 ? Kind.READ : Kind.WRITE, lone.request().kind());
            lone.answer(lone.request());
        }
        assertFalse(lone.copied.contains(4L), "there was no room");
    }
}
