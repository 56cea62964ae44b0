package dst.realnode.disk;

import dst.protocol.Disk;

/** A disk that really loses what was not flushed does what every disk has to do. */
class VolatileDiskContractTest extends RealDiskContract {
    @Override
    Bench fresh(Disk.Ended ended) {
        return Bench.open(SparseFile.volatileSource(folder), Bench.OPTIONS, ended);
    }
}
