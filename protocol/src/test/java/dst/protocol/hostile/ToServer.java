package dst.protocol.hostile;

import dst.protocol.Boot;
import dst.protocol.Holder;
import dst.protocol.Kind;
import dst.protocol.Prng;
import dst.protocol.Unique;
import java.nio.ByteBuffer;

/** What a hostile client says to a server: every message, in and out of place, as it should be or with something odd in it. */
final class ToServer {
    static final int HELLO = 1;
    static final int REFUSE = 3;
    static final int ATTACH = 4;
    static final int REQUEST = 6;
    static final int PING = 8;
    static final int PONG = 9;
    static final int REPLAYED = 10;
    static final int GOODBYE = 11;

    private static final int[] ALL = {HELLO, 2, REFUSE, ATTACH, 5, REQUEST, 7, PING, PONG, REPLAYED, GOODBYE};

    /** Ids so far behind the next one are settled. */
    private static final int UNSETTLED = 24;

    private final Draft draft;
    private final ByteBuffer bytes;
    private final Odds odds;
    private final Known known;
    private final Attributes attributes;

    /** Whether all that it asks for is as much as can be read at once. */
    boolean greedy;

    ToServer(Draft draft, Odds odds, Known known) {
        this.draft = draft;
        this.bytes = draft.bytes;
        this.odds = odds;
        this.known = known;
        this.attributes = new Attributes(draft.bytes, odds);
    }

    /** The next thing to be said where these types are due: one of them as a rule, at times any. */
    void draw(int... due) {
        draft.clear();
        odds.newMood();
        boolean inPlace = due.length > 0 && !odds.chance(1, 12);
        message(inPlace ? due[odds.below(due.length)] : ALL[odds.below(ALL.length)]);
        if (odds.chance(1, 24)) {
            draft.spoilFrame(odds);
        } else if (odds.chance(1, 24)) {
            draft.damage(odds);
        }
    }

    /** So many pings at once. */
    void drawFlood(int pings) {
        draft.clear();
        odds.calm();
        for (int i = 0; i < pings; i++) {
            message(PING);
        }
    }

    /** The first bytes of a link, odd as a rule. */
    void drawPreamble() {
        draft.clear();
        odds.newMood();
        if (odds.chance(1, 3)) {
            draft.preamble(odds.number(0x445354424C4F434BL), odds.small(1), odds.small(1));
        } else {
            draw(HELLO, REQUEST, PING);
        }
        if (odds.chance(1, 3)) {
            draft.damage(odds);
        }
    }

    void message(int type) {
        draft.begin(type);
        switch (type) {
            case HELLO -> hello();
            case REFUSE -> {
                attributes.shortOf(0x0C, odds.below(70));
                attributes.text(0x0D, "no");
            }
            case ATTACH -> {
                attributes.agreement(known.agreement);
                attributes.number(0x06, known.epoch);
                attributes.flag(0x08, !known.held.equals(Holder.NOBODY));
            }
            case REQUEST -> {
                request();
                return;
            }
            case REPLAYED -> {
                attributes.number(0x06, known.held.epoch());
                attributes.boot(boot());
            }
            case GOODBYE -> {
                attributes.flag(0x0A, odds.chance(1, 2));
                attributes.number(0x0B, 0);
                attributes.boot(boot());
                attributes.text(0x0D, "bye");
            }
            default -> nonce();
        }
        draft.end();
    }

    private void nonce() {
        bytes.putLong(odds.next());
        if (odds.odd()) {
            bytes.put(new byte[odds.below(40)]);
        }
    }

    private void hello() {
        attributes.text(0x01, odds.odd() ? name() : known.export);
        attributes.unique(0x02, odds.odd() ? Unique.NONE : known.token);
        attributes.count(0x03, odds.below(3));
        attributes.number(0x04, ++known.generation);
        attributes.terms(Victims.TERMS);
        attributes.holder(0x40, odds.odd() ? new Holder(odds.below(4), known.token) : known.held);
        attributes.unique(0x05, odds.odd() ? new Unique(9, 9) : Unique.NONE);
    }

    private String name() {
        return odds.chance(1, 2) ? Victims.NEIGHBOUR : odds.chance(1, 2) ? "" : "no such \n export";
    }

    private Boot boot() {
        return odds.odd() ? Victims.boot(odds.below(4)) : known.boot;
    }

    private void request() {
        long id = id();
        // A copy of what was asked before is the same again: everything about it comes from its id.
        long hash = Prng.hash(known.held.epoch(), id, 0, 0);
        Kind kind = greedy ? Kind.READ : Kind.of(1 + (int) ((hash >>> 8) % 5));
        int blocks = kind == Kind.FLUSH ? 0 : greedy ? 4 : 1 + (int) ((hash >>> 16) & 3);
        long block = kind == Kind.FLUSH ? 0 : (hash >>> 24) & 31;
        int flags = (kind.leavesContent() && (hash & 7) == 0 ? 1 : 0) | (odds.chance(1, 3) ? 2 : 0);
        bytes.putLong(odds.number(id));
        bytes.putShort(odds.small(kind.code()));
        bytes.putShort(odds.small(flags));
        bytes.putInt(odds.count((long) blocks * Victims.BLOCK));
        bytes.putLong(odds.number(block * Victims.BLOCK));
        bytes.putLong(odds.number(known.held.epoch()));
        Boot boot = boot();
        bytes.putLong(odds.number(boot.counter()));
        bytes.putLong(boot.nonce().high()).putLong(boot.nonce().low());
        settled();
        int headEnd = draft.length();
        if (kind == Kind.WRITE) {
            payload(odds.count((long) blocks * Victims.BLOCK), (byte) id);
        } else if (odds.odd()) {
            payload(odds.below(600), (byte) 0);
        }
        draft.end(headEnd);
    }

    private long id() {
        if (known.hoards && known.nextId > Victims.WINDOW) {
            return 1 + odds.below(Victims.WINDOW);
        }
        if (odds.chance(1, 3) && known.nextId > 1) {
            return Math.max(1, known.nextId - 1 - odds.below(UNSETTLED + 8));
        }
        return known.nextId++;
    }

    private void payload(int length, byte value) {
        int end = draft.length() + Math.max(0, Math.min(length, 3 * Victims.LARGEST));
        while (draft.length() < end) {
            bytes.put(value);
        }
    }

    /** Everything but the newest ids; or one that goes back, claims too much, or is none at all. */
    private void settled() {
        long floor = Math.max(1, known.nextId - UNSETTLED);
        long mark = floor & -64;
        if (known.hoards && !odds.odd()) {
            bytes.putLong(0).putInt(0);
            return;
        }
        if (!odds.odd()) {
            bytes.putLong(mark).putShort((short) 1).putShort((short) 0);
            bytes.putLong((1L << (floor & 63)) - 1);
            return;
        }
        known.claimed = true;
        int words = odds.chance(1, 4) ? odds.below(12) : odds.below(9);
        int open = odds.chance(1, 4) ? odds.below(600) : odds.below(4);
        long other = (odds.chance(1, 2) ? odds.number(mark) : mark - 64L * odds.below(4)) & (odds.odd() ? -1 : -64);
        bytes.putLong(other).putShort((short) words).putShort((short) open);
        for (int i = 0; i < words; i++) {
            bytes.putLong(odds.chance(1, 2) ? -1 : odds.next());
        }
        long id = odds.odd() ? odds.next() : Math.max(0, other - open - odds.below(100));
        for (int i = 0; i < open; i++) {
            id += odds.odd() ? 0 : 1;
            bytes.putLong(id);
        }
    }
}
