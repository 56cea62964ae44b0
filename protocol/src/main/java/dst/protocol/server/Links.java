package dst.protocol.server;

import dst.protocol.Closing;
import dst.protocol.Problem;
import dst.protocol.ServerSettings;
import dst.protocol.StateDigest;
import dst.protocol.wire.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All links of one server: how many there may be, and which of them are not listened to for a while (R7). */
final class Links {
    final Memory memory;
    private final ServerSettings settings;
    private final Exports exports;
    private final Outbox outbox;

    /** In the order in which they were opened. */
    private final Map<Long, Link> links = new LinkedHashMap<>();

    /** In the order in which they were paused: who has waited longest is listened to first. */
    private final List<Link> paused = new ArrayList<>();

    /** How many requests have come. */
    private long asked;

    Links(ServerSettings settings, Exports exports, Outbox outbox) {
        this.settings = settings;
        this.exports = exports;
        this.outbox = outbox;
        this.memory = new Memory(settings.bytesMax());
    }

    @Nullable Link find(long number) {
        return links.get(number);
    }

    /** All of them; a copy, since handling one may close others. */
    List<Link> all() {
        return new ArrayList<>(links.values());
    }

    void add(Link link) {
        links.put(link.number, link);
    }

    /**
     * R7: of too many handshakes the oldest has to go, of whoever has most of them: links which come and say nothing keep nobody
     * out. For those that have come through there are other places: whoever only connects takes none of these.
     */
    void makeRoom() {
        if (links.size() <= settings.handshakesMax()) {
            return;
        }
        List<Link> greeted = links.values().stream().filter(Link::isInHandshake).toList();
        if (greeted.size() > settings.handshakesMax()) {
            Map<String, Integer> counts = Stake.counts(greeted, link -> link.origin);
            int most = Collections.max(counts.values());
            for (Link link : greeted) {
                if (counts.getOrDefault(link.origin, 0) == most) {
                    turnAway(link);
                    return;
                }
            }
        }
    }

    /**
     * R7: whether this one, which has come through its handshake, finds a place; where there was none, somebody who has more has
     * given way, or else it has to go itself.
     */
    boolean takePlace(Link newcomer, ExportState export, Message.Hello hello) {
        if (!newcomer.isInHandshake()) {
            return true;
        }
        List<Link> placed =
                links.values().stream().filter(link -> !link.isInHandshake()).toList();
        boolean replaces = placed.stream().anyMatch(link -> link.endsWith(export, hello));
        if (placed.size() < settings.linksMax() || replaces) {
            return true;
        }
        Link leaving = givesWay(newcomer, placed, export);
        turnAway(leaving);
        return leaving != newcomer;
    }

    private static Link givesWay(Link newcomer, List<Link> placed, ExportState export) {
        Map<String, Integer> ofExport = Stake.counts(placed, Link::exportName);
        List<Stake<Link>> others = new ArrayList<>();
        for (Link link : placed) {
            others.add(link.stake(ofExport.getOrDefault(link.exportName(), 0) == 1));
        }
        String name = export.export.name();
        boolean holds = !export.shared() && !ofExport.containsKey(name);
        return Stake.givesWay(new Stake<>(newcomer, newcomer.origin, name, holds, false, 0), others, link -> true);
    }

    /** R7: a request came on it. */
    void asks(Link link) {
        link.asked = ++asked;
    }

    /** R7: there is no place for it, or no longer. */
    void turnAway(Link link) {
        outbox.refuse(link, Problem.LIMIT, "no more links are taken at once");
        forget(link);
    }

    /** R7: nothing more is taken from this link for a while. L4: it is still sent to, and the disk goes on, so the while ends. */
    void pause(Link link) {
        if (!link.paused) {
            outbox.reading(link, false);
            paused.add(link);
        }
    }

    /** Those that are not listened to; a copy, since listening to one may be too much again. */
    List<Link> paused() {
        return paused.isEmpty() ? List.of() : new ArrayList<>(paused);
    }

    void resume(Link link) {
        paused.remove(link);
        outbox.reading(link, true);
    }

    void close(Link link, Closing closing) {
        outbox.close(link, closing);
        forget(link);
    }

    void closeAll(List<Link> some, Closing closing) {
        for (Link link : new ArrayList<>(some)) {
            close(link, closing);
        }
    }

    void closeAll(ExportState export, Closing closing) {
        for (Link link : all()) {
            if (link.concerns(export)) {
                close(link, closing);
            }
        }
    }

    /** The link has ended; whatever it was about to become, it does not. */
    void forget(Link link) {
        links.remove(link.number);
        paused.remove(link);
        exports.epochs.left(link);
    }

    long nextDeadline(long before) {
        long next = before;
        for (Link link : links.values()) {
            next = Math.min(next, link.deadline());
        }
        return next;
    }

    void discard() {
        for (Link link : links.values()) {
            link.end();
        }
    }

    void digest(StateDigest digest) {
        digest.add(settings.toString())
                .add(links.size())
                .add(memory.taken())
                .add(paused.size())
                .add(asked);
        links.values().forEach(link -> link.digest(digest));
        paused.forEach(link -> digest.add(link.number));
    }
}
