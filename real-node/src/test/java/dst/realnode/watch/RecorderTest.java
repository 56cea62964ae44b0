package dst.realnode.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.LinkPort;
import dst.protocol.Patience;
import dst.protocol.ServerSettings;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Read;
import dst.protocol.trace.TraceReader;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {
    private static final WatchedNode SUBJECT = WatchedNode.server(ServerSettings.DEFAULT);

    @TempDir
    Path store;

    private static void saw(Recorder recorder, int number, int size) {
        recorder.saw(
                number, Layer.server("server"), new LinkPort.Received(number, Unpooled.wrappedBuffer(new byte[size])));
    }

    /** What is in the file: so many values, and what is wrong behind them, if anything. */
    private record Written(int values, @Nullable Read wrong) {}

    private static Written written(Recorder recorder) throws IOException {
        TraceReader reader =
                new TraceReader(Files.readAllBytes(recorder.folder().resolve("server.trace")));
        int count = 0;
        Read read = reader.next();
        while (read instanceof Read.Seen seen) {
            count++;
            assertEquals(count, seen.now());
            read = reader.next();
        }
        return new Written(count, read);
    }

    private static void assertHasNoEnd(int values, Recorder recorder) throws IOException {
        Written written = written(recorder);
        assertEquals(values, written.values());
        assertInstanceOf(Read.Damaged.class, written.wrong());
    }

    private static String state(Recorder recorder) throws IOException {
        return Files.readString(recorder.folder().resolve("state")).strip();
    }

    @Test
    void everythingIsInTheFileWhateverItsSize() throws IOException {
        Recorder recorder = Recorder.begin(store, SUBJECT, 1L << 30);
        for (int i = 1; i <= 200; i++) {
            saw(recorder, i, i % 10 == 0 ? 1 << 20 : i);
        }
        recorder.end();
        assertEquals(new Written(200, null), written(recorder));
        assertEquals("ended in order", state(recorder));
    }

    @Test
    void whatIsNotEndedIsReadUpToTheLastValueThatWasHandedOver() throws Exception {
        Recorder recorder = Recorder.begin(store, SUBJECT, 1L << 30);
        saw(recorder, 1, 10);
        Path trace = recorder.folder().resolve("server.trace");
        Patience.until(() -> Files.size(trace) >= 30, () -> "nothing is handed over");
        assertHasNoEnd(1, recorder);
        assertEquals("recording, or killed while it was", state(recorder));
        recorder.end();
    }

    @Test
    void atItsLimitItStopsBehindAWholeValueAndSaysSo() throws IOException {
        Recorder recorder = Recorder.begin(store, SUBJECT, 10_000);
        for (int i = 1; i <= 20; i++) {
            saw(recorder, i, 990);
        }
        assertTrue(recorder.status().startsWith("STOPPED: its limit of 9.8 KiB is reached"), recorder.status());
        recorder.end();
        assertHasNoEnd(9, recorder);
        assertTrue(Files.size(recorder.folder().resolve("server.trace")) <= 10_000);
        assertEquals("stopped: its limit of 9.8 KiB is reached", state(recorder));
    }

    @Test
    void anOldRecordingIsNeverWrittenOver() throws IOException {
        Recorder one = Recorder.begin(store, SUBJECT, 1000);
        Recorder other = Recorder.begin(store, SUBJECT, 1000);
        assertNotEquals(one.folder(), other.folder());
        assertEquals(
                other.folder().toRealPath(),
                store.resolve("server").resolve("latest").toRealPath());
        assertEquals(other.folder().toRealPath(), store.resolve("latest").toRealPath());
        one.end();
        other.end();
    }
}
