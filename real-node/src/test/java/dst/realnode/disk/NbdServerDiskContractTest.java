package dst.realnode.disk;

import java.io.IOException;
import java.io.UncheckedIOException;

/** So does one of nbd-server that knows neither FUA nor TRIM. */
class NbdServerDiskContractTest extends NbdDiskContractTest {
    @Override
    ForeignServer serve() {
        try {
            return ForeignServer.nbdServer(folder, SparseFile.of(folder.resolve("data"), 1 << 20));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    String export() {
        return "disk";
    }
}
