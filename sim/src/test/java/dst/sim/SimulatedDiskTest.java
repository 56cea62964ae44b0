package dst.sim;

import dst.protocol.Disk;
import dst.protocol.DiskContract;
import java.util.function.BooleanSupplier;

/** The simulated disk does what every disk has to do. */
class SimulatedDiskTest extends DiskContract {
    private final DiskBench bench = new DiskBench(11, 4096);

    @Override
    protected Disk open(Disk.Ended ended) {
        return bench.open(ended);
    }

    @Override
    protected void workUntil(BooleanSupplier done) {
        bench.workUntil(done);
    }
}
