package dst.realnode.serve;

import dst.protocol.Device;
import dst.protocol.Export;
import dst.protocol.Permission;
import dst.protocol.Terms;
import dst.protocol.nbd.NbdExport;
import dst.realnode.disk.RealDisk;
import dst.realnode.disk.StateDirectory;

/** An export that is offered: its disk, locked by this process, and what is durable beside it. */
final class OpenExport {
    /** More of one READ or WRITE nobody needs; the kernel's own driver asks for no more. */
    private static final int NBD_TRANSFER_MAX = 32 << 20;

    private static final int PAGE = 4096;

    final ExportSpec spec;
    final int number;
    final RealDisk disk;
    final StateDirectory state;

    final Gauge gauge = new Gauge();

    OpenExport(ExportSpec spec, int number, RealDisk disk, StateDirectory state) {
        this.spec = spec;
        this.number = number;
        this.disk = disk;
        this.state = state;
    }

    /** As it is now: its size may change. */
    private Device device() {
        return new Device(state.identity(), disk.size(), disk.blockSize(), spec.most());
    }

    String name() {
        return spec.name();
    }

    Export export() {
        return new Export(spec.name(), number, 0, device(), Terms.DEFAULT, spec.shared());
    }

    /** As somebody with that permission sees it over NBD. */
    NbdExport nbd(Permission permission) {
        Device device = device();
        Device seen = new Device(
                device.identity(),
                device.size(),
                device.blockSize(),
                device.permission().and(permission));
        int features = NbdExport.FUA | NbdExport.TRIM | NbdExport.ZERO | NbdExport.MULTI | NbdExport.MAP;
        return new NbdExport(
                spec.name(),
                spec.source(),
                seen,
                device.blockSize(),
                Math.max(PAGE, device.blockSize()),
                NBD_TRANSFER_MAX,
                features);
    }
}
