package dst.reports.check;

import dst.protocol.BlockPort;
import dst.protocol.ClientControl;
import dst.protocol.Control;
import dst.protocol.DiskPort;
import dst.protocol.DurablePort;
import dst.protocol.Finding;
import dst.protocol.Sentence;
import dst.protocol.ServerControl;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import dst.protocol.trace.WorldEvent;
import dst.reports.check.Checked.Counts;
import dst.reports.check.Checked.Evidence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Collects what crosses the clients' boundaries, export by export; judged by {@link #check()} once the run has ended. Of servers
 * only that counts which says when a cache may have been lost, who is on record as a holder, and whether an export is shared.
 */
public final class History implements Tap {
    /** Who use something at once are one for all. */
    private static final String EVERYBODY = "everybody";

    private static final Place WHOLE_DISK =
            new Place("disk", 0, Long.MAX_VALUE, 0, List.of(Layer.client("client")), false, Optional.empty());

    private final List<Judged> judged = new ArrayList<>();
    private final Map<Layer, Judged> byClient = new LinkedHashMap<>();
    private @Nullable Layer last;
    private @Nullable Judged lastJudged;

    /**
     * An export: where it lies on the disk, the size of the blocks that are written there (0: it is learned from the device), to
     * whom its operations are submitted, whether those follow each other (H5) or all of them use it at once, and which nodes have the disk, and as which of theirs (empty: whoever says so, and whatever disk).
     */
    public record Place(
            String export,
            long start,
            long length,
            int blockSize,
            List<Layer> clients,
            boolean atOnce,
            Optional<Map<String, Integer>> keepers) {
        public Place {
            clients = List.copyOf(clients);
            keepers = keepers.map(Map::copyOf);
        }

        private boolean isKeptBy(String node) {
            return keepers.isEmpty() || keepers.get().containsKey(node);
        }

        private boolean isKeptBy(String node, int disk) {
            return keepers.isEmpty() || keepers.get().getOrDefault(node, -1) == disk;
        }

        private boolean holds(long offset) {
            return offset >= start && offset - start < length;
        }
    }

    private static final class Judged {
        final Place place;
        final ExportHistory history;

        /** Its disk has been. */
        boolean opened;

        Judged(Place place) {
            this.place = place;
            this.history = new ExportHistory(place.blockSize());
        }
    }

    /** One client, one export; the block size is learned from the device. */
    public History() {
        this(List.of(WHOLE_DISK));
    }

    public History(List<Place> places) {
        for (Place place : places) {
            Judged each = new Judged(place);
            judged.add(each);
            place.clients.forEach(client -> byClient.put(client, each));
            if (place.atOnce) {
                each.history.oneForAll(EVERYBODY);
            }
        }
    }

    @Override
    public void saw(long now, Layer layer, Object value) {
        switch (value) {
            case BlockPort.Request it -> client(now, layer, it);
            case BlockPort.Event it -> client(now, layer, it);
            case Control.Started it -> client(now, layer, it);
            case ClientControl.Detached it -> client(now, layer, it);
            case WorldEvent event -> world(now, layer, event);
            case DiskPort.Opened it -> {
                // A boot changes whenever unflushed writes may have been lost; the first one follows none.
                for (Judged each : judged) {
                    if (each.place.isKeptBy(layer.node(), it.disk())) {
                        if (each.opened) {
                            each.history.lossPossible();
                        }
                        each.opened = true;
                    }
                }
            }
            case ServerControl.ExportOpened it -> {
                for (Judged each : judged) {
                    if (each.place.isKeptBy(layer.node(), it.export().disk())
                            && each.place.export.equals(it.export().name())) {
                        each.history.opened(it.export().shared(), it.holder());
                    }
                }
            }
            case DurablePort.Kept it -> {
                for (Judged each : judged) {
                    if (each.place.isKeptBy(layer.node()) && each.place.export.equals(it.export())) {
                        each.history.recorded(it.holder());
                    }
                }
            }
            case DurablePort.BootDrawn it -> lossPossible(layer, it.disk());
            case DurablePort.DrawBoot it -> lossPossible(layer, it.disk());
            default -> {}
        }
    }

    private void client(long now, Layer layer, Object value) {
        Judged its = of(layer);
        if (its != null && !its.place.atOnce) {
            its.history.client(now, layer.node(), value);
        } else if (its != null && (value instanceof BlockPort.Submit || value instanceof BlockPort.Completed)) {
            its.history.client(now, EVERYBODY, value);
        }
    }

    /** What its operations belong to; null if nobody submits there. */
    private @Nullable Judged of(Layer layer) {
        if (!layer.equals(last)) {
            last = layer;
            lastJudged = byClient.get(layer);
        }
        return lastJudged;
    }

    private void world(long now, Layer layer, WorldEvent event) {
        switch (event) {
            case WorldEvent.ProcessStarted it -> clientOver(layer);
            case WorldEvent.ProcessCrashed it -> clientOver(layer);
            case WorldEvent.ProcessEnded it -> clientOver(layer);
            case WorldEvent.PowerCut it -> {
                if (of(layer) == null) {
                    lossPossible(layer);
                }
                clientOver(layer);
            }
            case WorldEvent.MediaHolds it -> {
                for (Judged each : judged) {
                    if (each.place.isKeptBy(layer.node(), it.disk()) && each.place.holds(it.offset())) {
                        each.history.mediaHold(now, it.offset() - each.place.start, it.content());
                    }
                }
            }
            case WorldEvent.Struck it -> {}
            case WorldEvent.Healed it -> {}
            case WorldEvent.ClockSet it -> {}
            case WorldEvent.UsedByOthers it -> {}
        }
    }

    private void clientOver(Layer layer) {
        Judged its = of(layer);
        if (its != null && !its.place.atOnce) {
            its.history.clientOver(layer.node());
        }
    }

    private void lossPossible(Layer layer, int disk) {
        for (Judged each : judged) {
            if (each.place.isKeptBy(layer.node(), disk)) {
                each.history.lossPossible();
            }
        }
    }

    private void lossPossible(Layer layer) {
        for (Judged each : judged) {
            if (each.place.isKeptBy(layer.node())) {
                each.history.lossPossible();
            }
        }
    }

    /** Runs all history checkers, for DST's promise: an Unknown operation has no effect after it was told. */
    public Checked check() {
        return check(Unknowns.OVER_WHEN_TOLD);
    }

    public Checked check(Unknowns unknowns) {
        if (judged.size() == 1) {
            return judged.getFirst().history.check(unknowns);
        }
        List<Told> told = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        Counts counts = new Counts(0, 0, 0, 0, 0);
        for (Judged each : judged) {
            Checked checked = each.history.check(unknowns);
            for (int i = 0; i < checked.findings().size(); i++) {
                told.add(told(
                        each.place,
                        checked.findings().get(i),
                        checked.evidence().get(i)));
            }
            checked.unknown().ifPresent(why -> unknown.add("export " + each.place.export + ": " + why));
            counts = counts.plus(checked.counts());
        }
        told.sort(Comparator.comparingLong(each -> each.finding.at()));
        return new Checked(
                told.stream().map(Told::finding).toList(),
                told.stream().map(Told::evidence).toList(),
                Optional.of(String.join("; ", unknown)).filter(text -> !text.isEmpty()),
                counts);
    }

    private record Told(Finding finding, Evidence evidence) {}

    /** Offsets are the export's own: it is said which one. */
    private static Told told(Place place, Finding finding, Evidence evidence) {
        Sentence sentence = Sentence.of("On export ", new Sentence.Name(place.export), ": ", finding.said());
        return new Told(new Finding(finding.rule(), finding.side(), finding.at(), sentence), evidence);
    }
}
