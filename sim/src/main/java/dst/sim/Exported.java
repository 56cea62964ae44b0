package dst.sim;

import dst.protocol.Device;
import dst.protocol.Export;
import dst.protocol.Permission;
import dst.protocol.Prng;
import dst.protocol.Terms;
import dst.protocol.Unique;

/** The server's configuration: what it exports now, and what an operator has changed for the next start. */
final class Exported {
    static final String NAME = "disk";

    private final Scene scene;
    private Device device;
    private Terms terms;
    private long nextSize;
    private Permission nextPermission;
    private int nextChecksums;
    private boolean replaced;
    private long disks = 1;

    Exported(Scene scene) {
        this.scene = scene;
        this.device = scene.plan.export().device();
        this.terms = scene.plan.export().terms();
        this.nextSize = device.size();
        this.nextPermission = device.permission();
        this.nextChecksums = terms.checksums();
    }

    Device device() {
        return device;
    }

    Export export() {
        return new Export(NAME, ServerHost.DISK, 0, device, terms);
    }

    void resize(long size) {
        nextSize = size - size % device.blockSize();
    }

    void permit(Permission permission) {
        nextPermission = permission;
    }

    void offerChecksums(int checksums) {
        nextChecksums = checksums;
    }

    void replaceDisk() {
        replaced = true;
    }

    /** Takes the checksums of the plan again; whether the server that runs offers others. */
    boolean heal() {
        nextChecksums = scene.plan.export().terms().checksums();
        return terms.checksums() != nextChecksums;
    }

    /** The server starts: what was changed is so from now on; whether it is another disk. */
    boolean reconfigure() {
        boolean another = replaced;
        replaced = false;
        Unique identity = device.identity();
        if (another) {
            disks++;
            long source = scene.source("another disk");
            identity = new Unique(Prng.hash(source, disks, 0, 0), Prng.hash(source, disks, 1, 0));
        }
        device = new Device(identity, nextSize, device.blockSize(), nextPermission);
        terms = new Terms(
                nextChecksums,
                terms.ciphers(),
                terms.features(),
                terms.keepaliveMillis(),
                terms.largestTransfer(),
                terms.transactionsMax(),
                terms.bytesMax());
        return another;
    }
}
