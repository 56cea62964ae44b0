package dst.protocol.client;

import dst.protocol.StateDigest;
import dst.protocol.wire.Decoder;
import dst.protocol.wire.Direction;
import dst.protocol.wire.Keepalive;

/** One byte stream as the client sees it: what has arrived, whether the peer lives, and what is under way on it. */
final class ClientLink {
    final long number;
    final int slot;
    final Decoder decoder = new Decoder(Direction.TO_CLIENT);
    final Keepalive keepalive = new Keepalive();
    private final long unsentMax;
    private boolean open = true;
    private long unsent;

    /** The transactions that were last sent here and are not settled. */
    private int requests;

    private long bytes;

    /** Something was not answered in time, and nothing at all was heard here meanwhile. */
    private boolean late;

    ClientLink(long number, int slot, long unsentMax) {
        this.number = number;
        this.slot = slot;
        this.unsentMax = unsentMax;
    }

    boolean isOpen() {
        return open;
    }

    void end() {
        open = false;
        decoder.discard();
    }

    void handedOver(int count) {
        unsent += count;
    }

    /** L1, G6: a peer that takes the rest of what waits for it lives, and has no reason to say so. */
    void sent(long count, long now) {
        unsent = Math.max(0, unsent - count);
        if (unsent > 0) {
            keepalive.took(now);
        }
    }

    /** Whether so much waits to leave this host that what is not needed is better not said (R7). */
    boolean isCongested() {
        return unsent > unsentMax;
    }

    void heard(long now) {
        keepalive.heard(now);
        late = false;
    }

    void carries(Transaction transaction) {
        requests++;
        bytes += transaction.bytes();
    }

    void letsGo(Transaction transaction) {
        requests--;
        bytes -= transaction.bytes();
    }

    int requests() {
        return requests;
    }

    long bytes() {
        return bytes;
    }

    /** What was sent here was not answered for a whole pause. */
    void timedOut(long since) {
        late |= keepalive.heardAt() <= since;
    }

    /** Whether the next request is better sent here than there: nothing new is added to what does not move. */
    boolean isBetterThan(ClientLink other) {
        int hindrance = hindrance();
        int others = other.hindrance();
        if (hindrance != others) {
            return hindrance < others;
        }
        return bytes != other.bytes ? bytes < other.bytes : requests < other.requests;
    }

    private int hindrance() {
        if (isCongested()) {
            return 2;
        }
        return late ? 1 : 0;
    }

    void digest(StateDigest digest) {
        digest.add(number)
                .add(open)
                .add(slot)
                .add(unsent)
                .add(requests)
                .add(bytes)
                .add(late);
        keepalive.digest(digest);
        decoder.digest(digest);
    }
}
