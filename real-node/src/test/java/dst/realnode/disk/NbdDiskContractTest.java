package dst.realnode.disk;

import dst.protocol.Disk;
import java.util.Optional;

/** A foreign export does what every disk has to do. */
class NbdDiskContractTest extends RealDiskContract {
    private Optional<ForeignServer> server = Optional.empty();

    ForeignServer serve() {
        return ForeignServer.nbdkit(folder, "memory", "1M");
    }

    String export() {
        return "";
    }

    @Override
    final Bench fresh(Disk.Ended ended) {
        ForeignServer started = serve();
        server = Optional.of(started);
        return Bench.open(started.source(export()), Bench.OPTIONS.withState(folder.resolve("state")), ended);
    }

    @Override
    protected final void close() {
        super.close();
        // There is none where the program is missing.
        server.ifPresent(ForeignServer::close);
    }
}
