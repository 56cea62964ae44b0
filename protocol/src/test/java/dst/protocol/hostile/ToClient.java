package dst.protocol.hostile;

import dst.protocol.Boot;
import dst.protocol.Holder;
import dst.protocol.Unique;
import java.nio.ByteBuffer;

/** What a hostile server says to a client: every message, in and out of place, as it should be or with something odd in it. */
final class ToClient {
    static final int WELCOME = 2;
    static final int REFUSE = 3;
    static final int ATTACHED = 5;
    static final int ANSWER = 7;
    static final int PING = 8;
    static final int PONG = 9;
    static final int GOODBYE = 11;

    private static final int[] ALL = {1, WELCOME, REFUSE, 4, ATTACHED, 6, ANSWER, PING, PONG, 10, GOODBYE};

    /** The problems after which a client gives its device up: a server that says so is believed. */
    private static final int[] HARMLESS_PROBLEMS = {0, 1, 2, 3, 5, 16, 17, 32, 34, 35, 36, 38, 39, 42, 43, 64, 999};

    private final Draft draft;
    private final ByteBuffer bytes;
    private final Odds odds;
    private final Known known;
    private final Asked asked;
    private final Attributes attributes;

    /** Whether it says what a client has to believe although it is not so; otherwise only what no client may be moved by. */
    boolean lies = true;

    ToClient(Draft draft, Odds odds, Known known, Asked asked) {
        this.draft = draft;
        this.bytes = draft.bytes;
        this.odds = odds;
        this.known = known;
        this.asked = asked;
        this.attributes = new Attributes(draft.bytes, odds);
    }

    void draw(int... due) {
        draft.clear();
        odds.newMood();
        boolean inPlace = due.length > 0 && !odds.chance(1, 12);
        int type = inPlace ? due[odds.below(due.length)] : ALL[odds.below(ALL.length)];
        message(type);
        if (odds.chance(1, 24)) {
            draft.spoilFrame(odds);
        } else if (odds.chance(1, 24) && (lies || type == PING)) {
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

    void drawPreamble() {
        draft.clear();
        odds.newMood();
        boolean preamble = odds.chance(1, 3);
        if (preamble) {
            draft.preamble(odds.number(0x445354424C4F434BL), odds.small(1), odds.small(1));
        } else {
            draw(WELCOME, ANSWER, PING);
        }
        // What is damaged and vouched for again may be something that has to be believed.
        if ((lies || preamble || draft.type() == PING) && odds.chance(1, 3)) {
            draft.damage(odds);
        }
    }

    void message(int type) {
        draft.begin(type);
        switch (type) {
            case WELCOME -> {
                attributes.deviceIsExact = !lies;
                attributes.agreement(known.agreement);
                attributes.boot(known.boot);
                attributes.shortOf(0x0E, 1);
                attributes.number(0x06, known.held.epoch());
                if (odds.chance(1, 8)) {
                    attributes.flag(0x0F, odds.chance(1, 2));
                }
            }
            case REFUSE -> {
                attributes.exactly(
                        0x0C, lies ? odds.below(70) : HARMLESS_PROBLEMS[odds.below(HARMLESS_PROBLEMS.length)]);
                attributes.text(0x0D, "no");
            }
            case ATTACHED -> {
                attributes.agreement(known.agreement);
                attributes.holder(0x41, lies ? known.held : new Holder(known.held.epoch(), new Unique(9, 9)));
                attributes.boot(boot());
                attributes.flag(0x09, odds.chance(1, 2));
            }
            case ANSWER -> {
                answer();
                return;
            }
            case GOODBYE -> {
                // Without its boot it is no Goodbye; with it, it ends the device.
                attributes.flag(0x0A, odds.chance(1, 2));
                attributes.number(0x0B, odds.below(9));
                if (lies) {
                    attributes.boot(boot());
                }
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

    private Boot boot() {
        return odds.odd() ? Victims.boot(odds.below(4)) : known.boot;
    }

    /** To one that was asked, or to nobody; of this boot or, if nothing is to be believed, of another boot or epoch. */
    private void answer() {
        Asked.Request request = asked.any(odds);
        boolean toNobody = !lies && odds.chance(1, 3);
        boolean otherBoot = !lies && !toNobody && odds.chance(1, 2);
        boolean otherEpoch = !lies && !toNobody && !otherBoot;
        long id = toNobody ? asked.never() : request.id();
        bytes.putLong(lies ? odds.number(id) : id);
        bytes.putLong(otherEpoch ? known.held.epoch() + 1 + odds.below(3) : epoch());
        Boot boot = otherBoot ? Victims.boot(known.boot.counter() + 1 + odds.below(3)) : boot();
        bytes.putLong(otherBoot || !lies ? boot.counter() : odds.number(boot.counter()));
        bytes.putLong(boot.nonce().high()).putLong(boot.nonce().low());
        boolean changes = request.kind() == 2 || request.kind() == 4 || request.kind() == 5;
        bytes.putLong(odds.number(changes ? asked.nextExecution() : 0));
        bytes.putLong(lies || !toNobody ? odds.number(0) : 0);
        bytes.putShort(odds.small(odds.chance(1, 6) ? odds.below(70) : 0));
        if (odds.odd()) {
            bytes.put(new byte[odds.below(20)]);
        }
        int headEnd = draft.length();
        int length = request.kind() == 1 ? request.length() : 0;
        length = Math.max(0, Math.min(odds.count(length), 3 * Victims.LARGEST));
        for (int i = 0; i < length; i++) {
            bytes.put((byte) 0x5A);
        }
        draft.end(headEnd);
    }

    private long epoch() {
        return lies ? odds.number(known.held.epoch()) : known.held.epoch();
    }
}
