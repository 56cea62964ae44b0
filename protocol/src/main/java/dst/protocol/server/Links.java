package dst.protocol.server;

import dst.protocol.Closing;
import dst.protocol.Problem;
import dst.protocol.ServerSettings;
import dst.protocol.StateDigest;
import java.util.ArrayList;
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
     * R7: there is a limit of links and one of handshakes that are not over. It is the oldest handshake that has to go, so that
     * links which come and say nothing keep nobody out; only where all others have come through it is the new one.
     */
    void makeRoom() {
        boolean tooMany = links.size() > settings.linksMax();
        if (!tooMany && links.size() <= settings.handshakesMax()) {
            return;
        }
        Link oldest = null;
        int inHandshake = 0;
        for (Link link : links.values()) {
            if (link.isInHandshake()) {
                inHandshake++;
                oldest = oldest == null ? link : oldest;
            }
        }
        if (oldest != null && (tooMany || inHandshake > settings.handshakesMax())) {
            outbox.refuse(oldest, Problem.LIMIT, "no more links are taken at once");
            forget(oldest);
        }
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
        digest.add(settings.toString()).add(links.size()).add(memory.taken()).add(paused.size());
        links.values().forEach(link -> link.digest(digest));
        paused.forEach(link -> digest.add(link.number));
    }
}
