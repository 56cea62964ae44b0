package dst.protocol.referee;

import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.protocol.ServerSettings;
import dst.protocol.Side;
import dst.protocol.wire.Message;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * R7 and L4 as they bind a server: links, handshakes and shared attachments stay within their limits, and it stops receiving only
 * while something is under way whose end lets it go on.
 */
final class ServerLoad extends ServerObserver {
    private final ServerLife life;
    private final Charge r7;
    private final Charge l4;
    /** Null if its limits are not known. */
    private final @Nullable ServerSettings settings;

    private final ArrayList<WatchedLink> links = new ArrayList<>();
    private int handshakes;
    private boolean grew;
    private Crossing growthSeen = Crossing.NONE;
    private final ArrayList<WatchedLink> deaf = new ArrayList<>();

    ServerLoad(ServerLife life, Charges charges, @Nullable ServerSettings settings) {
        this.life = life;
        this.settings = settings;
        this.r7 = charges.charge(Rules.R7, Side.SERVER);
        this.l4 = charges.charge(Rules.L4, Side.SERVER);
    }

    @Override
    void began() {
        links.clear();
        handshakes = 0;
        grew = false;
        deaf.clear();
    }

    @Override
    void opened(long now, WatchedLink link) {
        links.add(link);
        handshakes++;
        grew = true;
        growthSeen = r7.now();
        lookAfterStep();
    }

    /** A taker that has echoed waits for the disk: from then on it is not the peer who keeps the handshake open. */
    @Override
    void received(long now, WatchedLink link, Message message) {
        if (message instanceof Message.Attach) {
            endsHandshake(link);
        }
    }

    @Override
    void sent(long now, WatchedLink link, Message message) {
        if (message instanceof Message.Attached) {
            endsHandshake(link);
        }
    }

    private void endsHandshake(WatchedLink link) {
        if (!link.counted) {
            link.counted = true;
            handshakes--;
            grew = true;
            growthSeen = r7.now();
            lookAfterStep();
        }
    }

    @Override
    void gone(long now, WatchedLink link) {
        links.remove(link);
        handshakes -= link.counted ? 0 : 1;
        deaf.remove(link);
    }

    @Override
    void reads(long now, WatchedLink link, boolean wanted) {
        l4.seen();
        deaf.remove(link);
        if (!wanted) {
            deaf.add(link);
            link.deafSeen = l4.now();
            lookAfterStep();
        }
    }

    @Override
    void stepped(long now) {
        if (!deaf.isEmpty()) {
            checkEnds(now, deaf.getFirst());
            // Whatever ends may be the last thing that it waits for.
            lookAfterStep();
        }
        if (grew) {
            grew = false;
            checkLimits(now);
        }
    }

    /** What runs, and what is on its way out, ends; nothing else does. */
    private void checkEnds(long now, WatchedLink waiting) {
        for (WatchedLink link : links) {
            if (link.unsent > 0) {
                return;
            }
        }
        for (DiskView disk : life.disks) {
            if (!disk.running.isEmpty() || disk.bootEnded) {
                return;
            }
        }
        if (waiting.deaf) {
            l4.broken(
                    now,
                    waiting.deafSeen,
                    "the server does not receive on link ",
                    waiting.id,
                    ", though at ",
                    new Sentence.Time(now),
                    " nothing runs and nothing is unsent: it will never go on");
        }
    }

    private void checkLimits(long now) {
        if (settings == null) {
            return;
        }
        r7.seen();
        check(now, "links that were through their handshakes", links.size() - handshakes, settings.linksMax(), true);
        check(now, "unfinished handshakes", handshakes, settings.handshakesMax(), false);
        int attachments = 0;
        for (ExportView export : life.exports) {
            attachments += export.export.shared() ? export.attachments.size() : 0;
        }
        check(now, "attachments of shared exports", attachments, settings.attachmentsMax(), true);
    }

    /** How those links came to be there that are through their handshakes, or are not. */
    private Sentence evidence(boolean through) {
        return Sentence.of(links.stream()
                .filter(link -> link.counted == through)
                .map(link -> through ? link.attachedSeen : link.seen)
                .toArray());
    }

    private void check(long now, String what, int count, int max, boolean through) {
        if (count > max) {
            r7.brokenBy(
                    growthSeen,
                    now,
                    evidence(through),
                    "the server had ",
                    count,
                    " ",
                    what,
                    " at ",
                    new Sentence.Time(now),
                    ", allowed are ",
                    max);
        }
    }
}
