package dst.realnode.serve;

import dst.protocol.DiskRequest;
import dst.realnode.host.MachineHost;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** How much was asked of one export's disk, and how long it took. Several loops tell it. */
final class Gauge {
    private static final long LONGEST = 60_000_000_000L;

    final LongAdder operations = new LongAdder();
    final LongAdder running = new LongAdder();
    final LongAdder bytesRead = new LongAdder();
    final LongAdder bytesWritten = new LongAdder();
    final LongAdder flushes = new LongAdder();
    private final Recorder latency = new Recorder(LONGEST, 2);
    private final Histogram total = new Histogram(LONGEST, 2);

    /** Everything so far. */
    synchronized Histogram latencies() {
        total.add(latency.getIntervalHistogram());
        return total.copy();
    }

    /** One loop's way to tell it. Tickets count up. */
    final class Teller {
        /** So many run at once on one loop, or a few times are mixed up. */
        private static final int RUNNING_MAX = 2048;

        private final long[] startedAt = new long[RUNNING_MAX];

        void started(DiskRequest request) {
            running.increment();
            startedAt[place(request.ticket())] = MachineHost.now();
            switch (request) {
                case DiskRequest.Read it -> bytesRead.add(it.length());
                case DiskRequest.Write it -> bytesWritten.add(it.data().readableBytes());
                case DiskRequest.Flush _ -> flushes.increment();
                case DiskRequest.Zero _, DiskRequest.Trim _, DiskRequest.Forget _ -> {}
            }
        }

        void ended(long ticket) {
            running.decrement();
            operations.increment();
            latency.recordValue(Math.clamp(MachineHost.now() - startedAt[place(ticket)], 0, LONGEST - 1));
        }

        private static int place(long ticket) {
            return (int) ticket & RUNNING_MAX - 1;
        }
    }
}
