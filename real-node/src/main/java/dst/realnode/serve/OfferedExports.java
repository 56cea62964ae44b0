package dst.realnode.serve;

import dst.nbd.port.NbdExport;
import dst.nbd.port.Obstacle;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.realnode.Refused;
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
final class OfferedExports implements NbdPeer.NbdExports {
    private final AccessRules rules;
    private final Map<String, OpenExport> open = new LinkedHashMap<>();
    private final NbdPeers peers;
    private final CompletableFuture<Boolean> drained = new CompletableFuture<>();
    private volatile boolean draining;

    /** How many uses were taken and not given back. */
    private int uses;

    OfferedExports(AccessRules rules, NbdPeers peers) {
        this.rules = rules;
        this.peers = peers;
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

    /** Nobody new is given it, and those who use it over NBD end, within that time; told once that is so, or they are cut. */
    synchronized CompletableFuture<Boolean> withdraw(OpenExport export, long nanos) {
        CompletableFuture<Boolean> gone = export.lending.withdraw(nanos);
        open.remove(export.name());
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
        if (draining && peers.count() == 0 && uses == 0) {
            drained.complete(true);
        }
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
            if (export.lending.obstacle(permission(export, principal)) == null) {
                given.add(seen(export, principal));
            }
        }
        return given;
    }

    private Permission permission(OpenExport export, String principal) {
        return rules.permission(export.name(), principal);
    }

    @Override
    public synchronized Lent take(String principal, String name, SharedLending.User user) throws Refused {
        OpenExport export = open.get(name);
        if (export == null) {
            throw new Refused(Problem.NO_SUCH_EXPORT, "there is no export '" + name + "'");
        }
        SharedLending.Answer answer = export.lending.wanted(user, permission(export, principal));
        Obstacle obstacle = answer.obstacle();
        if (obstacle != null) {
            throw new Refused(obstacle.problem(), words(obstacle, principal));
        }
        uses++;
        return new Lent(export, answer.number());
    }

    private static String words(Obstacle obstacle, String principal) {
        return switch (obstacle) {
            case NOT_PERMITTED -> "no rule lets " + principal + " use it";
            case KEPT_AWAY -> "it is being resized or removed at this moment: come again";
            case HELD ->
                "a client of the protocol holds it; if that one never comes back, dst attach takes it over and dst detach ends that";
        };
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
    public void left(NbdPeer peer, @Nullable Lent lent) {
        peers.left(peer);
        if (lent != null) {
            giveBack(lent);
        }
        tellIfDrained();
    }

    @Override
    public synchronized void giveBack(Lent lent) {
        uses--;
        lent.export().lending.givenBack(lent.number());
    }
}
