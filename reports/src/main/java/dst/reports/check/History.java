package dst.reports.check;

import dst.protocol.DiskPort;
import dst.protocol.DurablePort;
import dst.protocol.Finding;
import dst.protocol.Sentence;
import dst.protocol.ServerControl;
import dst.protocol.Signal;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import dst.protocol.trace.WorldEvent;
import dst.reports.check.Checked.Counts;
import dst.reports.check.Checked.Evidence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Collects what crosses the clients' boundaries, export by export; judged by {@link #check()} once the run has ended. Of servers
 * only that counts which says when a cache may have been lost, who is on record as a holder, and whether an export is shared.
 */
public final class History implements Tap {
    private static final String CLIENT = "client";
    private static final Place WHOLE_DISK = new Place("disk", 0, Long.MAX_VALUE, 0, List.of(CLIENT));

    private final List<Judged> judged = new ArrayList<>();
    private boolean diskOpened;
    private String lastNode = "";
    private @Nullable ExportHistory lastHistory;

    /**
     * An export: where it lies on the disk, the size of the blocks that are written there (0: it is learned from the device), and
     * the nodes of its clients.
     */
    public record Place(String export, long start, long length, int blockSize, List<String> clients) {
        public Place {
            clients = List.copyOf(clients);
        }

        private boolean holds(long offset) {
            return offset >= start && offset - start < length;
        }
    }

    private record Judged(Place place, ExportHistory history) {}

    /** One client, one export; the block size is learned from the device. */
    public History() {
        this(List.of(WHOLE_DISK));
    }

    public History(List<Place> places) {
        for (Place place : places) {
            judged.add(new Judged(place, new ExportHistory(place.blockSize())));
        }
    }

    @Override
    public void saw(long now, Layer layer, Object value) {
        switch (value) {
            case Signal signal when layer.is(Layer.CLIENT) -> client(now, layer.node(), signal);
            case WorldEvent event -> world(now, layer.node(), event);
            case DiskPort.Opened it -> {
                // A boot changes whenever unflushed writes may have been lost; the first one follows none.
                if (diskOpened) {
                    lossPossible();
                }
                diskOpened = true;
            }
            case ServerControl.ExportOpened it -> {
                for (Judged each : judged) {
                    if (each.place.export.equals(it.export().name())) {
                        each.history.opened(it.export().shared(), it.holder());
                    }
                }
            }
            case DurablePort.Kept it -> {
                for (Judged each : judged) {
                    if (each.place.export.equals(it.export())) {
                        each.history.recorded(it.holder());
                    }
                }
            }
            case DurablePort.BootDrawn it -> lossPossible();
            case DurablePort.DrawBoot it -> lossPossible();
            default -> {}
        }
    }

    private void client(long now, String node, Object value) {
        ExportHistory history = of(node);
        if (history != null) {
            history.client(now, node, value);
        }
    }

    /** What the node's operations belong to; null if it is nobody's client. */
    private @Nullable ExportHistory of(String node) {
        if (!node.equals(lastNode)) {
            lastNode = node;
            lastHistory = null;
            for (Judged each : judged) {
                if (each.place.clients.contains(node)) {
                    lastHistory = each.history;
                }
            }
        }
        return lastHistory;
    }

    private void world(long now, String node, WorldEvent event) {
        switch (event) {
            case WorldEvent.ProcessStarted it -> clientOver(node);
            case WorldEvent.ProcessCrashed it -> clientOver(node);
            case WorldEvent.ProcessEnded it -> clientOver(node);
            case WorldEvent.PowerCut it -> {
                if (of(node) == null) {
                    lossPossible();
                }
                clientOver(node);
            }
            case WorldEvent.MediaHolds it -> {
                for (Judged each : judged) {
                    if (each.place.holds(it.offset())) {
                        long offset = it.offset() - each.place.start;
                        each.history.mediaHold(now, new WorldEvent.MediaHolds(offset, it.content()));
                    }
                }
            }
            case WorldEvent.Struck it -> {}
            case WorldEvent.Healed it -> {}
            case WorldEvent.ClockSet it -> {}
            case WorldEvent.UsedByOthers it -> {}
        }
    }

    private void clientOver(String node) {
        ExportHistory history = of(node);
        if (history != null) {
            history.clientOver(node);
        }
    }

    private void lossPossible() {
        for (Judged each : judged) {
            each.history.lossPossible();
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
