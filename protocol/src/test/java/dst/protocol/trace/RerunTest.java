package dst.protocol.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dst.protocol.Control;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.ServerControl;
import dst.protocol.Signal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RerunTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TraceWriter writer = new TraceWriter("server", bytes::write);
    private long now;

    /** Says what it was told, and how late it is; falls over what is empty. */
    private static final class Echo implements Machine {
        private long count;

        @Override
        public void step(long now, Signal input, List<? super Signal> outbox) {
            if (input instanceof LinkPort.Received(long link, ByteBuf heard)) {
                if (!heard.isReadable()) {
                    throw new IllegalStateException("there is nothing");
                }
                outbox.add(new LinkPort.Send(link, heard));
                outbox.add(new Control.Noted(++count + " at " + now));
            }
        }

        @Override
        public long nextDeadline() {
            return NEVER;
        }

        @Override
        public long digest() {
            return count;
        }

        @Override
        public void discard() {}
    }

    private void saw(Object value) {
        writer.saw(now, Layer.server("server"), value);
    }

    private void heard(String text) {
        now += 10;
        saw(new LinkPort.Received(1, buffer(text)));
    }

    private void said(String text, String note) {
        saw(new LinkPort.Send(1, buffer(text)));
        saw(new Control.Noted(note));
    }

    private static ByteBuf buffer(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private Rerun.Result rerun() {
        writer.end();
        return rerun(bytes.toByteArray());
    }

    private static Rerun.Result rerun(byte[] trace) {
        return Rerun.of(new TraceReader(trace), Echo::new);
    }

    @Test
    void theSameOutputsAreCounted() {
        saw(new WorldEvent.ProcessStarted());
        heard("one");
        said("one", "1 at 10");
        heard("two");
        said("two", "2 at 20");
        assertEquals(new Rerun.Result.Same(2, 4, null), rerun());
    }

    @Test
    void theFirstOutputThatDiffersIsNamedWithTheInputBeforeIt() {
        heard("one");
        said("one", "1 at 10");
        heard("two");
        said("twO", "2 at 20");
        assertEquals(
                new Rerun.Result.Different(
                        3, 2, new LinkPort.Send(1, buffer("twO")), new LinkPort.Send(1, buffer("two"))),
                rerun());
        assertEquals(
                new Read.Seen(20, Layer.server("server"), new LinkPort.Received(1, buffer("two"))),
                Rerun.input(new TraceReader(bytes.toByteArray()), Layer::isWhole, 2));
    }

    @Test
    void anOutputTooManyAndOneTooFewAreDifferences() {
        heard("one");
        saw(new LinkPort.Send(1, buffer("one")));
        heard("two");
        assertEquals(new Rerun.Result.Different(2, 1, null, new Control.Noted("1 at 10")), rerun());
        bytes.reset();
        TraceWriter other = new TraceWriter("server", bytes::write);
        other.saw(5, Layer.server("server"), new ServerControl.Ready());
        other.saw(5, Layer.server("server"), new Control.Noted("ready"));
        assertEquals(new Rerun.Result.Different(1, 1, new Control.Noted("ready"), null), rerun());
    }

    @Test
    void aProcessThatEndedWithinAStepHadNoTimeForItsOutputs() {
        heard("one");
        saw(new LinkPort.Send(1, buffer("one")));
        saw(new WorldEvent.ProcessCrashed());
        saw(new WorldEvent.ProcessStarted());
        heard("two");
        said("two", "1 at 20");
        heard("three");
        assertEquals(new Rerun.Result.Same(3, 3, null), rerun());
    }

    @Test
    void aTraceThatWasCutOffIsTheSameUpToThere() {
        heard("one");
        said("one", "1 at 10");
        int whole = bytes.size();
        heard("two");
        byte[] cut = Arrays.copyOf(bytes.toByteArray(), whole + 3);
        Rerun.Result.Same same = assertInstanceOf(Rerun.Result.Same.class, rerun(cut));
        assertEquals(1, same.inputs());
        assertEquals(new Read.Damaged("the trace was interrupted within a record's head", whole), same.damage());
    }

    @Test
    void aMachineThatFallsOverIsNoDifference() {
        heard("one");
        said("one", "1 at 10");
        heard("");
        Rerun.Result.Fell fell = assertInstanceOf(Rerun.Result.Fell.class, rerun());
        assertEquals(2, fell.input());
        assertEquals("there is nothing", fell.failure().getMessage());
    }

    @Test
    void aMachineGoesByItsOwnHostsClock() {
        saw(new WorldEvent.ClockSet(0, 1000, 500_000));
        heard("one");
        said("one", "1 at 1015");
        saw(new WorldEvent.ClockSet(15, 5000, 0));
        heard("two");
        said("two", "2 at 5005");
        assertEquals(new Rerun.Result.Same(2, 4, null), rerun());
    }
}
