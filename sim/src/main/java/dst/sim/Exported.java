package dst.sim;

import dst.protocol.Access;
import dst.protocol.Device;
import dst.protocol.Export;
import dst.protocol.Permission;
import dst.protocol.Prng;
import dst.protocol.Terms;
import dst.protocol.Unique;
import java.util.ArrayList;
import java.util.List;

/**
 * What is exported, and what an operator has changed of it: access at once, everything else for a server's next start. Faults of
 * the configuration change the first export.
 */
final class Exported {
    private final List<Plan.ExportPlan> plans;
    private final long source;
    private final List<Export> exports = new ArrayList<>();
    private final List<Access> accesses = new ArrayList<>();
    private long nextSize;
    private int nextBlockSize;
    private Permission nextPermission;
    private boolean nextShared;
    private Terms nextTerms;
    private long disks = 1;

    /** @param source what the identities of other disks in its place are drawn from */
    Exported(List<Plan.ExportPlan> plans, long source) {
        this.plans = plans;
        this.source = source;
        for (Plan.ExportPlan plan : plans) {
            exports.add(new Export(plan.name(), 0, plan.start(), plan.device(), plan.terms(), plan.shared()));
            accesses.add(plan.access());
        }
        nextSize = first().device().size();
        nextBlockSize = blockSize();
        nextPermission = first().device().permission();
        nextShared = first().shared();
        nextTerms = first().terms();
    }

    private Export first() {
        return exports.getFirst();
    }

    List<Export> exports() {
        return exports;
    }

    Access access(int export) {
        return accesses.get(export);
    }

    int blockSize() {
        return first().device().blockSize();
    }

    /** How large the disk is on which all exports lie. */
    long diskSize() {
        long end = 0;
        for (Export export : exports) {
            end = Math.max(end, export.start() + export.device().size());
        }
        return end;
    }

    // What changes at a server's next start.

    void resize(long size) {
        nextSize = size;
    }

    void permit(Permission permission) {
        nextPermission = permission;
    }

    void share() {
        nextShared = true;
    }

    /** False if the exports cannot lie on blocks of that size. */
    boolean reblock(int bytes) {
        boolean fits = Integer.bitCount(bytes) == 1
                && exports.stream()
                        .allMatch(export ->
                                export.start() % bytes == 0 && export.device().size() >= bytes);
        if (fits) {
            nextBlockSize = bytes;
        }
        return fits;
    }

    void limit(int transactions, int bytes, int largestTransfer) {
        nextTerms = new Terms(
                nextTerms.checksums(),
                nextTerms.ciphers(),
                nextTerms.features(),
                nextTerms.keepaliveMillis(),
                Math.max(1, largestTransfer),
                Math.clamp(transactions, 1, Terms.TRANSACTIONS_MAX),
                Math.max(bytes, Math.max(1, largestTransfer)));
    }

    void offerChecksums(int checksums) {
        nextTerms = offering(checksums, nextTerms.ciphers());
    }

    void offerCiphers(int ciphers) {
        nextTerms = offering(nextTerms.checksums(), ciphers);
    }

    private Terms offering(int checksums, int ciphers) {
        return new Terms(
                checksums,
                ciphers,
                nextTerms.features(),
                nextTerms.keepaliveMillis(),
                nextTerms.largestTransfer(),
                nextTerms.transactionsMax(),
                nextTerms.bytesMax());
    }

    /** Takes the checksums and ciphers of the plan again; whether a server that runs may offer others. */
    boolean heal() {
        Terms planned = plans.getFirst().terms();
        nextTerms = offering(planned.checksums(), planned.ciphers());
        Terms present = first().terms();
        return present.checksums() != planned.checksums() || present.ciphers() != planned.ciphers();
    }

    /** A server starts: what was changed is so from now on, be it on another disk. */
    void reconfigure(boolean anotherDisk) {
        disks += anotherDisk ? 1 : 0;
        for (int i = 0; i < exports.size(); i++) {
            Export export = exports.get(i);
            Unique identity = anotherDisk
                    ? new Unique(Prng.hash(source, disks, 0, i), Prng.hash(source, disks, 1, i))
                    : export.device().identity();
            exports.set(i, i == 0 ? changed(identity) : reblocked(export, identity));
        }
    }

    private Export changed(Unique identity) {
        Permission permission = nextShared && nextPermission.writes() ? readOnly() : nextPermission;
        Device device = new Device(identity, whole(room(nextSize)), nextBlockSize, permission);
        return new Export(first().name(), first().disk(), first().start(), device, nextTerms, nextShared);
    }

    private Export reblocked(Export export, Unique identity) {
        Device before = export.device();
        Device device = new Device(identity, whole(before.size()), nextBlockSize, before.permission());
        return new Export(export.name(), export.disk(), export.start(), device, export.terms(), export.shared());
    }

    private Permission readOnly() {
        return nextPermission.reads() ? Permission.READ : Permission.NONE;
    }

    private long whole(long size) {
        return size - size % nextBlockSize;
    }

    /** As much of that size as there is before the next export begins. */
    private long room(long size) {
        long start = first().start();
        long room = size;
        for (Export export : exports) {
            if (export.start() > start) {
                room = Math.min(room, export.start() - start);
            }
        }
        return room;
    }

    // What changes at once.

    /** The place of the export with that name; negative if there is none. */
    int find(String name) {
        for (int i = 0; i < exports.size(); i++) {
            if (exports.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** What that principal may do from now on; false if it was so already. */
    boolean allow(int export, String principal, Permission permission) {
        Access access = accesses.get(export);
        accesses.set(export, access.with(principal, permission));
        return access.of(principal) != permission;
    }

    /** What the plan lets that principal do. */
    Permission planned(int export, String principal) {
        return plans.get(export).access().of(principal);
    }
}
