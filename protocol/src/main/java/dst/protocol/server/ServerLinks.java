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
final class ServerLinks {
    final Memory memory;
    private final ServerSettings settings;
    private final Watcher watcher;
    private final ServerOutbox outbox;

    /** In the order in which they were opened. */
    private final Map<Long, ServerLink> links = new LinkedHashMap<>();

    /** In the order in which they were paused: who has waited longest is listened to first. */
    private final List<ServerLink> paused = new ArrayList<>();

    /** How many requests have come. */
    private long asked;

    /** Who is told of each link that is gone. */
    interface Watcher {
        void gone(ServerLink link);
    }

    ServerLinks(ServerSettings settings, Watcher watcher, ServerOutbox outbox) {
        this.settings = settings;
        this.watcher = watcher;
        this.outbox = outbox;
        this.memory = new Memory(settings.bytesMax());
    }

    @Nullable ServerLink find(long number) {
        return links.get(number);
    }

    /** All of them; a copy, since handling one may close others. */
    List<ServerLink> all() {
        return new ArrayList<>(links.values());
    }

    void add(ServerLink link) {
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
        List<ServerLink> greeted =
                links.values().stream().filter(ServerLink::isInHandshake).toList();
        if (greeted.size() > settings.handshakesMax()) {
            Map<String, Integer> counts = Stake.counts(greeted, link -> link.origin);
            int most = Collections.max(counts.values());
            for (ServerLink link : greeted) {
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
    boolean takePlace(ServerLink newcomer, ExportState export, Message.Hello hello) {
        if (!newcomer.isInHandshake()) {
            return true;
        }
        List<ServerLink> placed =
                links.values().stream().filter(link -> !link.isInHandshake()).toList();
        boolean replaces = placed.stream().anyMatch(link -> link.endsWith(export, hello));
        if (placed.size() < settings.linksMax() || replaces) {
            return true;
        }
        ServerLink leaving = givesWay(newcomer, placed, export);
        turnAway(leaving);
        return leaving != newcomer;
    }

    private static ServerLink givesWay(ServerLink newcomer, List<ServerLink> placed, ExportState export) {
        Map<String, Integer> ofExport = Stake.counts(placed, ServerLink::exportName);
        List<Stake<ServerLink>> others = new ArrayList<>();
        for (ServerLink link : placed) {
            others.add(link.stake(ofExport.getOrDefault(link.exportName(), 0) == 1));
        }
        String name = export.export.name();
        boolean holds = !export.shared() && !ofExport.containsKey(name);
        return Stake.givesWay(new Stake<>(newcomer, newcomer.origin, name, holds, false, 0), others, link -> true);
    }

    /** R7: a request came on it. */
    void asks(ServerLink link) {
        link.asked = ++asked;
    }

    /** R7: there is no place for it, or no longer. */
    void turnAway(ServerLink link) {
        outbox.refuse(link, Problem.LIMIT, "no more links are taken at once");
        forget(link);
    }

    /** R7: nothing more is taken from this link for a while. L4: it is still sent to, and the disk goes on, so the while ends. */
    void pause(ServerLink link) {
        if (!link.paused) {
            outbox.reading(link, false);
            paused.add(link);
        }
    }

    /** Those that are not listened to; a copy, since listening to one may be too much again. */
    List<ServerLink> paused() {
        return paused.isEmpty() ? List.of() : new ArrayList<>(paused);
    }

    void resume(ServerLink link) {
        paused.remove(link);
        outbox.reading(link, true);
    }

    void close(ServerLink link, Closing closing) {
        outbox.close(link, closing);
        forget(link);
    }

    void closeAll(List<ServerLink> some, Closing closing) {
        for (ServerLink link : new ArrayList<>(some)) {
            close(link, closing);
        }
    }

    void closeAll(ExportState export, Closing closing) {
        for (ServerLink link : all()) {
            if (link.concerns(export)) {
                close(link, closing);
            }
        }
    }

    /** The link has ended; whatever it was about to become, it does not. */
    void forget(ServerLink link) {
        links.remove(link.number);
        paused.remove(link);
        watcher.gone(link);
    }

    long nextDeadline(long before) {
        long next = before;
        for (ServerLink link : links.values()) {
            next = Math.min(next, link.deadline());
        }
        return next;
    }

    void discard() {
        for (ServerLink link : links.values()) {
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
