package dst.protocol.referee;

import dst.protocol.ClientSettings;
import dst.protocol.Device;
import dst.protocol.Finding;
import dst.protocol.ServerSettings;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.WholeBlocksControl;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import dst.protocol.trace.WorldEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Watches what crosses each side's own boundary and says which rule was broken, by whom, with the evidence. It convicts a side
 * only by that side's own boundary, and an honest side never. Each node has a boundary of its own, with its own observers.
 */
public final class Referee implements Tap {
    /** What plans call a clock that stands still: no silence is measured by it. */
    private static final String STOPPED_CLOCK = "stop-clock";

    private final List<Client> clients = new ArrayList<>();
    private final List<Server> servers = new ArrayList<>();
    private final Crossings crossings = new Crossings();
    private final Limits limits;
    private final boolean ignores;

    private record Client(String node, ClientBoundary boundary, Docket docket) {}

    private record Server(String node, ServerBoundary boundary, Docket docket) {}

    public Referee() {
        this(Limits.UNKNOWN);
    }

    /** What ignored nodes provoke the others to do is judged: an honest side stays within its rules. */
    public Referee(Limits limits) {
        this.limits = limits;
        this.ignores = !limits.ignored().isEmpty();
    }

    /** Who watches a client, and for what. */
    private static ClientObserver[] clientObservers(
            ClientLife life, BlockSums sums, Docket docket, @Nullable ClientSettings settings) {
        return new ClientObserver[] {
            new ClientManners(life), // before whoever asks for a link's manners
            new Identifiers(life, docket), // T1, T2, T3, T6
            new Resends(life, docket, settings), // T2
            new ClientOrder(life, docket), // T5
            new DoubtfulBlocks(life, docket), // T7
            new Outcomes(life, sums, docket), // G5, T4, T8, R4, R5
            new Retained(life, sums, docket, settings), // D2, D3, D4, D6, H5, L5
            new Endings(life, docket), // H5, L5
            new Waiting(life, docket, settings), // H5
            new Returns(docket), // L6
            new Reconnects(life, docket), // L3, L4
            new DeviceChanges(docket) // H5, H6, L5
        };
    }

    /** Who watches a server and its disks, and for what. */
    private static ServerObserver[] serverObservers(
            ServerLife life, BlockSums sums, Docket docket, @Nullable ServerSettings settings) {
        return new ServerObserver[] {
            new ServerManners(),
            new Execution(life, sums, docket), // T3, T4, T5, R2, R4, R5
            new Answers(sums, docket), // D1, R3, R4, R5, T3, T8
            new ExecutionNumbers(docket), // D2
            new Boots(life, docket), // H4, D5
            new Grants(life, docket), // H5
            new Slots(docket), // L2
            new Removals(life, docket), // L5
            new Departures(life, docket), // L6
            new Admission(life, docket), // R6
            new ServerLoad(life, docket, settings), // R7, L4
            new FairShares(life, docket, settings), // R7
            new DiskContents(life, sums, docket) // the disk: D1, R4, R5
        };
    }

    /** Who watches either side. */
    private static List<Observer> common(Side side, Docket docket) {
        return List.of(
                new Bytes(side, docket), // H1, and what a peer breaks
                new Echo(side, docket), // H3
                new Keepalives(side, docket)); // L1
    }

    @Override
    public void saw(long now, Layer layer, Object value) {
        crossings.nextValue();
        if (ignores && limits.ignored().contains(layer.node())) {
            return;
        }
        switch (value) {
            case WorldEvent event -> happened(now, layer.node(), event);
            case Signal signal
            when layer.is(Layer.CLIENT) -> client(layer.node()).saw(now, signal);
            case Signal signal
            when layer.is(Layer.SERVER) -> server(layer.node()).saw(now, signal);
            case Signal signal
            when layer.is(Layer.ATTACHED) -> client(layer.node()).sawWithin(now, signal);
            case Signal signal when layer.is(WholeBlocksControl.KIND) -> sawAbove(now, layer.node(), signal);
            case Signal _ -> {} // Of a kind that has its own judges, or none.
            default -> throw new IllegalArgumentException("no boundary value of a " + layer.kind() + ": " + value);
        }
    }

    /** Whole blocks are made in front of a server's disks as well: of that nothing is asked here. */
    private void sawAbove(long now, String node, Signal signal) {
        for (int i = 0; i < clients.size(); i++) {
            if (clients.get(i).node.equals(node)) {
                clients.get(i).boundary.sawAbove(now, signal);
            }
        }
    }

    private ClientBoundary client(String node) {
        for (int i = 0; i < clients.size(); i++) {
            if (clients.get(i).node.equals(node)) {
                return clients.get(i).boundary;
            }
        }
        Docket docket = new Docket(node, crossings);
        ClientLife life = new ClientLife();
        BlockSums sums = new BlockSums();
        ClientBoundary boundary = new ClientBoundary(
                life,
                sums,
                docket,
                common(Side.CLIENT, docket),
                clientObservers(life, sums, docket, limits.clients().get(node)));
        clients.add(new Client(node, boundary, docket));
        return boundary;
    }

    private ServerBoundary server(String node) {
        for (int i = 0; i < servers.size(); i++) {
            if (servers.get(i).node.equals(node)) {
                return servers.get(i).boundary;
            }
        }
        Docket docket = new Docket(node, crossings);
        ServerLife life = new ServerLife();
        BlockSums sums = new BlockSums();
        ServerBoundary boundary = new ServerBoundary(
                life,
                sums,
                docket,
                common(Side.SERVER, docket),
                serverObservers(life, sums, docket, limits.servers().get(node)));
        servers.add(new Server(node, boundary, docket));
        return boundary;
    }

    private void happened(long now, String node, WorldEvent event) {
        boolean lifeEnds = event instanceof WorldEvent.ProcessStarted
                || event instanceof WorldEvent.ProcessCrashed
                || event instanceof WorldEvent.ProcessEnded
                || event instanceof WorldEvent.PowerCut;
        if (event instanceof WorldEvent.Struck struck && struck.fault().equals(STOPPED_CLOCK)) {
            clocks(now, false);
        } else if (event instanceof WorldEvent.Healed) {
            clocks(now, true);
        }
        boolean ofClient = false;
        for (Client client : clients) {
            if (client.node.equals(node)) {
                ofClient = true;
                if (lifeEnds) {
                    client.boundary.began();
                } else if (event instanceof WorldEvent.ClockSet) {
                    client.boundary.clockSet(now);
                }
            }
        }
        for (Server server : servers) {
            if (server.node.equals(node)) {
                server.boundary.saw(now, event);
                if (lifeEnds) {
                    server.boundary.began();
                } else if (event instanceof WorldEvent.ClockSet) {
                    server.boundary.clockSet(now);
                }
            } else if (!ofClient && event instanceof WorldEvent.MediaHolds) {
                server.boundary.saw(now, event);
            }
        }
    }

    private void clocks(long now, boolean run) {
        clients.forEach(client -> client.boundary.clocks(now, run));
        servers.forEach(server -> server.boundary.clocks(now, run));
    }

    /** Whether what becomes of the content of such a device is judged (D2, D3, D6, R5); of very small blocks there are too many. */
    public static boolean followsContentOf(Device device) {
        return BlockSums.followed(device.blockSize()) > 0;
    }

    /** The first finding of each rule and side at each node, in the order in which they were found. */
    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        for (Charge charge : charges()) {
            Finding first = charge.first();
            if (first != null) {
                findings.add(first);
            }
        }
        findings.sort(Comparator.comparingLong(Finding::at));
        return findings;
    }

    /** For whoever watches live: first findings since the last time go to the end of the list; costs nothing if there are none. */
    public void takeFresh(List<Finding> found) {
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).docket.takeFresh(found);
        }
        for (int i = 0; i < servers.size(); i++) {
            servers.get(i).docket.takeFresh(found);
        }
    }

    /** Every rule and side that somebody watches, node by node: observed or not, broken how often. */
    public List<Charge> charges() {
        List<Charge> charges = new ArrayList<>();
        clients.forEach(client -> charges.addAll(client.docket.charges()));
        servers.forEach(server -> charges.addAll(server.docket.charges()));
        return charges;
    }

    /** The rules for which there was evidence at all, kept or broken; every other one is NOT OBSERVED. */
    public Set<String> observed() {
        Set<String> rules = new TreeSet<>();
        for (Charge charge : charges()) {
            if (charge.observed()) {
                rules.add(charge.rule().name());
            }
        }
        return rules;
    }

    /** Gives back every buffer that unfinished messages hold; nothing may be seen after it. */
    public void discard() {
        clients.forEach(client -> client.boundary.discard());
        servers.forEach(server -> server.boundary.discard());
    }
}
