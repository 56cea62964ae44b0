package dst.realnode.disk;

import dst.protocol.Disk;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/**
 * How many 4 KiB operations one thread does through a port, without a network: what a disk costs at most. Not a test: a machine that
 * is busy with something else measures that.
 *
 * <pre>
 * mvn -o -q test-compile -pl real-node -am -Dexec.skip
 * mvn -o -q dependency:build-classpath -pl real-node -Dmdep.outputFile=/tmp/classpath
 * java --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:+UseSerialGC \
 *   -cp real-node/target/test-classes:real-node/target/classes:$(cat /tmp/classpath) dst.realnode.disk.PortSpeed [FOLDER]
 * </pre>
 *
 * <p>Printed for each: the best of its rounds in operations per second, the processor's time and the bytes allocated per operation.
 */
final class PortSpeed {
    private static final int SIZE = 4096;
    private static final int DEPTH = 16;
    private static final long OPERATIONS = 1_000_000;
    private static final int ROUNDS = 5;
    private static final long BYTES = 256L << 20;

    private PortSpeed() {}

    public static void main(String[] arguments) throws InterruptedException {
        Path folder = Path.of(arguments.length == 0 ? "." : arguments[0]);
        // As an event loop's is: the pool of buffers keeps some at hand for such threads only.
        Thread loop = new FastThreadLocalThread(() -> measure(folder));
        loop.start();
        loop.join();
    }

    private static void measure(Path folder) {
        try {
            measureAll(folder);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void measureAll(Path folder) throws IOException {
        Path file = folder.resolve("port-speed.img");
        ByteBufAllocator memory = PooledByteBufAllocator.DEFAULT;
        try (RealDisk disk = Disks.open("memory:256MiB", Disks.Options.usual(memory))) {
            measure("memory", disk, memory);
        }
        try (RealDisk disk = Disks.open("sparse:" + file + ":256MiB", Disks.Options.usual(memory))) {
            measure("file in the page cache", disk, memory);
        }
        try (RealDisk disk = new Opening(new Hesitant(), file, Disks.Options.usual(memory)).open(file.toString())) {
            measure("the same, by workers", disk, memory);
        } finally {
            calls(file);
            for (String name : new String[] {".dst/state", ".dst/lock", ".dst", ""}) {
                Files.deleteIfExists(Path.of(file + name));
            }
        }
    }

    private static void measure(String name, RealDisk disk, ByteBufAllocator memory) {
        Run fill = new Run(disk, memory, true);
        for (int round = 0; round < ROUNDS; round++) {
            fill.go(OPERATIONS);
        }
        fill.print(name + ", write");
        Run read = new Run(disk, memory, false);
        for (int round = 0; round < ROUNDS; round++) {
            read.go(OPERATIONS);
        }
        read.print(name + ", read");
    }

    /** A kernel that never says anything without waiting. */
    private static final class Hesitant extends Native {
        @Override
        long read(int file, long address, long length, long offset, int flags) {
            return flags == NO_WAIT ? -Errno.AGAIN : super.read(file, address, length, offset, flags);
        }
    }

    /** Keeps so many running, as a server does: submits a batch, drains, submits as many as ended. */
    private static final class Run {
        private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        private final DiskUse port;
        private final ByteBuf content;
        private final boolean writes;
        private long ended;
        private long offset;
        private long best = Long.MAX_VALUE;
        private long cpu;
        private long allocated;

        Run(RealDisk disk, ByteBufAllocator memory, boolean writes) {
            Executor loop = tasks::add;
            Disk.Ended told = (ticket, result) -> {
                ended++;
                if (result instanceof DiskResult.Data(ByteBuf data)) {
                    data.release();
                }
            };
            this.port = disk.port(loop, told);
            this.content = memory.directBuffer(SIZE).writeZero(SIZE);
            this.writes = writes;
        }

        void go(long operations) {
            long start = System.nanoTime();
            long startCpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            long startAllocated = thread().getCurrentThreadAllocatedBytes();
            ended = 0;
            long submitted = 0;
            while (ended < operations) {
                while (submitted - ended < DEPTH && submitted < operations) {
                    submit(++submitted);
                }
                port.drain();
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
            }
            long nanos = System.nanoTime() - start;
            if (nanos < best) {
                best = nanos;
                cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - startCpu;
                allocated = thread().getCurrentThreadAllocatedBytes() - startAllocated;
            }
        }

        private void submit(long ticket) {
            // A stride that comes by every block, in no order that anybody would read ahead in.
            offset = (offset + 48_271L * SIZE) % BYTES;
            port.submit(
                    writes
                            ? new DiskRequest.Write(ticket, 0, offset, content.retainedSlice(), false)
                            : new DiskRequest.Read(ticket, 0, offset, SIZE));
        }

        void print(String what) {
            System.out.printf(
                    "%-32s %,12d per second  %6d ns of CPU  %4d bytes allocated  (%d of %d left to workers)%n",
                    what,
                    OPERATIONS * 1_000_000_000L / best,
                    cpu / OPERATIONS,
                    allocated / OPERATIONS,
                    port.handedOver(),
                    port.handedOver() + port.inline());
            content.release();
        }
    }

    /** What the way into the kernel costs: a call that does nothing, one that reads a byte, one that reads a page. */
    private static void calls(Path file) {
        Native kernel = Native.LINUX;
        int descriptor = (int) kernel.open(file, Native.READ_ONLY);
        time("a call that does nothing", () -> kernel.seek(descriptor, 0, 0));
        time("pread of 1 byte", () -> kernel.read(descriptor, Zeros.SPARE, 1, 0, 0));
        time("pread of 4 KiB", () -> kernel.read(descriptor, Zeros.SPARE, SIZE, 0, 0));
        time("preadv2 of 4 KiB, NOWAIT", () -> kernel.read(descriptor, Zeros.SPARE, SIZE, 0, Native.NO_WAIT));
        kernel.close(descriptor);
    }

    private static void time(String what, Runnable call) {
        long best = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < OPERATIONS; i++) {
                call.run();
            }
            best = Math.min(best, System.nanoTime() - start);
        }
        System.out.printf("%-32s %5d ns%n", what, best / OPERATIONS);
    }

    private static com.sun.management.ThreadMXBean thread() {
        return (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    }
}
