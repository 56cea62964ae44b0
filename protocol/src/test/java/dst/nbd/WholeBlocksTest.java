package dst.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.BlockPort;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Signal;
import dst.protocol.WholeBlocksControl;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Any bytes of a device that moves whole blocks. */
class WholeBlocksTest {
    private static final int BLOCK = 512;

    private final WholeBlocks blocks = new WholeBlocks(BLOCK);
    private final Map<Long, Operation> asked = new LinkedHashMap<>();
    private final Map<Long, Long> madeFor = new LinkedHashMap<>();
    private final Map<Long, Outcome> completed = new LinkedHashMap<>();
    private final List<ByteBuf> buffers = new ArrayList<>();

    private void step(Signal input) {
        List<Signal> outputs = new ArrayList<>();
        blocks.step(0, input, outputs);
        for (Signal output : outputs) {
            switch (output) {
                case BlockPort.Ask(int _, BlockPort.Submit submit) -> asked.put(submit.tag(), submit.operation());
                case BlockPort.Completed it -> completed.put(it.tag(), it.outcome());
                case WholeBlocksControl.MadeFor made -> madeFor.put(made.ticket(), made.tag());
                default -> throw Signal.misplaced(output);
            }
        }
    }

    private void submit(long tag, Operation operation) {
        step(new BlockPort.Submit(tag, operation));
    }

    private ByteBuf content(int length, int value) {
        ByteBuf content = Unpooled.buffer(length);
        for (int i = 0; i < length; i++) {
            content.writeByte(value);
        }
        buffers.add(content);
        return content;
    }

    private Operation.Write write(long offset, int length, int value) {
        return new Operation.Write(offset, content(length, value), false);
    }

    private void done(long ticket) {
        Operation operation = asked.remove(ticket);
        if (operation instanceof Operation.Write write) {
            write.data().release();
        }
        step(new BlockPort.Heard(0, new BlockPort.Completed(ticket, new Outcome.Done(Unpooled.EMPTY_BUFFER))));
    }

    private void read(long ticket, int value) {
        int length = asked.remove(ticket).length();
        step(new BlockPort.Heard(0, new BlockPort.Completed(ticket, new Outcome.Done(content(length, value)))));
    }

    private void failed(long ticket, Outcome outcome) {
        Operation operation = asked.remove(ticket);
        if (operation instanceof Operation.Write write) {
            write.data().release();
        }
        step(new BlockPort.Heard(0, new BlockPort.Completed(ticket, outcome)));
    }

    /** What a write is asked to write: how many of which byte, one after the other. */
    private String runs(long ticket) {
        ByteBuf data = ((Operation.Write) asked.get(ticket)).data();
        StringBuilder text = new StringBuilder();
        for (int at = data.readerIndex(); at < data.writerIndex(); ) {
            int from = at;
            while (at < data.writerIndex() && data.getByte(at) == data.getByte(from)) {
                at++;
            }
            text.append(at - from).append('x').append(data.getByte(from)).append(' ');
        }
        return text.toString().strip();
    }

    private void everythingIsGivenBack() {
        blocks.discard();
        for (Operation operation : asked.values()) {
            if (operation instanceof Operation.Write write) {
                write.data().release();
            }
        }
        completed.values().forEach(outcome -> {
            if (outcome instanceof Outcome.Done done) {
                done.data().release();
            }
        });
        buffers.forEach(buffer -> assertEquals(0, buffer.refCnt()));
    }

    @Test
    void whatIsOfWholeBlocksGoesAsItIs() {
        Operation.Write write = write(512, 1024, 1);
        submit(7, write);
        submit(8, new Operation.Read(0, 512));
        submit(9, new Operation.Flush());
        submit(10, new Operation.Trim(0, 512));
        assertEquals(
                List.of(write, new Operation.Read(0, 512), new Operation.Flush(), new Operation.Trim(0, 512)),
                List.copyOf(asked.values()));
        done(1);
        done(3);
        assertEquals(List.of(7L, 9L), List.copyOf(completed.keySet()));
        everythingIsGivenBack();
    }

    @Test
    void readIsCutOutOfItsBlocks() {
        submit(1, new Operation.Read(700, 400));
        assertEquals(new Operation.Read(512, 1024), asked.get(1L));
        ByteBuf came = content(1024, 0);
        for (int i = 0; i < 1024; i++) {
            came.setByte(i, (byte) (i / 4));
        }
        step(new BlockPort.Heard(0, new BlockPort.Completed(1, new Outcome.Done(came))));
        ByteBuf data = assertInstanceOf(Outcome.Done.class, completed.get(1L)).data();
        assertEquals(400, data.readableBytes());
        assertEquals("2f2f2f2f30", ByteBufUtil.hexDump(data, data.readerIndex(), 5));
        everythingIsGivenBack();
    }

    @ParameterizedTest(name = "{0}+{1}: {2}")
    @CsvSource({
        "600, 100, 88x9 100x1 324x9, 512",
        "512, 100, 100x1 412x9, 512",
        "900, 124, 388x9 124x1, 512",
        "600, 500, 88x9 500x1 436x8, 512",
        "600, 1448, 88x9 1448x1, 512",
        "512, 1000, 1000x1 24x8, 512"
    })
    void writeKeepsWhatIsAroundItInItsBlocks(long offset, int length, String runs, long first) {
        submit(1, new Operation.Write(offset, content(length, 1), true));
        boolean one = offset / BLOCK == (offset + length - 1) / BLOCK;
        boolean head = offset % BLOCK != 0 || one;
        if (head) {
            assertEquals(new Operation.Read(first, BLOCK), asked.get(1L));
            read(1, 9);
        }
        if (!one && (offset + length) % BLOCK != 0) {
            assertEquals(new Operation.Read((offset + length) / BLOCK * BLOCK, BLOCK), asked.get(head ? 2L : 1L));
            read(head ? 2 : 1, 8);
        }
        long ticket = asked.keySet().iterator().next();
        assertEquals(runs, runs(ticket));
        assertEquals(first, asked.get(ticket).offset());
        assertTrue(asked.get(ticket).durable());
        done(ticket);
        assertInstanceOf(Outcome.Done.class, completed.get(1L));
        everythingIsGivenBack();
    }

    @Test
    void zerosAreWrittenAtTheEdgesAndStayZerosBetweenThem() {
        submit(1, new Operation.Zero(600, 1500, true));
        read(1, 9);
        read(2, 8);
        assertEquals("88x9 424x0", runs(3));
        assertEquals("52x0 460x8", runs(4));
        assertEquals(new Operation.Zero(1024, 1024, true), asked.get(5L));
        assertTrue(asked.get(3L).durable() && asked.get(4L).durable());
        done(5);
        done(3);
        assertTrue(completed.isEmpty());
        done(4);
        assertInstanceOf(Outcome.Done.class, completed.get(1L));
        submit(2, new Operation.Zero(0, 100, false));
        read(6, 9);
        assertEquals("100x0 412x9", runs(7));
        everythingIsGivenBack();
    }

    @Test
    void trimLeavesTheEdgesAlone() {
        submit(1, new Operation.Trim(600, 1500));
        assertEquals(new Operation.Trim(1024, 1024), asked.get(1L));
        submit(2, new Operation.Trim(4096 + 600, 200));
        submit(3, new Operation.Trim(4096 + 100, 512));
        assertEquals(List.of(2L, 3L), List.copyOf(completed.keySet()));
        everythingIsGivenBack();
    }

    @Test
    void changesOfOneBlockWaitForAnEdgeOfItAndReadsDoNot() {
        submit(1, write(600, 100, 1));
        submit(2, write(512, 512, 2));
        submit(3, write(700, 100, 3));
        submit(4, write(1024, 512, 4));
        submit(5, new Operation.Read(512, 512));
        submit(6, new Operation.Trim(0, 2048));
        assertEquals(List.of(1L, 2L, 3L), List.copyOf(asked.keySet()), "its edge, what is beside it, and the read");
        read(1, 9);
        assertEquals(4, asked.keySet().stream().mapToLong(Long::longValue).max().orElseThrow());
        done(4);
        assertEquals("512x2", runs(5));
        done(5);
        assertEquals(new Operation.Read(512, 512), asked.get(6L), "the other edge, with what is there by now");
        read(6, 2);
        assertEquals("188x2 100x3 224x2", runs(7));
        done(7);
        assertEquals(new Operation.Trim(0, 2048), asked.get(8L));
        everythingIsGivenBack();
    }

    @Test
    void wholeBlocksDoNotWaitForWholeBlocks() {
        submit(1, write(512, 512, 2));
        submit(2, write(0, 1024, 2));
        submit(3, new Operation.Zero(512, 512, false));
        assertEquals(3, asked.size());
        submit(4, write(513, 1, 1));
        assertEquals(3, asked.size());
        done(1);
        done(3);
        assertEquals(1, asked.size());
        done(2);
        assertEquals(new Operation.Read(512, 512), asked.get(4L));
        everythingIsGivenBack();
    }

    @Test
    void whatFailsBeforeAnythingWasChangedIsRefused() {
        submit(1, write(600, 1000, 1));
        failed(2, new Outcome.Unknown(Problem.TIMED_OUT, "no answer"));
        assertTrue(completed.isEmpty(), "the other edge is still being read");
        read(1, 9);
        assertEquals(new Outcome.Refused(Problem.TIMED_OUT, "no answer"), completed.get(1L));
        submit(2, write(600, 100, 1));
        read(3, 9);
        failed(4, new Outcome.Refused(Problem.NO_SPACE, "full"));
        assertEquals(new Outcome.Refused(Problem.NO_SPACE, "full"), completed.get(2L));
        everythingIsGivenBack();
    }

    @Test
    void whatFailsWhenAPartOfItIsDoneIsUnknown() {
        submit(1, new Operation.Zero(600, 1500, false));
        read(1, 9);
        read(2, 8);
        done(3);
        failed(4, new Outcome.Refused(Problem.NO_SPACE, "full"));
        failed(5, new Outcome.Unknown(Problem.IO_ERROR, "bad"));
        assertEquals(new Outcome.Unknown(Problem.NO_SPACE, "full"), completed.get(1L));
        everythingIsGivenBack();
    }

    @Test
    void otherBlocksCountForWhatComesLater() {
        submit(1, write(512, 512, 1));
        step(new WholeBlocksControl.Reblocked(1024));
        submit(2, write(512, 512, 2));
        assertEquals(1, asked.size(), "an edge now, of a block that a change is under way in");
        done(1);
        assertEquals(new Operation.Read(0, 1024), asked.get(2L));
        everythingIsGivenBack();
    }
}
