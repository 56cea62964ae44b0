package dst.protocol.attach;

import dst.protocol.Device;
import dst.protocol.Machine;
import dst.protocol.StateDigest;
import dst.protocol.nbd.NbdExport;
import dst.protocol.nbd.NbdServerInput;
import dst.protocol.nbd.NbdServerOutput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One NBD connection, what it may do, and what it waits for as long as the device is not known. */
final class Connection {
    final long number;
    final Machine<NbdServerInput, NbdServerOutput> server;
    private final List<NbdExport> exports;
    private @Nullable NbdServerOutput waitsFor;

    Connection(long number, Machine<NbdServerInput, NbdServerOutput> server, List<NbdExport> exports) {
        this.number = number;
        this.server = server;
        this.exports = List.copyOf(exports);
    }

    /** It has asked for an export, or which ones there are. */
    void waitFor(NbdServerOutput question) {
        waitsFor = question;
    }

    /** What it waits for, from now on no more; null if it does not wait. */
    @Nullable NbdServerOutput takeWaiting() {
        NbdServerOutput taken = waitsFor;
        waitsFor = null;
        return taken;
    }

    /** All that it may be given, as the device makes them. */
    List<NbdExport> exports(Device device) {
        return exports.stream().map(export -> of(export, device)).toList();
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

    /** R6: it may do what the device permits and was given to it, both. */
    private static NbdExport of(NbdExport export, Device device) {
        Device seen = new Device(
                device.identity(),
                device.size(),
                device.blockSize(),
                device.permission().and(export.device().permission()));
        int preferred = Math.max(export.preferredBlock(), device.blockSize());
        return new NbdExport(
                export.name(),
                export.description(),
                seen,
                export.minimumBlock(),
                preferred,
                Math.max(export.largestTransfer(), preferred),
                export.features());
    }

    void digest(StateDigest digest) {
        digest.add(number)
                .add(server.digest())
                .add(waitsFor != null)
                .add(waitsFor == null ? "" : waitsFor.toString())
                .add(exports.toString());
    }
}
