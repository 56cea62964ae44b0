package dst.realnode.disk;

import dst.protocol.Disk;

/** A file does what every disk has to do, if the kernel is slow, makes short transfers, and can do little. */
class SlowFileDiskTest extends RealDiskContract {
    @Override
    Bench fresh(Disk.Ended ended) {
        FaultyKernel kernel = new FaultyKernel();
        kernel.writeMillis = 3;
        kernel.longest = 300;
        kernel.cannotSayWhatIsCached = true;
        kernel.cannotZeroRanges = true;
        kernel.cannotPunchHoles = true;
        return kernel.open(SparseFile.of(folder.resolve("disk"), 1 << 20), ended);
    }
}
