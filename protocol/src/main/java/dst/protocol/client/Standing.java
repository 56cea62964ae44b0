package dst.protocol.client;

import dst.protocol.Boot;
import dst.protocol.ClientSettings;
import dst.protocol.Holder;
import dst.protocol.Machine;
import dst.protocol.StateDigest;
import dst.protocol.Unique;

/**
 * What all links of one attachment have in common: who the client is, what it holds, which device and boot it knows, and which
 * slot is to attach while nothing is held (H5).
 */
final class Standing {
    final Unique token;
    private final int slots;
    private final long unsentMax;
    private Holder held = Holder.NOBODY;
    private Unique identity;

    /** T4: the newest boot that was attached. */
    private Boot boot = Boot.NONE;

    private long links;

    /** The newest link that had been asked for when the newest grant came. */
    private long linksAtGrant;

    private int turn;
    private boolean lost;

    /** H5: another client was here when this one asked. */
    private boolean wasOccupied;

    /** Since when it was not here any more; {@link Machine#NEVER} while it is, or nobody was. */
    private long freeSince = Machine.NEVER;

    Standing(Unique token, ClientSettings settings, long unsentMax) {
        this.token = token;
        this.slots = settings.policy().links();
        this.unsentMax = unsentMax;
        this.identity = settings.identity();
    }

    /** The epoch that the client holds; nobody's, also where the export is shared. */
    Holder held() {
        return held;
    }

    boolean holds() {
        return held.epoch() != 0;
    }

    /** The device that the client insists on; {@link Unique#NONE} if any will do. */
    Unique identity() {
        return identity;
    }

    /** T4: whether this boot is over by all that the client knows. */
    boolean isPast(Boot other) {
        return other.counter() < boot.counter();
    }

    void granted(Holder holder, Unique device, Boot newest) {
        held = holder.epoch() == 0 ? Holder.NOBODY : holder;
        identity = device;
        boot = newest;
        linksAtGrant = links;
    }

    boolean isOvertaken(ClientLink link) {
        return link.number <= linksAtGrant;
    }

    ClientLink newLink(int slot) {
        return new ClientLink(++links, slot, unsentMax);
    }

    boolean hasTurn(int slot) {
        return slot == turn;
    }

    /** A link has come to its end. H5, G6: a way that leads nowhere must not keep the others from being tried. */
    void ended(int slot) {
        lost = true;
        if (slot == turn) {
            turn = (slot + 1) % slots;
        }
    }

    /** Whether a link has ended since this was last asked. */
    boolean takeLost() {
        boolean taken = lost;
        lost = false;
        return taken;
    }

    /**
     * H5: whoever waits leaves the export to the one that was here, until that has had the time to come back: it may have lost its
     * links with the server, and that may just have been started again.
     */
    boolean isLeftToAnother(boolean occupied, long now, long courtesyNanos) {
        if (occupied) {
            wasOccupied = true;
            freeSince = Machine.NEVER;
        } else if (wasOccupied && freeSince == Machine.NEVER) {
            freeSince = now;
        }
        return occupied || (wasOccupied && now - freeSince < courtesyNanos);
    }

    void digest(StateDigest digest) {
        digest.add(wasOccupied).add(freeSince);
        digest.add(token)
                .add(held)
                .add(identity)
                .add(boot)
                .add(links)
                .add(linksAtGrant)
                .add(turn)
                .add(lost);
    }
}
