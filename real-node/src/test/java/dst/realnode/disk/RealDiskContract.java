package dst.realnode.disk;

import dst.protocol.Disk;
import dst.protocol.DiskContract;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.io.TempDir;

/** What every disk has to do, done by a real one. */
abstract class RealDiskContract extends DiskContract {
    @TempDir
    Path folder;

    private Optional<Bench> bench = Optional.empty();

    /** A fresh disk of zeros. */
    abstract Bench fresh(Disk.Ended ended);

    final Bench bench() {
        return bench.orElseThrow();
    }

    @Override
    protected Disk open(Disk.Ended ended) {
        bench = Optional.of(fresh(ended));
        return bench.get().port;
    }

    @Override
    protected void workUntil(BooleanSupplier done) {
        bench.orElseThrow().loop.runUntil(done);
    }

    @Override
    protected void close() {
        bench.ifPresent(Bench::close);
    }
}
