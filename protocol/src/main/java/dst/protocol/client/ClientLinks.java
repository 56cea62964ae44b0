package dst.protocol.client;

import dst.protocol.ClientSettings;
import dst.protocol.Closing;
import dst.protocol.Holder;
import dst.protocol.Machine;
import dst.protocol.StateDigest;
import dst.protocol.Unique;
import dst.protocol.wire.Message;
import org.jspecify.annotations.Nullable;

/** All links of one attachment: which are opened when, which carries the next request, and which are of yesterday (H5, H6, T4). */
final class ClientLinks {
    private final ClientSettings settings;
    private final ClientOutbox outbox;
    private final long unsentMax;
    private Session[] sessions = {};
    private @Nullable Standing standing;

    ClientLinks(ClientSettings settings, ClientOutbox outbox, long unsentMax) {
        this.settings = settings;
        this.outbox = outbox;
        this.unsentMax = unsentMax;
    }

    void start(Unique token, long seed, long now) {
        Standing all = new Standing(token, settings, unsentMax);
        standing = all;
        sessions = new Session[settings.policy().links()];
        for (int slot = 0; slot < sessions.length; slot++) {
            sessions[slot] = new Session(slot, settings, all, seed, outbox);
        }
        sessions[0].connect(now);
    }

    /** The slot whose link this is now, or null: everything else comes from a link that was given up (L2). */
    @Nullable Session find(long number) {
        for (Session session : sessions) {
            if (session.link().number == number && session.link().isOpen()) {
                return session;
            }
        }
        return null;
    }

    boolean isLive() {
        return living() > 0;
    }

    int living() {
        int living = 0;
        for (Session session : sessions) {
            living += session.live() == null ? 0 : 1;
        }
        return living;
    }

    /** The link for the next request, or null if none lives. */
    @Nullable ClientLink best() {
        return best(null);
    }

    /** The same, and another one than this if there is one. */
    @Nullable ClientLink best(@Nullable ClientLink avoided) {
        ClientLink best = null;
        for (Session session : sessions) {
            ClientLink link = session.live();
            if (link != null && (best == null || best == avoided || (link != avoided && link.isBetterThan(best)))) {
                best = link;
            }
        }
        return best;
    }

    /** How many transactions are under way on links that live. */
    int requests() {
        int requests = 0;
        for (Session session : sessions) {
            ClientLink link = session.live();
            requests += link == null ? 0 : link.requests();
        }
        return requests;
    }

    long bytes() {
        long bytes = 0;
        for (Session session : sessions) {
            ClientLink link = session.live();
            bytes += link == null ? 0 : link.bytes();
        }
        return bytes;
    }

    int slots() {
        return sessions.length;
    }

    /** The link of this slot if it lives, or null. */
    @Nullable ClientLink live(int slot) {
        return sessions[slot].live();
    }

    /** H5: while nothing is held one link alone takes the export; the client must not race itself. */
    boolean mustWait(Session asking) {
        if (mayJoin()) {
            return false;
        }
        for (Session session : sessions) {
            if (session != asking && session.state() instanceof Session.State.Attaching) {
                return true;
            }
        }
        return false;
    }

    private boolean mayJoin() {
        return (standing != null && standing.holds()) || isLive();
    }

    private boolean mayConnect(Session session, boolean mayJoin) {
        return mayJoin || (standing != null && standing.hasTurn(session.slot()));
    }

    /** T4, H6: this link's grant is the newest; what was granted otherwise is of yesterday, and agreed on anew. */
    void closeOlder(Session newest, Operations.Grant grant, long now) {
        for (Session session : sessions) {
            if (session != newest && isOfYesterday(session.state(), grant)) {
                boolean bootEnded = session.state() instanceof Session.State.Live live
                        && !live.grant().boot().equals(grant.boot());
                session.giveUp(
                        Closing.of(
                                bootEnded ? Closing.Cause.BOOT_ENDED : Closing.Cause.SUPERSEDED,
                                "another link was granted something newer"),
                        now);
            }
        }
    }

    private static boolean isOfYesterday(Session.State state, Operations.Grant grant) {
        return switch (state) {
            case Session.State.Pausing pausing -> false;
            case Session.State.Connecting connecting -> false;
            case Session.State.Greeting greeting -> false;
            // Of two agreements of one boot nobody can tell which is the newer; a grant that is late must not end what
            // is true.
            case Session.State.Attaching(Message.Welcome welcome, Holder joins) ->
                welcome.boot().equals(grant.boot()) && !welcome.agreement().equals(grant.agreement());
            case Session.State.Live live -> !live.grant().equals(grant);
        };
    }

    void timerFired(long now) {
        boolean mayJoin = mayJoin();
        for (Session session : sessions) {
            session.timerFired(now, mayConnect(session, mayJoin));
        }
    }

    void end(Closing closing) {
        for (Session session : sessions) {
            session.end(closing);
        }
    }

    long deadline() {
        boolean mayJoin = mayJoin();
        long next = Machine.NEVER;
        for (Session session : sessions) {
            next = Math.min(next, session.deadline(mayConnect(session, mayJoin)));
        }
        return next;
    }

    /** Whether a link has ended since this was last asked. */
    boolean takeLost() {
        return standing != null && standing.takeLost();
    }

    boolean isStarted() {
        return standing != null;
    }

    void discard() {
        for (Session session : sessions) {
            session.link().end();
        }
    }

    void digest(StateDigest digest) {
        digest.add(settings.toString()).add(unsentMax);
        if (standing != null) {
            standing.digest(digest);
        }
        for (Session session : sessions) {
            session.digest(digest);
        }
    }
}
