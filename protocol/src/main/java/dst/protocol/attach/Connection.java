package dst.protocol.attach;

import dst.protocol.Device;
import dst.protocol.Machine;
import dst.protocol.StateDigest;
import dst.protocol.nbd.NbdExport;
import dst.protocol.nbd.NbdServerInput;
import dst.protocol.nbd.NbdServerOutput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One NBD connection, and the export that it waits for as long as the device is not known. */
final class Connection {
    final long number;
    final Machine<NbdServerInput, NbdServerOutput> server;
    private final List<NbdExport> exports;
    private @Nullable String waitsFor;

    Connection(long number, Machine<NbdServerInput, NbdServerOutput> server, List<NbdExport> exports) {
        this.number = number;
        this.server = server;
        this.exports = List.copyOf(exports);
    }

    void waitFor(String export) {
        waitsFor = export;
    }

    /** What it waits for, from now on no more; null if it does not wait. */
    @Nullable String takeWaiting() {
        String taken = waitsFor;
        waitsFor = null;
        return taken;
    }

    /** The export of that name, as the device makes it; null if there is none. */
    @Nullable NbdExport export(String name, Device device) {
        for (NbdExport export : exports) {
            if (export.name().equals(name)) {
                return of(export, device);
            }
        }
        return null;
    }

    private static NbdExport of(NbdExport export, Device device) {
        int preferred = Math.max(export.preferredBlock(), device.blockSize());
        return new NbdExport(
                export.name(),
                export.description(),
                device,
                device.blockSize(),
                preferred,
                Math.max(export.largestTransfer(), preferred),
                export.features());
    }

    void digest(StateDigest digest) {
        digest.add(number)
                .add(server.digest())
                .add(waitsFor != null)
                .add(waitsFor == null ? "" : waitsFor)
                .add(exports.toString());
    }
}
