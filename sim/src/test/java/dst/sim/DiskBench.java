package dst.sim;

import dst.protocol.Disk;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.trace.Stamp;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** A simulated disk on a table: its clock, its faults, and the blocks as the tags that wrote them. */
final class DiskBench {
    static final int BLOCK = Plans.BLOCK;
    final Scene scene;
    final DiskFaults faults;
    final SimulatedDisk disk;
    final DiskUse port;
    final Pages pages;
    final Map<Long, DiskResult> results = new HashMap<>();
    private Disk.Ended ended = results::put;
    private long tickets;

    DiskBench(long seed, int pageSize) {
        this(Plans.quiet(seed), pageSize);
    }

    DiskBench(Plan plan, int pageSize) {
        scene = new Scene(plan, (now, layer, value) -> {});
        faults = new DiskFaults(scene);
        disk = new SimulatedDisk(scene, plan.disks().getFirst(), scene.source("disk"), faults, Plans.SIZE, BLOCK);
        port = new DiskUse(disk, (ticket, result) -> ended.ended(ticket, result));
        pages = new Pages(new Pages.Memory(pageSize), () -> 0);
        port.open(disk, pages);
    }

    Disk open(Disk.Ended whoIsTold) {
        ended = whoIsTold;
        return port;
    }

    void workUntil(BooleanSupplier done) {
        while (!done.getAsBoolean()) {
            Event event = scene.clock.next();
            if (event == null) {
                throw new AssertionError("the disk came to rest too soon");
            }
            event.happen();
        }
    }

    DiskRequest write(int first, int blocks, long tag, boolean durable) {
        ByteBuf data = Unpooled.buffer(blocks * BLOCK);
        for (int block = first; block < first + blocks; block++) {
            Stamp.write(data, 1, tag, (long) block * BLOCK, BLOCK);
        }
        return new DiskRequest.Write(++tickets, 0, (long) first * BLOCK, data, durable);
    }

    DiskRequest flush() {
        return new DiskRequest.Flush(++tickets, 0);
    }

    DiskRequest forget() {
        return new DiskRequest.Forget(++tickets, 0);
    }

    DiskRequest read(int first, int blocks) {
        return new DiskRequest.Read(++tickets, 0, (long) first * BLOCK, blocks * BLOCK);
    }

    DiskResult run(DiskRequest request) {
        port.submit(request);
        workUntil(() -> results.containsKey(request.ticket()));
        return results.get(request.ticket());
    }

    /** What a read returns. */
    List<Long> visible(int first, int blocks) {
        ByteBuf data = ((DiskResult.Data) run(read(first, blocks))).data();
        List<Long> tags = new ArrayList<>();
        for (int i = 0; i < blocks; i++) {
            tags.add(Stamp.read(data, i * BLOCK, BLOCK, (long) (first + i) * BLOCK)
                    .tag());
        }
        data.release();
        return tags;
    }

    /** What the media hold. */
    long durable(int block) {
        ByteBuf data = Unpooled.wrappedBuffer(disk.durable((long) block * BLOCK, BLOCK));
        return Stamp.read(data, 0, BLOCK, (long) block * BLOCK).tag();
    }
}
