package dst.protocol.referee;

import dst.protocol.Closing;
import dst.protocol.trace.WorldEvent;
import dst.protocol.wire.Decoded;
import dst.protocol.wire.Direction;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One side's boundary: its links, decoded with clean decoders in both directions, and what both sides' boundaries have in
 * common. Nothing here comes from the other side.
 */
abstract class Boundary<O extends Observer> {
    /** What plans call a clock that stands still: no silence is measured by it. */
    private static final String STOPPED_CLOCK = "stop-clock";

    private final Direction receives;

    /** All that watch this side, for what both sides have in common. */
    private final Observer[] all;

    private final Agenda agenda = new Agenda();
    /** Those that look at the clock. */
    private final Observer[] clockwatchers;
    /** Those of them that watch what only this side has. */
    final O[] observers;

    private final LongObjectHashMap<WatchedLink> links = new LongObjectHashMap<>();

    final Charges charges;

    Boundary(Direction receives, Charges charges, List<Observer> common, O[] observers) {
        this.charges = charges;
        this.receives = receives;
        this.observers = observers;
        List<Observer> both = new ArrayList<>(common);
        both.addAll(List.of(observers));
        this.all = both.toArray(Observer[]::new);
        for (Observer observer : all) {
            observer.agenda = agenda;
        }
        this.clockwatchers = both.stream().filter(Observer::watchesSteps).toArray(Observer[]::new);
    }

    /** A process begins or has ended: everything before is over. */
    void began() {
        discard();
        for (Observer observer : all) {
            observer.began();
        }
    }

    public void happened(long now, WorldEvent event) {
        switch (event) {
            case WorldEvent.ProcessStarted _,
                    WorldEvent.ProcessCrashed _,
                    WorldEvent.ProcessEnded _,
                    WorldEvent.PowerCut _ -> began();
            case WorldEvent.ClockSet _ -> clockSet(now);
            case WorldEvent.Struck struck when struck.fault().equals(STOPPED_CLOCK) -> clocks(now, false);
            case WorldEvent.Healed _ -> clocks(now, true);
            default -> {}
        }
    }

    private void clocks(long now, boolean run) {
        for (Observer observer : all) {
            observer.clocks(now, run);
        }
    }

    private void clockSet(long now) {
        for (Observer observer : all) {
            observer.clockSet(now);
        }
    }

    void stepped(long now) {
        for (Observer observer : clockwatchers) {
            observer.stepped(now);
        }
        if (agenda.due) {
            agenda.due = false;
            for (Observer observer : all) {
                if (!observer.watchesSteps()) {
                    observer.stepped(now);
                }
            }
        }
    }

    void opened(long now, long id) {
        WatchedLink link = new WatchedLink(id, receives, now);
        link.seen = charges.now();
        WatchedLink before = links.put(id, link);
        if (before != null) {
            before.discard();
        }
        for (Observer observer : all) {
            observer.opened(now, link);
        }
    }

    void bytesReceived(long now, long id, ByteBuf bytes) {
        WatchedLink link = links.get(id);
        if (link == null) {
            return;
        }
        link.heardAt = now;
        link.receivedAt = now;
        link.receivedSeen = charges.now();
        link.heardSeen = link.receivedSeen;
        if (link.over) {
            return;
        }
        link.received.feed(bytes.retainedDuplicate());
        while (!link.over) {
            Decoded decoded = link.received.next();
            if (decoded == null) {
                return;
            }
            charges.nextMessage();
            switch (decoded) {
                case Message message -> {
                    learn(link, message, false);
                    messageReceived(now, link, message);
                    message.payload().release();
                }
                case Decoded.Wrong wrong -> {
                    link.receivedWrong = true;
                    link.over = true;
                    garbled(now, link, wrong, false);
                }
            }
        }
    }

    void bytesSent(long now, long id, ByteBuf bytes) {
        WatchedLink link = links.get(id);
        if (link == null || link.sentWrong) {
            return;
        }
        link.unsent += bytes.readableBytes();
        link.sent.feed(bytes.retainedDuplicate());
        for (Decoded decoded = link.sent.next(); decoded != null; decoded = link.sent.next()) {
            charges.nextMessage();
            switch (decoded) {
                case Message message -> {
                    learn(link, message, true);
                    messageSent(now, link, message);
                    message.payload().release();
                }
                case Decoded.Wrong wrong -> {
                    link.sentWrong = true;
                    garbled(now, link, wrong, true);
                    return;
                }
            }
        }
    }

    private void garbled(long now, WatchedLink link, Decoded.Wrong wrong, boolean sent) {
        for (Observer observer : all) {
            observer.garbled(now, link, wrong, sent);
        }
    }

    /** How far the handshake has come; each of its messages once, the first counts. */
    private void learn(WatchedLink link, Message message, boolean sent) {
        switch (message) {
            case Message.Hello it -> link.hello = link.first(link.hello, it, sent, charges.now());
            case Message.Welcome it -> link.welcome = link.first(link.welcome, it, sent, charges.now());
            case Message.Attach it -> link.attach = link.first(link.attach, it, sent, charges.now());
            case Message.Attached it -> {
                link.attachedSeen = link.attached == null ? charges.now() : link.attachedSeen;
                link.attached = link.first(link.attached, it, sent, charges.now());
                link.payloadMax(link.attached.agreement().terms().largestTransfer());
            }
            case Message.Preamble it -> {
                link.ownPreamble = sent ? it : link.ownPreamble;
                link.peerPreamble = sent ? link.peerPreamble : it;
            }
            default -> {} // Belongs to no handshake.
        }
    }

    /** The side's own book is kept first. Requests and answers, of which there are many, have facts of their own. */
    void messageReceived(long now, WatchedLink link, Message message) {
        if (message instanceof Message.Request || message instanceof Message.Answer) {
            return;
        }
        for (Observer observer : all) {
            observer.received(now, link, message);
        }
        if (message instanceof Message.Refuse || message instanceof Message.Goodbye) {
            link.over = true;
        }
    }

    void messageSent(long now, WatchedLink link, Message message) {
        if (message instanceof Message.Request || message instanceof Message.Answer) {
            if (link.used) {
                return;
            }
            link.used = true;
        }
        for (Observer observer : all) {
            observer.sent(now, link, message);
        }
    }

    /** L1: a peer that still takes what waits for it lives, whatever it says. */
    void left(long now, long id, long bytes) {
        WatchedLink link = links.get(id);
        if (link != null) {
            link.unsent -= bytes;
            if (link.unsent > 0) {
                link.heardAt = now;
                link.heardSeen = charges.now();
            }
        }
    }

    void reading(long now, long id, boolean wanted) {
        WatchedLink link = links.get(id);
        if (link != null) {
            link.deaf = !wanted;
            link.heardAt = now;
            link.heardSeen = charges.now();
            for (Observer observer : all) {
                observer.reads(now, link, wanted);
            }
        }
    }

    void closes(long now, long id, Closing closing) {
        WatchedLink link = links.get(id);
        if (link != null) {
            for (Observer observer : all) {
                observer.closes(now, link, closing);
            }
        }
        gone(now, id);
    }

    void gone(long now, long id) {
        WatchedLink link = links.remove(id);
        if (link == null) {
            return;
        }
        link.discard();
        for (Observer observer : all) {
            observer.gone(now, link);
        }
    }

    @Nullable WatchedLink link(long id) {
        return links.get(id);
    }

    public void discard() {
        for (WatchedLink link : links.values()) {
            link.discard();
        }
        links.clear();
    }
}
