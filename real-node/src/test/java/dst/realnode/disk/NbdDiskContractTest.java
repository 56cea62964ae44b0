package dst.realnode.disk;

import dst.protocol.Disk;

/** A foreign export does what every disk has to do. */
class NbdDiskContractTest extends RealDiskContract {
    private ForeignServer server;

    ForeignServer serve() {
        return ForeignServer.nbdkit(folder, "memory", "1M");
    }

    String export() {
        return "";
    }

    @Override
    final Bench fresh(Disk.Ended ended) {
        server = serve();
        return Bench.open(server.source(export()), Bench.OPTIONS.withState(folder.resolve("state")), ended);
    }

    @Override
    protected final void close() {
        super.close();
        server.close();
    }
}
