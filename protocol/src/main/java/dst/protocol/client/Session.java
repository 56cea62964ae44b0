package dst.protocol.client;

import dst.protocol.Agreement;
import dst.protocol.BootCause;
import dst.protocol.ClientSettings;
import dst.protocol.Closing;
import dst.protocol.Holder;
import dst.protocol.Holding;
import dst.protocol.Machine;
import dst.protocol.Prng;
import dst.protocol.Problem;
import dst.protocol.StateDigest;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.wire.Message;
import dst.protocol.wire.Wire;
import org.jspecify.annotations.Nullable;

/** One slot: how far the handshake of its link has come, whether that lives, and when the next one is tried (H1 to H6, L1, L3). */
final class Session {
    private final int slot;
    private final ClientSettings settings;
    private final Standing standing;
    private final ClientOutbox outbox;
    private final Prng prng;
    private State state = new State.Pausing(0);
    private ClientLink link;
    private long pause;
    private boolean ended;

    /** Each state has what is known in it, and no more. */
    sealed interface State {
        record Pausing(long until) implements State {}

        record Connecting(long since) implements State {}

        /** Hello is sent, and told what was held; the version is 0 until the server's preamble is here. */
        record Greeting(Holder told, int version) implements State {}

        /** The terms are accepted; waiting for the grant. */
        record Attaching(Message.Welcome welcome, Holder joins) implements State {}

        record Live(Operations.Grant grant, BootCause cause, long since) implements State {}
    }

    Session(int slot, ClientSettings settings, Standing standing, long seed, ClientOutbox outbox) {
        this.slot = slot;
        this.settings = settings;
        this.standing = standing;
        this.outbox = outbox;
        this.prng = new Prng(seed).split(slot == 0 ? "reconnect" : "reconnect " + slot);
        this.pause = settings.reconnectNanos();
        this.link = new ClientLink(0, slot, 0);
        link.end();
    }

    State state() {
        return state;
    }

    int slot() {
        return slot;
    }

    /** The link of now, or the last one; what comes from any other comes from one that was given up (L2). */
    ClientLink link() {
        return link;
    }

    /** The link if requests can be sent on it, or null. */
    @Nullable ClientLink live() {
        return state instanceof State.Live ? link : null;
    }

    /** Whether another link was granted since this one was asked for: what it is refused for may be over by now. */
    boolean isOvertaken() {
        return live() == null && standing.isOvertaken(link);
    }

    void connect(long now) {
        link = standing.newLink(slot);
        state = new State.Connecting(now);
        outbox.connect(link);
    }

    void opened(long now) {
        if (!(state instanceof State.Connecting)) {
            return;
        }
        link.keepalive.start(now, settings.terms().keepaliveMillis());
        state = new State.Greeting(standing.held(), 0);
        outbox.send(link, new Message.Preamble(Wire.VERSION_MIN, Wire.VERSION_MAX));
        outbox.send(
                link,
                new Message.Hello(
                        settings.export(),
                        standing.token,
                        slot,
                        link.number,
                        settings.terms(),
                        standing.held(),
                        standing.identity()));
    }

    void preamble(Message.Preamble preamble, long now) {
        int version = Math.min(preamble.versionMax(), Wire.VERSION_MAX);
        if (version < Math.max(preamble.versionMin(), Wire.VERSION_MIN)) {
            giveUp(Closing.of(Closing.Cause.REFUSED, Problem.VERSION.words()), now);
        } else if (state instanceof State.Greeting greeting) {
            state = new State.Greeting(greeting.told(), version);
        }
    }

    /**
     * What the device fails for, or none. H3: what is proposed has to lie within what was offered; H5: the known device, or none,
     * and one link at a time takes the export.
     */
    Problem welcome(Message.Welcome welcome, boolean mustWait, long now) {
        if (!(state instanceof State.Greeting greeting)) {
            accuseNotDue(welcome, now);
            return Problem.NONE;
        }
        Agreement agreement = welcome.agreement();
        if (agreement.version() != greeting.version() || !isWithinOffer(agreement.terms())) {
            accuse("H3", "terms that were not offered", now);
            return Problem.NONE;
        }
        if (agreement.terms().largestTransfer() < agreement.device().blockSize()) {
            // D3: nothing could be written again.
            accuse("H3", "a largest transfer that is smaller than a block", now);
            return Problem.NONE;
        }
        if (isOtherDevice(welcome)) {
            String difference = difference(welcome);
            outbox.send(link, new Message.Refuse(Problem.OTHER_DEVICE, difference));
            giveUp(Closing.of(Closing.Cause.REFUSED, Problem.OTHER_DEVICE.words() + ": " + difference), now);
            return Problem.OTHER_DEVICE;
        }
        if (mustWait || standing.isPast(welcome.boot()) || !greeting.told().equals(standing.held())) {
            // T4, H5: another link knows better by now, or is about to.
            giveUp(Closing.of(Closing.Cause.SUPERSEDED, "another link is ahead of this one"), now);
            return Problem.NONE;
        }
        boolean yields = !standing.holds() && settings.policy().holding() != Holding.TAKE;
        if (yields && standing.isLeftToAnother(welcome.occupied(), now, settings.courtesyNanos())) {
            giveUp(Closing.of(Closing.Cause.REFUSED, Problem.OCCUPIED.words()), now);
            return settings.policy().holding() == Holding.REFUSE ? Problem.OCCUPIED : Problem.NONE;
        }
        link.keepalive.start(now, agreement.terms().keepaliveMillis());
        state = new State.Attaching(welcome, standing.held());
        outbox.send(link, new Message.Attach(agreement, welcome.epoch(), standing.holds()));
        return Problem.NONE;
    }

    /**
     * H5: another identity; or boots that went back though the link is newer than what the client knows of them: somebody put an
     * earlier state back, and to wait for the boots to catch up might never end (G6).
     */
    private boolean isOtherDevice(Message.Welcome welcome) {
        Unique known = standing.identity();
        return (!known.equals(Unique.NONE)
                        && !known.equals(welcome.agreement().device().identity()))
                || (standing.isPast(welcome.boot()) && !standing.isOvertaken(link));
    }

    private String difference(Message.Welcome welcome) {
        Unique identity = welcome.agreement().device().identity();
        return standing.identity().equals(identity)
                ? "the server offers an earlier state of " + identity
                        + " than the client has seen: a backup was put back"
                : "the server offers " + identity + ", and the client knows " + standing.identity();
    }

    private boolean isWithinOffer(Terms terms) {
        return terms.agreed() && terms.agreeWith(settings.terms()).equals(terms);
    }

    /** Whether this grant is in order; if so the link lives. */
    boolean attached(Message.Attached attached, long now) {
        if (!(state instanceof State.Attaching attaching)) {
            accuseNotDue(attached, now);
            return false;
        }
        Message.Welcome welcome = attaching.welcome();
        if (!attached.agreement().equals(welcome.agreement())
                || !attached.boot().equals(welcome.boot())) {
            accuse("H3", "the echo differs from what was agreed", now);
            return false;
        }
        if (!isOwn(attached.holder(), attaching.joins())) {
            accuse("H5", "a grant for somebody else", now);
            return false;
        }
        if (standing.isPast(attached.boot()) || !attaching.joins().equals(standing.held())) {
            giveUp(Closing.of(Closing.Cause.SUPERSEDED, "another link is ahead of this one"), now);
            return false;
        }
        Agreement agreement = welcome.agreement();
        standing.granted(attached.holder(), agreement.device().identity(), welcome.boot());
        state = new State.Live(
                new Operations.Grant(attached.holder(), welcome.boot(), agreement), welcome.cause(), now);
        link.decoder.payloadMax(agreement.terms().largestTransfer());
        return true;
    }

    /** H5: who holds an epoch joins that one; or the export has come to be shared, and nobody holds it. */
    private boolean isOwn(Holder holder, Holder joins) {
        return holder.token().equals(standing.token)
                && (joins.epoch() == 0 || holder.epoch() == 0 || holder.equals(joins));
    }

    /** H1: it has no place on this link now. */
    void accuseNotDue(Message message, long now) {
        String name = message.getClass().getSimpleName();
        accuse("H1", ("AEIOU".indexOf(name.charAt(0)) < 0 ? "a " : "an ") + name + " that is not due", now);
    }

    void accuse(String rule, String text, long now) {
        outbox.send(link, new Message.Refuse(Problem.MALFORMED, rule + ": " + text));
        giveUp(Closing.peerWrong(rule, text), now);
    }

    /** This side ends the link; the next one is tried after a pause. */
    void giveUp(Closing closing, long now) {
        outbox.close(link, closing);
        ended(now);
    }

    /** The link is gone. L3: one that had lived is tried again at once, one that came to nothing after a pause. */
    void ended(long now) {
        link.end();
        standing.ended(slot);
        if (state instanceof State.Live live && now - live.since() >= settings.reconnectNanos()) {
            pause = settings.reconnectNanos();
            state = new State.Pausing(now);
            return;
        }
        long jitter = prng.below(pause / 2 + 1);
        state = new State.Pausing(now + pause - jitter);
        pause = Math.min(pause * 2, settings.reconnectNanos() * ClientSettings.LONGEST_PAUSE);
    }

    /** For good: nothing is tried any more. */
    void end(Closing closing) {
        if (link.isOpen()) {
            outbox.close(link, closing);
            link.end();
        }
        state = new State.Pausing(Machine.NEVER);
        ended = true;
    }

    void timerFired(long now, boolean mayConnect) {
        switch (state) {
            case State.Pausing pausing -> {
                if (!ended && mayConnect && now >= pausing.until()) {
                    connect(now);
                }
            }
            case State.Connecting connecting -> {
                if (now >= connectDeadline(connecting)) {
                    giveUp(Closing.of(Closing.Cause.PEER_SILENT, "the connect was not answered"), now);
                }
            }
            case State.Greeting greeting -> keepAlive(now);
            case State.Attaching attaching -> keepAlive(now);
            case State.Live live -> keepAlive(now);
        }
    }

    private void keepAlive(long now) {
        switch (link.keepalive.due(now)) {
            case NOTHING -> {}
            case PING -> outbox.send(link, new Message.Ping(now));
            case DEAD -> giveUp(Closing.of(Closing.Cause.PEER_SILENT, "nothing was heard for too long"), now);
        }
    }

    private long connectDeadline(State.Connecting connecting) {
        return connecting.since() + 3_000_000L * settings.terms().keepaliveMillis();
    }

    long deadline(boolean mayConnect) {
        return switch (state) {
            case State.Pausing pausing -> ended || !mayConnect ? Machine.NEVER : pausing.until();
            case State.Connecting connecting -> connectDeadline(connecting);
            case State.Greeting greeting -> link.keepalive.deadline();
            case State.Attaching attaching -> link.keepalive.deadline();
            case State.Live live -> link.keepalive.deadline();
        };
    }

    void digest(StateDigest digest) {
        digest.add(pause).add(ended).add(prng.state());
        link.digest(digest);
        digest.add(state.getClass().getSimpleName());
        switch (state) {
            case State.Pausing pausing -> digest.add(pausing.until());
            case State.Connecting connecting -> digest.add(connecting.since());
            case State.Greeting greeting -> digest.add(greeting.told()).add(greeting.version());
            case State.Attaching attaching -> {
                attaching.welcome().digest(digest);
                digest.add(attaching.joins());
            }
            case State.Live live -> {
                live.grant().digest(digest);
                digest.add(live.cause().code()).add(live.since());
            }
        }
    }
}
