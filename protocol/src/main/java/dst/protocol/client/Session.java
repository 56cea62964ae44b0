package dst.protocol.client;

import dst.protocol.Agreement;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.ClientSettings;
import dst.protocol.Closing;
import dst.protocol.Holder;
import dst.protocol.Machine;
import dst.protocol.Prng;
import dst.protocol.Problem;
import dst.protocol.StateDigest;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.wire.Decoder;
import dst.protocol.wire.Direction;
import dst.protocol.wire.Keepalive;
import dst.protocol.wire.Message;
import dst.protocol.wire.Wire;

/** The client's one link: how far its handshake has come, whether it lives, and when the next one is tried (H1 to H6, L1, L3). */
final class Session {
    /** The pause between two connects doubles up to so many times the first one. */
    private static final int LONGEST_PAUSE = 32;

    private final ClientSettings settings;
    private final Outbox outbox;
    private final Prng prng;
    private final Unique token;
    private State state = new State.Pausing(0);
    private Decoder decoder = new Decoder(Direction.TO_CLIENT);
    private Keepalive keepalive = new Keepalive();
    private Holder held = Holder.NOBODY;
    private Unique identity;
    private long links;
    private long pause;
    private boolean ended;

    /** Each state has what is known in it, and no more. */
    sealed interface State {
        record Pausing(long until) implements State {}

        record Connecting(long link, long since) implements State {}

        /** Hello is sent; the version is 0 until the server's preamble is here. */
        record Greeting(long link, int version) implements State {}

        /** The terms are accepted; waiting for the grant. */
        record Attaching(long link, Message.Welcome welcome, boolean joins) implements State {}

        record Live(long link, Agreement agreement, Boot boot, BootCause cause, long since) implements State {}
    }

    Session(ClientSettings settings, Unique token, long seed, Outbox outbox) {
        this.settings = settings;
        this.token = token;
        this.outbox = outbox;
        this.prng = new Prng(seed).split("reconnect");
        this.identity = settings.identity();
        this.pause = settings.reconnectNanos();
    }

    State state() {
        return state;
    }

    Decoder decoder() {
        return decoder;
    }

    Holder held() {
        return held;
    }

    /** Whether this is the link of now; everything else comes from a link that was given up (L2). */
    boolean isCurrent(long link) {
        return link == links && !(state instanceof State.Pausing);
    }

    void connect(long now) {
        links++;
        decoder.discard();
        decoder = new Decoder(Direction.TO_CLIENT);
        keepalive = new Keepalive();
        state = new State.Connecting(links, now);
        outbox.connect(links);
    }

    void opened(long now) {
        keepalive.start(now, settings.terms().keepaliveMillis());
        state = new State.Greeting(links, 0);
        outbox.send(links, new Message.Preamble(Wire.VERSION_MIN, Wire.VERSION_MAX));
        outbox.send(links, new Message.Hello(settings.export(), token, 0, links, settings.terms(), held, identity));
    }

    void heard(long now) {
        keepalive.heard(now);
    }

    void preamble(Message.Preamble preamble, long now) {
        int version = Math.min(preamble.versionMax(), Wire.VERSION_MAX);
        if (version < Math.max(preamble.versionMin(), Wire.VERSION_MIN)) {
            giveUp(Closing.of(Closing.Cause.REFUSED, Problem.VERSION.words()), now);
        } else if (state instanceof State.Greeting) {
            state = new State.Greeting(links, version);
        }
    }

    /** What the device fails for, or none. H3: what is proposed has to lie within what was offered; H5: the known device, or none. */
    Problem welcome(Message.Welcome welcome, long now) {
        if (!(state instanceof State.Greeting greeting)) {
            accuse("H1", "a Welcome that is not due", now);
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
        if (!identity.equals(Unique.NONE) && !identity.equals(agreement.device().identity())) {
            outbox.send(links, new Message.Refuse(Problem.OTHER_DEVICE, "another device is known here"));
            giveUp(Closing.of(Closing.Cause.REFUSED, Problem.OTHER_DEVICE.words()), now);
            return Problem.OTHER_DEVICE;
        }
        boolean joins = !held.equals(Holder.NOBODY);
        keepalive.start(now, agreement.terms().keepaliveMillis());
        state = new State.Attaching(links, welcome, joins);
        outbox.send(links, new Message.Attach(agreement, welcome.epoch(), joins));
        return Problem.NONE;
    }

    private boolean isWithinOffer(Terms terms) {
        return terms.agreed() && terms.agreeWith(settings.terms()).equals(terms);
    }

    /** Whether this grant is in order; if so the link lives. */
    boolean attached(Message.Attached attached, long now) {
        if (!(state instanceof State.Attaching attaching)) {
            accuse("H1", "an Attached that is not due", now);
            return false;
        }
        Message.Welcome welcome = attaching.welcome();
        if (!attached.agreement().equals(welcome.agreement())
                || !attached.boot().equals(welcome.boot())) {
            accuse("H3", "the echo differs from what was agreed", now);
            return false;
        }
        if (!attached.holder().token().equals(token)
                || (attaching.joins() && !attached.holder().equals(held))) {
            accuse("H5", "a grant for somebody else", now);
            return false;
        }
        held = attached.holder();
        identity = attached.agreement().device().identity();
        state = new State.Live(links, welcome.agreement(), welcome.boot(), welcome.cause(), now);
        decoder.payloadMax(welcome.agreement().terms().largestTransfer());
        return true;
    }

    void accuse(String rule, String text, long now) {
        outbox.send(links, new Message.Refuse(Problem.MALFORMED, rule + ": " + text));
        giveUp(Closing.peerWrong(rule, text), now);
    }

    /** This side ends the link; the next one is tried after a pause. */
    void giveUp(Closing closing, long now) {
        outbox.close(links, closing);
        ended(now);
    }

    /** The link is gone. L3: one that had lived is tried again at once, one that came to nothing after a pause. */
    void ended(long now) {
        decoder.discard();
        if (state instanceof State.Live live && now - live.since() >= settings.reconnectNanos()) {
            pause = settings.reconnectNanos();
            state = new State.Pausing(now);
            return;
        }
        long jitter = prng.below(pause / 2 + 1);
        state = new State.Pausing(now + pause - jitter);
        pause = Math.min(pause * 2, settings.reconnectNanos() * LONGEST_PAUSE);
    }

    /** For good: nothing is tried any more. */
    void end(Closing closing) {
        if (!(state instanceof State.Pausing)) {
            outbox.close(links, closing);
            decoder.discard();
        }
        state = new State.Pausing(Machine.NEVER);
        ended = true;
    }

    void timerFired(long now) {
        switch (state) {
            case State.Pausing pausing -> {
                if (!ended && now >= pausing.until()) {
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
        switch (keepalive.due(now)) {
            case NOTHING -> {}
            case PING -> outbox.send(links, new Message.Ping(now));
            case DEAD -> giveUp(Closing.of(Closing.Cause.PEER_SILENT, "nothing was heard for too long"), now);
        }
    }

    private long connectDeadline(State.Connecting connecting) {
        return connecting.since() + 3_000_000L * settings.terms().keepaliveMillis();
    }

    long deadline() {
        return switch (state) {
            case State.Pausing pausing -> ended ? Machine.NEVER : pausing.until();
            case State.Connecting connecting -> connectDeadline(connecting);
            case State.Greeting greeting -> keepalive.deadline();
            case State.Attaching attaching -> keepalive.deadline();
            case State.Live live -> keepalive.deadline();
        };
    }

    void discard() {
        decoder.discard();
    }

    void digest(StateDigest digest) {
        digest.add(state.getClass().getSimpleName())
                .add(held.epoch())
                .add(links)
                .add(pause)
                .add(deadline())
                .add(prng.state());
    }
}
