package dst.realnode.disk;

import dst.protocol.Disk;

/** Memory does what every disk has to do. */
class MemoryDiskTest extends RealDiskContract {
    @Override
    Bench fresh(Disk.Ended ended) {
        return Bench.open("memory:1MiB", Bench.OPTIONS, ended);
    }
}
