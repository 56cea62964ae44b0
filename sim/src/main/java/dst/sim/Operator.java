package dst.sim;

import dst.protocol.Machines;
import dst.protocol.Permission;
import dst.protocol.fault.Fault;
import dst.protocol.fault.Fault.Node;
import dst.protocol.fault.FaultKind;
import java.util.Map;
import java.util.TreeMap;

/** Who changes the configuration: some of it at once, most of it from a server's next start on. */
final class Operator {
    private final Scene scene;
    private final Hosts hosts;
    private final Disks disks;

    /** Which change of a client's access was the last, so that an earlier one's end does not undo it. */
    private final Map<String, Long> accessChanges = new TreeMap<>();

    Operator(Scene scene, Hosts hosts, Disks disks) {
        this.scene = scene;
        this.hosts = hosts;
        this.disks = disks;
    }

    private Storage storage() {
        return disks.all().getFirst();
    }

    private Exported exported() {
        return storage().exported;
    }

    // From a server's next start on.

    void resize(FaultKind kind, long size) {
        struckFromNextStart(kind, size + " bytes");
        exported().resize(size);
    }

    void permit(FaultKind kind, Permission permission) {
        struckFromNextStart(kind, permission.toString());
        exported().permit(permission);
    }

    void share(FaultKind kind) {
        struckFromNextStart(kind, "read-only for all");
        exported().share();
    }

    void reblock(FaultKind kind, int bytes) {
        if (storage().hasOneServer() && exported().reblock(bytes)) {
            struckFromNextStart(kind, "blocks of " + bytes + " bytes");
        } else {
            scene.missed(kind);
        }
    }

    void limit(FaultKind kind, int transactions, int bytes, int largestTransfer) {
        struckFromNextStart(
                kind, transactions + " transactions, " + bytes + " bytes, transfers of " + largestTransfer + " bytes");
        exported().limit(transactions, bytes, largestTransfer);
    }

    void offerChecksums(FaultKind kind, int offered) {
        struckFromNextStart(kind, Integer.toString(offered));
        exported().offerChecksums(offered);
    }

    void offerCiphers(FaultKind kind, int offered) {
        struckFromNextStart(kind, Integer.toString(offered));
        exported().offerCiphers(offered);
    }

    void replaceDisk(FaultKind kind) {
        if (storage().hasOneServer()) {
            struckFromNextStart(kind, "an empty disk");
            storage().replace();
        } else {
            scene.missed(kind);
        }
    }

    /** Struck when the disk has gone back, and not before: it is a culprit. */
    void restoreDisk(FaultKind kind) {
        if (!storage().hasOneServer() || !storage().restore()) {
            scene.missed(kind);
        }
    }

    /** Struck when the state has gone back, and not before: it is a culprit. */
    void restoreState(FaultKind kind) {
        if (!hosts.all(ServerHost.class)
                .getFirst()
                .ports
                .disks()
                .getFirst()
                .state
                .restore()) {
            scene.missed(kind);
        }
    }

    private void struckFromNextStart(FaultKind kind, String what) {
        scene.struck(kind, what + " from the server's next start on");
    }

    // At once.

    void allow(FaultKind kind, Node node, Permission permission, long nanos) {
        ClientHost client = hosts.named(node.words(), ClientHost.class);
        int export = client == null ? -1 : exported().find(client.settings().export());
        if (client == null || export < 0 || !allow(client, export, permission)) {
            scene.missed(kind);
            return;
        }
        scene.struck(kind, permission + " for the " + client.name, scene.until(nanos));
        long change = accessChanges.merge(client.name, 1L, Long::sum);
        if (nanos != Fault.FOR_GOOD) {
            scene.clock.schedule(new AccessAgain(client, export, change), scene.until(nanos));
        }
    }

    private boolean allow(ClientHost client, int export, Permission permission) {
        boolean changes = exported().allow(export, client.name, permission);
        if (changes) {
            hosts.all(ServerHost.class).forEach(server -> server.accessChanged(storage(), export));
        }
        return changes;
    }

    /** Somebody may do again what the plan lets him do. */
    private final class AccessAgain extends Event {
        private final ClientHost client;
        private final int export;
        private final long change;

        AccessAgain(ClientHost client, int export, long change) {
            this.client = client;
            this.export = export;
            this.change = change;
        }

        @Override
        void happen() {
            if (accessChanges.getOrDefault(client.name, 0L) == change) {
                allow(client, export, exported().planned(export, client.name));
            }
        }
    }

    // The healing.

    /** What waited for a server's start has missed it; what would keep everybody away is mended. */
    void heal() {
        if (storage().keep()) {
            scene.missed(FaultKind.OLDER_DISK);
        }
        for (ServerHost server : hosts.all(ServerHost.class)) {
            if (server.ports.disks().getFirst().state.keep()) {
                scene.missed(FaultKind.OLDER_STATE);
            }
        }
        boolean mended = exported().heal();
        for (ServerHost server : hosts.all(ServerHost.class)) {
            if (!server.honest) {
                server.install(Machines.PRESENT);
            }
            if ((mended && server.isWorking()) || !server.honest) {
                // Nothing could attach otherwise.
                server.crash(false, scene.now() + 1_000_000);
            }
        }
    }
}
