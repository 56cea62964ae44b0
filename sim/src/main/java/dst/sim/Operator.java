package dst.sim;

import dst.protocol.Machines;
import dst.protocol.Permission;
import dst.protocol.fault.Fault;
import dst.protocol.fault.Fault.Strike;
import dst.protocol.fault.FaultKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Who changes the configuration: some of it at once, most of it from a server's next start on. */
final class Operator {
    private final Scene scene;
    private final Hosts hosts;
    private final Disks disks;
    private final Reach reach;

    /** Which change of a client's access was the last, so that an earlier one's end does not undo it. */
    private final Map<String, Long> accessChanges = new TreeMap<>();

    Operator(Scene scene, Hosts hosts, Disks disks, Reach reach) {
        this.scene = scene;
        this.hosts = hosts;
        this.disks = disks;
        this.reach = reach;
    }

    // From a server's next start on.

    /** Of what is exported of that disk, the first is the one that is changed. */
    void change(FaultKind kind, Strike.Reconfigures strike, Storage storage) {
        Exported exported = storage.exported;
        switch (strike) {
            case Strike.Resize(long size) -> {
                struckFromNextStart(kind, size + " bytes");
                exported.resize(size);
            }
            case Strike.Permit(Permission permission) -> {
                struckFromNextStart(kind, permission.toString());
                exported.permit(permission);
            }
            case Strike.Share() -> {
                struckFromNextStart(kind, "read-only for all");
                exported.share();
            }
            case Strike.BlockSize(int bytes) -> {
                if (storage.hasOneServer() && exported.reblock(bytes)) {
                    struckFromNextStart(kind, "blocks of " + bytes + " bytes");
                } else {
                    scene.missed(kind);
                }
            }
            case Strike.Limits(int transactions, int bytes, int largestTransfer) -> {
                struckFromNextStart(
                        kind,
                        transactions + " transactions, " + bytes + " bytes, transfers of " + largestTransfer
                                + " bytes");
                exported.limit(transactions, bytes, largestTransfer);
            }
            case Strike.Checksums(int offered) -> {
                struckFromNextStart(kind, Integer.toString(offered));
                exported.offerChecksums(offered);
            }
            case Strike.Ciphers(int offered) -> {
                struckFromNextStart(kind, Integer.toString(offered));
                exported.offerCiphers(offered);
            }
            case Strike.ReplaceDisk() -> {
                if (storage.hasOneServer()) {
                    struckFromNextStart(kind, "an empty disk");
                    storage.replace();
                } else {
                    scene.missed(kind);
                }
            }
            // Struck when the disk or the state has gone back, and not before: it is a culprit.
            case Strike.OlderDisk() -> {
                if (!storage.hasOneServer() || !storage.restore()) {
                    scene.missed(kind);
                }
            }
            case Strike.OlderState() -> {
                if (keepers(storage).stream()
                                .filter(disk -> disk.state.restore())
                                .count()
                        == 0) {
                    scene.missed(kind);
                }
            }
        }
    }

    private void struckFromNextStart(FaultKind kind, String what) {
        scene.struck(kind, what + " from the server's next start on");
    }

    /** All who have that disk. */
    private List<HostDisk> keepers(Storage storage) {
        List<HostDisk> keepers = new ArrayList<>();
        for (Host host : hosts.all()) {
            for (HostDisk disk : host.ports.disks()) {
                if (disk.storage.equals(storage)) {
                    keepers.add(disk);
                }
            }
        }
        return keepers;
    }

    // At once.

    void allow(FaultKind kind, String name, Permission permission, long nanos) {
        ClientHost client = hosts.named(name, ClientHost.class);
        boolean changed = false;
        for (Storage storage : disks.all()) {
            int export = client == null ? -1 : reach.export(client.plan, storage.plan);
            if (client != null && export >= 0 && allow(client, storage, export, permission)) {
                if (!changed) {
                    scene.struck(kind, permission + " for the " + client.name, scene.until(nanos));
                    changed = true;
                }
                long change = accessChanges.merge(of(client, storage), 1L, Long::sum);
                if (nanos != Fault.FOR_GOOD) {
                    scene.clock.schedule(new AccessAgain(client, storage, export, change), scene.until(nanos));
                }
            }
        }
        if (!changed) {
            scene.missed(kind);
        }
    }

    private static String of(ClientHost client, Storage storage) {
        return client.name + " " + storage.plan.name();
    }

    private boolean allow(ClientHost client, Storage storage, int export, Permission permission) {
        boolean changes = storage.exported.allow(export, client.name, permission);
        if (changes) {
            hosts.all(ServerHost.class).forEach(server -> server.accessChanged(storage, export));
        }
        return changes;
    }

    /** Somebody may do again what the plan lets him do. */
    private final class AccessAgain extends Event {
        private final ClientHost client;
        private final Storage storage;
        private final int export;
        private final long change;

        AccessAgain(ClientHost client, Storage storage, int export, long change) {
            this.client = client;
            this.storage = storage;
            this.export = export;
            this.change = change;
        }

        @Override
        void happen() {
            if (accessChanges.getOrDefault(of(client, storage), 0L) == change) {
                allow(client, storage, export, storage.exported.planned(export, client.name));
            }
        }
    }

    // The healing.

    /** What waited for a server's start has missed it; what would keep everybody away is mended. */
    void heal() {
        for (Storage storage : disks.all()) {
            if (storage.keep()) {
                scene.missed(FaultKind.OLDER_DISK);
            }
            for (HostDisk disk : keepers(storage)) {
                if (disk.state.keep()) {
                    scene.missed(FaultKind.OLDER_STATE);
                }
            }
        }
        List<Storage> mended =
                disks.all().stream().filter(storage -> storage.exported.heal()).toList();
        for (ServerHost server : hosts.all(ServerHost.class)) {
            if (!server.honest) {
                server.install(Machines.PRESENT);
            }
            boolean offered = server.ports.disks().stream().anyMatch(disk -> mended.contains(disk.storage));
            if ((offered && server.isWorking()) || !server.honest) {
                // Nothing could attach otherwise.
                server.crash(false, scene.now() + 1_000_000);
            }
        }
    }
}
