package dst.realnode.serve;

import dst.nbd.port.NbdExport;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.realnode.Refused;
import dst.realnode.WrongInput;
import dst.realnode.access.AccessRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What is offered, and by which of the two ways each export is in use. Several loops ask it. An export is one client's of the
 * protocol, or any number of NBD connections': nobody can order what comes by both ways (G4).
 */
final class Exports implements NbdPeer.NbdExports {
    private final AccessRules rules;
    private final Map<String, OpenExport> open = new LinkedHashMap<>();
    private final Map<String, Integer> uses = new LinkedHashMap<>();
    private final Map<String, CompletableFuture<Boolean>> keptAway = new LinkedHashMap<>();
    private final NbdPeers peers;
    private final Holders holders;
    private final CompletableFuture<Boolean> drained = new CompletableFuture<>();
    private volatile boolean draining;

    /** Who holds what over the protocol. */
    interface Holders {
        /** From now on, until it is given back, no client of the protocol is let in; false if one holds it. */
        boolean lend(String export);

        /** Whether it cannot be lent at this moment: a client of the protocol holds it. */
        boolean isHeld(String export);

        void giveBack(String export);
    }

    Exports(AccessRules rules, NbdPeers peers, Holders holders) {
        this.rules = rules;
        this.peers = peers;
        this.holders = holders;
    }

    synchronized void add(OpenExport export) {
        open.put(export.name(), export);
    }

    synchronized @Nullable OpenExport find(String name) {
        return open.get(name);
    }

    /** What there is, and what each permits at most, whoever comes. */
    synchronized Map<String, Permission> permissions() {
        Map<String, Permission> most = new LinkedHashMap<>();
        open.forEach((name, export) -> most.put(name, export.spec.most()));
        return most;
    }

    synchronized List<OpenExport> all() {
        return new ArrayList<>(open.values());
    }

    /** Nobody new is given it; those who use it over NBD are told to end. Told once the last one is gone. */
    synchronized CompletableFuture<Boolean> withdraw(String name) {
        CompletableFuture<Boolean> gone = keepAway(name);
        open.remove(name);
        return gone;
    }

    /** All connections are told to end, and so is each that still comes. Told once the last one is gone. */
    CompletableFuture<Boolean> drain() {
        draining = true;
        peers.all().forEach(NbdPeer::drain);
        tellIfDrained();
        return drained;
    }

    /** A connection has come. */
    void came(NbdPeer peer) {
        if (draining) {
            peer.drain();
        }
    }

    private synchronized void tellIfDrained() {
        if (draining && peers.count() == 0 && uses.isEmpty()) {
            drained.complete(true);
        }
    }

    private void drain(String name) {
        for (NbdPeer peer : peers.all()) {
            if (peer.uses(name)) {
                peer.drain();
            }
        }
    }

    /** For now nobody uses it over NBD, and who does is told to end; told once the last one is gone. */
    synchronized CompletableFuture<Boolean> keepAway(String name) {
        if (keptAway.containsKey(name)) {
            throw new WrongInput("export " + name + " is being resized or removed already");
        }
        CompletableFuture<Boolean> gone = new CompletableFuture<>();
        keptAway.put(name, gone);
        drain(name);
        if (uses(name) == 0) {
            gone.complete(true);
        }
        return gone;
    }

    synchronized void letIn(String name) {
        keptAway.remove(name);
    }

    /** Whoever uses it over NBD has no more time. */
    synchronized void cut(String name) {
        for (NbdPeer peer : peers.all()) {
            if (peer.uses(name)) {
                peer.cut("it had no more time, for its export is being resized or removed");
            }
        }
    }

    synchronized int uses(String name) {
        return uses.getOrDefault(name, 0);
    }

    synchronized List<String> usersOf(String name) {
        return peers.all().stream()
                .filter(peer -> peer.uses(name))
                .map(NbdPeer::peer)
                .toList();
    }

    void cutAll() {
        peers.all().forEach(peer -> peer.cut("the server ends"));
    }

    int connections() {
        return peers.count();
    }

    /** R6: at once. Whoever sees another permission than the one that he was told comes again. */
    synchronized CompletableFuture<Void> accessChanged() {
        return CompletableFuture.allOf(
                peers.all().stream().map(NbdPeer::checkPermission).toArray(CompletableFuture[]::new));
    }

    @Override
    public synchronized List<NbdExport> shownTo(String principal) {
        List<NbdExport> shown = new ArrayList<>();
        for (OpenExport export : open.values()) {
            Permission permission = permission(export, principal);
            if (permission != Permission.NONE) {
                shown.add(export.nbd(permission));
            }
        }
        return shown;
    }

    @Override
    public synchronized List<NbdExport> givenTo(String principal) {
        List<NbdExport> given = new ArrayList<>();
        for (OpenExport export : open.values()) {
            if (obstacle(principal, export) == null) {
                given.add(seen(export, principal));
            }
        }
        return given;
    }

    private Permission permission(OpenExport export, String principal) {
        return rules.permission(export.name(), principal);
    }

    @Override
    public synchronized OpenExport take(String principal, String name) throws Refused {
        OpenExport export = open.get(name);
        if (export == null) {
            throw new Refused(Problem.NO_SUCH_EXPORT, "there is no export '" + name + "'");
        }
        Refused obstacle = obstacle(principal, export);
        if (obstacle == null && isToBeLent(export) && !holders.lend(name)) {
            obstacle = heldByAClient();
        }
        if (obstacle != null) {
            throw obstacle;
        }
        uses.merge(name, 1, Integer::sum);
        return export;
    }

    /** Why this principal would not be given it now; null: it would. What is listed and what is given is decided here, and nowhere else. */
    private @Nullable Refused obstacle(String principal, OpenExport export) {
        if (permission(export, principal) == Permission.NONE) {
            return new Refused(Problem.ADMITS_NOBODY, "no rule lets " + principal + " use it");
        }
        if (keptAway.containsKey(export.name())) {
            return new Refused(Problem.OCCUPIED, "it is being resized or removed at this moment: come again");
        }
        return isToBeLent(export) && holders.isHeld(export.name()) ? heldByAClient() : null;
    }

    /** As yet nobody uses it over NBD, and who does keeps clients of the protocol away. */
    private boolean isToBeLent(OpenExport export) {
        return !export.spec.shared() && uses(export.name()) == 0;
    }

    private static Refused heldByAClient() {
        return new Refused(
                Problem.OCCUPIED,
                "a client of the protocol holds it; if that one never comes back, dst attach takes it over and dst detach ends that");
    }

    @Override
    public NbdExport seen(OpenExport export, String principal) {
        return export.nbd(rules.permission(export.name(), principal));
    }

    @Override
    public int payloadMax() {
        return peers.payloadMax();
    }

    @Override
    public void through(NbdPeer peer) {
        peers.through(peer);
    }

    @Override
    public boolean asks(NbdPeer peer, long bytes) {
        return peers.asks(peer, bytes);
    }

    @Override
    public void wantsNothing(NbdPeer peer) {
        peers.wantsNothing(peer);
    }

    @Override
    public void givesBack(NbdPeer peer, long bytes) {
        peers.givesBack(peer, bytes);
    }

    @Override
    public void left(NbdPeer peer, @Nullable OpenExport export) {
        peers.left(peer);
        if (export != null) {
            giveBack(export);
        }
        tellIfDrained();
    }

    @Override
    public synchronized void giveBack(OpenExport export) {
        if (uses.merge(export.name(), -1, Integer::sum) == 0) {
            uses.remove(export.name());
            if (!export.spec.shared()) {
                holders.giveBack(export.name());
            }
            CompletableFuture<Boolean> waiting = keptAway.get(export.name());
            if (waiting != null) {
                waiting.complete(true);
            }
        }
    }
}
