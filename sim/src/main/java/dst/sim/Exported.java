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
    private int nextCiphers;
    private boolean restored;
    private boolean replaced;
    private long disks = 1;

    Exported(Scene scene) {
        this.scene = scene;
        this.device = scene.plan.exports().getFirst().device();
        this.terms = scene.plan.exports().getFirst().terms();
        this.nextSize = device.size();
        this.nextPermission = device.permission();
        this.nextChecksums = terms.checksums();
        this.nextCiphers = terms.ciphers();
    }

    Device device() {
        return device;
    }

    Export export() {
        return new Export(NAME, ServerHost.DISK, 0, device, terms, false);
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

    void offerCiphers(int ciphers) {
        nextCiphers = ciphers;
    }

    /** The next start finds an older content of the disk; false if it would anyway. */
    boolean restoreDisk() {
        boolean first = !restored;
        restored = true;
        return first;
    }

    /** The next start finds the disk as it is; whether it would have found an older content. */
    boolean keepDisk() {
        boolean was = restored;
        restored = false;
        return was;
    }

    void replaceDisk() {
        replaced = true;
    }

    /** Takes the checksums and ciphers of the plan again; whether the server that runs offers others. */
    boolean heal() {
        nextChecksums = scene.plan.exports().getFirst().terms().checksums();
        nextCiphers = scene.plan.exports().getFirst().terms().ciphers();
        return terms.checksums() != nextChecksums || terms.ciphers() != nextCiphers;
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
                nextCiphers,
                terms.features(),
                terms.keepaliveMillis(),
                terms.largestTransfer(),
                terms.transactionsMax(),
                terms.bytesMax());
        return another;
    }
}
