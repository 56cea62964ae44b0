package dst.realnode.disk;

import dst.protocol.Disk;

/** A file past the page cache does what every disk has to do. */
class DirectFileDiskTest extends RealDiskContract {
    @Override
    Bench fresh(Disk.Ended ended) {
        return Bench.open(
                "sparse:" + folder.resolve("disk") + ":1MiB",
                Bench.OPTIONS.withBlockSize(4096).asDirect(),
                ended);
    }
}
