package dst.realnode.disk;

import dst.protocol.Disk;

/** A file does what every disk has to do, in blocks that are larger than its pages. */
class LargeBlockFileDiskTest extends RealDiskContract {
    @Override
    Bench fresh(Disk.Ended ended) {
        return Bench.open("sparse:" + folder.resolve("disk") + ":4MiB", Bench.OPTIONS.withBlockSize(16384), ended);
    }
}
