package dst.nbd.attach;

import dst.nbd.Guest;
import dst.nbd.NbdServer;
import dst.nbd.port.NbdExport;
import dst.protocol.Device;
import dst.protocol.LinkPort;
import dst.protocol.Signal;
import dst.protocol.StateDigest;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One NBD connection, what it may do, and what it waits for as long as the device is not known. */
final class Connection implements Guest {
    final long number;
    final NbdServer server;
    private final String origin;
    private final List<NbdExport> exports;
    private @Nullable Signal waitsFor;
    private long moved;
    private long activeAt;

    Connection(AttachControl.Came came, NbdServer server, long now) {
        this.number = came.link();
        this.server = server;
        this.origin = came.origin();
        this.exports = List.copyOf(came.exports());
        this.activeAt = now;
    }

    /** What it is by now, by what happens to it. */
    void heard(Signal input, long now) {
        switch (input) {
            case LinkPort.Received(long link, ByteBuf bytes) -> moved(bytes.readableBytes(), now);
            case LinkPort.Sent(long link, long bytes) -> moved(bytes, now);
            default -> {}
        }
    }

    private void moved(long bytes, long now) {
        moved += bytes;
        activeAt = now;
    }

    @Override
    public String origin() {
        return origin;
    }

    /** There is only one. */
    @Override
    public String export() {
        return "";
    }

    @Override
    public boolean isUsed() {
        return server.isUsed();
    }

    @Override
    public boolean isBusy() {
        return server.isBusy();
    }

    @Override
    public long activeAt() {
        return activeAt;
    }

    @Override
    public long moved() {
        return moved;
    }

    @Override
    public long runningBytes() {
        return server.bytesRunning();
    }

    /** It has asked for an export, or which ones there are. */
    void waitFor(Signal question) {
        waitsFor = question;
    }

    /** What it waits for, from now on no more; null if it does not wait. */
    @Nullable Signal takeWaiting() {
        Signal taken = waitsFor;
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
                .add(exports.toString())
                .add(origin)
                .add(moved)
                .add(activeAt);
    }
}
