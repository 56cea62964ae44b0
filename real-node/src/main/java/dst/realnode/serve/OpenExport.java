package dst.realnode.serve;

import dst.nbd.port.LendingControl;
import dst.nbd.port.NbdExport;
import dst.protocol.Device;
import dst.protocol.Export;
import dst.protocol.Permission;
import dst.protocol.Terms;
import dst.protocol.WholeBlocksControl;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import dst.realnode.disk.RealDisk;
import dst.realnode.disk.StateDirectory;
import dst.realnode.watch.WatchedNode;

/** An export that is offered: its disk, locked by this process, and what is durable beside it. */
final class OpenExport {
    /** What the disk moves at once: of what is larger less has to be in one place at one time. */
    private static final int NBD_TRANSFER_MAX = 32 << 20;

    private static final int PAGE = 4096;

    final ExportSpec spec;
    final int number;
    final RealDisk disk;
    final StateDirectory state;

    final Gauge gauge = new Gauge();
    final SharedBlocks blocks;
    final SharedLending lending;

    OpenExport(ExportSpec spec, int number, RealDisk disk, StateDirectory state, Tap tap) {
        this.spec = spec;
        this.number = number;
        this.disk = disk;
        this.state = state;
        this.blocks = new SharedBlocks(
                disk.blockSize(), new Layer(WatchedNode.SERVER.node(), WholeBlocksControl.KIND, number), tap);
        this.lending = new SharedLending(
                export(), state.holder(name()), new Layer(WatchedNode.SERVER.node(), LendingControl.KIND, number), tap);
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

    /** As somebody with that permission sees it over NBD: by the byte, unless its blocks were asked for. */
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
                spec.block() == 0 ? 1 : spec.block(),
                Math.max(PAGE, device.blockSize()),
                NBD_TRANSFER_MAX,
                features);
    }
}
