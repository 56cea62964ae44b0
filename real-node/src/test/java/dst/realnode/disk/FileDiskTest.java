package dst.realnode.disk;

import dst.protocol.Disk;

/** A file through the page cache does what every disk has to do. */
class FileDiskTest extends RealDiskContract {
    @Override
    Bench fresh(Disk.Ended ended) {
        return Bench.open("sparse:" + folder.resolve("disk") + ":1MiB", Bench.OPTIONS, ended);
    }
}
