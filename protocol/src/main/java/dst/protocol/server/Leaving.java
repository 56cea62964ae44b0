package dst.protocol.server;

import dst.protocol.Boot;
import dst.protocol.StateDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A server going away, to come back (L6): nothing is begun any more, what runs ends and is answered, each disk is flushed once, that
 * is recorded, and whoever is attached is told; or the deadline comes first.
 */
final class Leaving {
    private final Collection<ExportState> exports;
    private final Epochs epochs;
    private final ServerLinks links;
    private final ServerOutbox outbox;
    final long deadline;
    private final Map<Integer, Departure> departures = new TreeMap<>();
    private boolean recorded;
    private boolean over;

    /** An export that was removed meanwhile did not leave in order. */
    private boolean lacksSomething;

    /** One disk on the way to its last flush in this boot. */
    static final class Departure implements Flushes.Waiter {
        private final Store store;
        private final Boot boot;

        /** D5: what its boot had not made durable may be gone, and nobody is let in to write it again. */
        private boolean broken;

        private boolean asked;
        private boolean durable;

        Departure(Store store) {
            this.store = store;
            this.boot = store.boot;
            this.broken = !store.ready();
        }

        /** Whether there is nothing to wait for. */
        boolean isOver() {
            if (broken) {
                return store.quiet();
            }
            if (!asked && store.runsNothing()) {
                asked = true;
                store.flush(this);
            }
            return durable;
        }

        boolean clean() {
            return durable && !broken && boot.equals(store.boot);
        }

        @Override
        public void flushed() {
            durable = true;
        }

        @Override
        public void identify(StateDigest digest) {
            digest.add(store.disk).add(boot).add(broken).add(asked).add(durable);
        }
    }

    /** The exports are all that there are, as they come and go. */
    Leaving(Collection<ExportState> exports, Epochs epochs, ServerLinks links, ServerOutbox outbox, long deadline) {
        this.exports = exports;
        this.epochs = epochs;
        this.links = links;
        this.outbox = outbox;
        this.deadline = deadline;
    }

    /** What is held never starts, and is sent again in the next boot; who waits for an export waits for that. */
    void begin(Requests requests) {
        Map<ExportState, List<Task>> held = new LinkedHashMap<>();
        for (ExportState export : exports) {
            List<Task> tasks = new ArrayList<>();
            export.attachments.forEach(attachment -> tasks.addAll(attachment.takeHeld()));
            held.put(export, tasks);
            if (export.removal != null) {
                export.removal.hurry(deadline);
            }
        }
        held.forEach((export, tasks) -> tasks.forEach(task -> requests.drop(export.store, task)));
        for (ServerLink link : links.all()) {
            if (link.phase instanceof ServerLink.Phase.Granting) {
                outbox.goesAway(link, 0);
                links.forget(link);
            }
        }
    }

    void progress(long now, Collection<Store> stores) {
        if (over) {
            return;
        }
        boolean quiet = true;
        for (Store store : stores) {
            quiet &= departures
                    .computeIfAbsent(store.disk, _ -> new Departure(store))
                    .isOver();
        }
        for (ExportState export : exports) {
            quiet &= !export.isBeingRecorded() && export.removal == null;
        }
        if (quiet && !recorded) {
            recorded = true;
            for (ExportState export : exports) {
                if (isClean(export)) {
                    epochs.recordFlushed(export);
                    quiet &= !export.isBeingRecorded();
                }
            }
        }
        if (quiet || now >= deadline) {
            end(quiet);
        }
    }

    private boolean isClean(ExportState export) {
        Departure departure = departures.get(export.store.disk);
        return departure != null && departure.clean() && !export.lacksReplay();
    }

    private void end(boolean quiet) {
        over = true;
        boolean clean = quiet && !lacksSomething;
        for (Departure departure : departures.values()) {
            clean &= departure.clean();
            departure.store.flushes.drop(departure);
        }
        for (ExportState export : exports) {
            clean &= isClean(export);
        }
        for (ServerLink link : links.all()) {
            long commit = link.phase instanceof ServerLink.Phase.Live live
                    ? live.export().store.flushes.commit()
                    : 0;
            outbox.goesAway(link, commit);
            links.forget(link);
        }
        outbox.left(clean);
    }

    boolean over() {
        return over;
    }

    /** D5: another boot of this disk begins, if any does, without what the last one had in its cache. */
    void bootEnded(Store store) {
        departures.computeIfAbsent(store.disk, _ -> new Departure(store)).broken = true;
    }

    /** L5: its last export was removed meanwhile, in order or not. */
    void letGo(Store store, boolean clean) {
        departures.remove(store.disk);
        lacksSomething |= !clean;
    }

    void digest(StateDigest digest) {
        digest.add(deadline).add(lacksSomething).add(recorded).add(over).add(departures.size());
        departures.values().forEach(departure -> departure.identify(digest));
    }
}
