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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Watches what crosses each side's own boundary and says which rule was broken, by whom, with the evidence. It convicts a side
 * only by that side's own boundary, and an honest side never. Each node has a boundary of its own, with its own observers.
 */
public final class Referee implements Tap {
    private final Map<Layer, Watched> watched = new LinkedHashMap<>();

    /** Machines of one kind on one node share theirs, also those that are over. */
    private final Map<Layer, Charges> charges = new LinkedHashMap<>();

    private final Crossings crossings = new Crossings();
    private final Limits limits;
    private final Map<String, Judge.Maker> others;
    private final boolean ignores;
    private @Nullable Layer last;
    private @Nullable Watched lastWatched;

    private record Watched(Layer layer, Judge judge) {}

    public Referee() {
        this(Limits.UNKNOWN);
    }

    public Referee(Limits limits) {
        this(limits, Map.of());
    }

    /**
     * What ignored nodes provoke the others to do is judged: an honest side stays within its rules.
     *
     * @param others who judges machines of kinds beside client and server, by the names of these kinds; what none of these judges is
     *     passed over
     */
    public Referee(Limits limits, Map<String, Judge.Maker> others) {
        this.limits = limits;
        this.others = others;
        this.ignores = !limits.ignored().isEmpty();
    }

    /** Who watches a client, and for what. */
    private static ClientObserver[] clientObservers(
            ClientLife life, BlockSums sums, Charges charges, @Nullable ClientSettings settings) {
        return new ClientObserver[] {
            new ClientObjections(life), // before whoever asks whether a link is odd
            new Identifiers(life, charges), // T1, T2, T3, T6
            new Resends(life, charges, settings), // T2
            new ClientOrder(life, charges), // T5
            new DoubtfulBlocks(life, charges), // T7
            new Outcomes(life, sums, charges), // G5, T4, T8, R4, R5
            new Retained(life, sums, charges, settings), // D2, D3, D4, D6, H5, L5
            new Endings(life, charges), // H5, L5
            new Waiting(life, charges, settings), // H5
            new Returns(charges), // L6
            new Reconnects(life, charges), // L3, L4
            new DeviceChanges(charges) // H5, H6, L5
        };
    }

    /** Who watches a server and its disks, and for what. */
    private static ServerObserver[] serverObservers(
            ServerLife life, BlockSums sums, Charges charges, @Nullable ServerSettings settings) {
        return new ServerObserver[] {
            new ServerObjections(),
            new Execution(life, sums, charges), // T3, T4, T5, R2, R4, R5
            new Answers(sums, charges), // D1, R3, R4, R5, T3, T8
            new ExecutionNumbers(charges), // D2
            new Boots(life, charges), // H4, D5
            new Grants(life, charges), // H5
            new Slots(charges), // L2
            new Removals(life, charges), // L5
            new Departures(life, charges), // L6
            new Admission(life, charges), // R6
            new ServerLoad(life, charges, settings), // R7, L4
            new FairShares(life, charges, settings), // R7
            new DiskContents(life, sums, charges) // the disk: D1, R4, R5
        };
    }

    /** Who watches either side. */
    private static List<Observer> common(Side side, Charges charges) {
        return List.of(
                new Bytes(side, charges), // H1, and what a peer breaks
                new Echo(side, charges), // H3
                new Keepalives(side, charges)); // L1
    }

    @Override
    public void saw(long now, Layer layer, Object value) {
        crossings.nextValue();
        if (ignores && limits.ignored().contains(layer.node())) {
            return;
        }
        if (value instanceof WorldEvent event) {
            happened(now, layer, event);
            return;
        }
        Watched machine = watched(layer);
        if (machine == null) {
            return;
        }
        Signal signal = (Signal) value;
        if (machine.layer.equals(layer)) {
            machine.judge.saw(now, signal);
            if (machine.judge.isOver()) {
                watched.remove(layer);
                last = null;
            }
        } else {
            machine.judge.sawWithin(now, layer.kind(), signal);
        }
    }

    /** Null if nobody judges machines of that kind. */
    private @Nullable Watched watched(Layer layer) {
        if (layer.equals(last)) {
            return lastWatched;
        }
        last = layer;
        lastWatched = switch (layer.kind()) {
            // Its own boundary is that of the whole; and whole blocks are made in front of a server's disks as well.
            case Layer.ATTACHED, WholeBlocksControl.KIND -> watched.get(Layer.client(layer.node()));
            default -> known(layer);
        };
        return lastWatched;
    }

    private @Nullable Watched known(Layer layer) {
        Watched known = watched.get(layer);
        return known == null ? watched.computeIfAbsent(layer, this::begun) : known;
    }

    private @Nullable Watched begun(Layer layer) {
        Judge.Maker maker = switch (layer.kind()) {
            case Layer.CLIENT -> its -> client(layer.node(), its);
            case Layer.SERVER -> its -> server(layer.node(), its);
            default -> others.get(layer.kind());
        };
        if (maker == null) {
            return null;
        }
        Layer kind = new Layer(layer.node(), layer.kind(), 0);
        return new Watched(layer, maker.of(charges.computeIfAbsent(kind, _ -> new Charges(layer.node(), crossings))));
    }

    private Judge client(String node, Charges charges) {
        ClientLife life = new ClientLife();
        BlockSums sums = new BlockSums();
        return new ClientBoundary(
                life,
                sums,
                charges,
                common(Side.CLIENT, charges),
                clientObservers(life, sums, charges, limits.clients().get(node)));
    }

    private Judge server(String node, Charges charges) {
        ServerLife life = new ServerLife();
        BlockSums sums = new BlockSums();
        return new ServerBoundary(
                life,
                sums,
                charges,
                common(Side.SERVER, charges),
                serverObservers(life, sums, charges, limits.servers().get(node)));
    }

    /** Everybody hears of what befalls the world; of a node only who is on it, and of a disk's content all who have that disk. */
    private void happened(long now, Layer layer, WorldEvent event) {
        boolean ofWorld = layer.is(Layer.WORLD);
        boolean ofMedia = event instanceof WorldEvent.MediaHolds;
        for (Watched machine : watched.values()) {
            String node = machine.layer.node();
            if (ofWorld || node.equals(layer.node()) || (ofMedia && limits.haveOneDisk(node, layer.node()))) {
                machine.judge.happened(now, event);
            }
        }
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
        for (Charges one : charges.values()) {
            one.takeFresh(found);
        }
    }

    /** Every rule and side that somebody watches, node by node, clients first: observed or not, broken how often. */
    public List<Charge> charges() {
        List<Charge> all = new ArrayList<>();
        for (boolean clients : new boolean[] {true, false}) {
            charges.forEach((kind, its) -> {
                if (kind.is(Layer.CLIENT) == clients) {
                    all.addAll(its.all());
                }
            });
        }
        return all;
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
        watched.values().forEach(machine -> machine.judge.discard());
    }
}
