package dst.protocol.hostile;

import dst.protocol.Holder;
import dst.protocol.Machines;

/**
 * One server attacked in one of its states by everything that a seed draws, with an honest client beside it. After each message no
 * exception has left the server, its memory is within the limits and whoever was refused knows the rule; now and then, and in the
 * end, the neighbour is served and its data are right; and when all is over not a page is missing.
 */
final class ServerBout {
    /** In pages: an operation of one block that arrives with its head lies in two, one that arrives in pieces in more. */
    private static final long HELD_MOST =
            2L * (2 * Victims.BYTES_MAX + Victims.LARGEST) + 4L * Victims.LARGEST + 8L * Pages.PAGE;

    private static final int LINK_LIFE = 64;

    /** One in so many messages is followed by thousands that want an answer, of which none is read. */
    private static final int FLOODS = 4096;

    private final ServerState state;
    private final Machines machines;
    private final Odds odds;
    private final Tally tally;
    private final HostedServer server;
    private final Neighbour neighbour;
    private final HostileClient attacker;
    private final Draft draft = new Draft();
    private final ToServer words;
    private int left;
    private long backlog;

    ServerBout(ServerState state, long seed, Machines machines, Tally tally) {
        this.state = state;
        this.machines = machines;
        this.odds = new Odds(seed);
        this.tally = tally;
        this.server = new HostedServer(machines, Victims.BOOT, odds);
        this.neighbour = new Neighbour(machines, server, Victims.NEIGHBOUR, 1, 0);
        this.attacker = new HostileClient(server, odds, tally);
        this.words = new ToServer(draft, odds, attacker.known);
        words.greedy = state == ServerState.PAUSED;
    }

    void run(int messages) {
        server.start(Holder.NOBODY);
        neighbour.attach();
        for (int i = 0; i < messages; i++) {
            if (!attacker.isOpen() || --left <= 0) {
                left = LINK_LIFE;
                reach();
            }
            attack();
            held();
            if ((i & 15) == 0) {
                neighbour.work();
            }
            if ((i & 7) == 0) {
                worldGoesOn();
            }
            if ((i & 1023) == 1023) {
                tally.heap(Footprint.of(server.machine()));
            }
        }
        end();
    }

    private void reach() {
        switch (state) {
            case BEFORE_PREAMBLE -> attacker.open();
            case GREETING -> attacker.greet();
            case PROPOSED -> {
                if (odds.chance(1, 2)) {
                    attacker.becomeSomebodyElse();
                }
                attacker.propose(false);
            }
            case GRANTING_DRAINING -> drain();
            case GRANTING_PERSISTING -> persist();
            case LIVE -> attacker.attach();
            case LIVE_BUSY -> {
                release();
                attacker.attach();
                server.disk.holding = true;
                for (int i = odds.below(14); i > 0 && attacker.isOpen(); i--) {
                    request();
                }
            }
            case PAUSED -> {
                release();
                attacker.attach();
            }
        }
    }

    /** Somebody else's operation runs, and the attacker wants the export. */
    private void drain() {
        if (server.disk.running() == 0) {
            release();
            attacker.becomeSomebodyElse();
            attacker.attach();
            server.disk.holding = true;
            while (server.disk.running() == 0) {
                request();
            }
        }
        if (odds.chance(1, 2)) {
            attacker.becomeSomebodyElse();
        }
        attacker.closeAll();
        attacker.ask(false);
    }

    private void persist() {
        if (!server.holdingPersist) {
            attacker.attach();
            attacker.becomeSomebodyElse();
            server.holdingPersist = true;
        }
        attacker.ask(false);
    }

    private void request() {
        odds.calm();
        draft.clear();
        words.message(ToServer.REQUEST);
        attacker.send(draft);
    }

    private void attack() {
        switch (state) {
            case BEFORE_PREAMBLE -> {
                words.drawPreamble();
                left = Math.min(left, 4);
            }
            case GREETING -> words.draw(ToServer.HELLO);
            case PROPOSED -> words.draw(ToServer.ATTACH);
            case GRANTING_DRAINING, GRANTING_PERSISTING -> words.draw(ToServer.PING, ToServer.PONG, ToServer.ATTACH);
            case LIVE, LIVE_BUSY ->
                words.draw(ToServer.REQUEST, ToServer.REQUEST, ToServer.REQUEST, ToServer.PING, ToServer.REPLAYED);
            case PAUSED -> {
                pause();
                for (int i = odds.below(6); i > 0; i--) {
                    words.draw(ToServer.REQUEST, ToServer.REQUEST, ToServer.PING);
                    throwIn();
                }
                words.draw(ToServer.REQUEST, ToServer.REQUEST, ToServer.PING);
            }
        }
        throwIn();
        if ((state == ServerState.GREETING || state == ServerState.PROPOSED) && attacker.wasLetFurther()) {
            left = 0;
        }
        if (state == ServerState.PAUSED) {
            resume();
        } else {
            if (odds.chance(1, FLOODS)) {
                flood();
            }
            for (int i = 0; i < 500 && !attacker.listenedTo && attacker.isOpen(); i++) {
                server.endOne(attacker.owed());
                attacker.read();
            }
        }
        backlog = 0;
    }

    private void flood() {
        for (int i = 0; i < 100 && attacker.isOpen() && attacker.listenedTo; i++) {
            words.drawFlood(64);
            attacker.send(draft);
            held();
        }
    }

    private void throwIn() {
        backlog += draft.length();
        tally.message();
        if (attacker.isOpen()) {
            attacker.send(draft);
        }
    }

    /** Not listened to any more; on a new link if this one waits for the rest of something, or counts all ids as settled. */
    private void pause() {
        demand();
        if (attacker.isOpen() && attacker.listenedTo) {
            attacker.closeAll();
        }
        if (!attacker.isOpen()) {
            release();
            attacker.becomeSomebodyElse();
            attacker.attach();
            demand();
            if (attacker.listenedTo) {
                throw new AssertionError("R7: it has as much as it wants and is still listened to");
            }
        }
        held();
    }

    /** It asks for more than it may have in hand, or reads nothing of what it is answered. */
    private void demand() {
        server.disk.holding = odds.chance(1, 2);
        odds.calm();
        for (int i = 0; i < 16 && attacker.listenedTo && attacker.isOpen(); i++) {
            draft.clear();
            for (int frames = 0; frames < 18; frames++) {
                words.message(ToServer.REQUEST);
            }
            attacker.send(draft);
        }
    }

    private void resume() {
        server.disk.holding = false;
        release();
        for (int i = 0; i < 100 && !attacker.listenedTo && attacker.isOpen(); i++) {
            attacker.read();
        }
    }

    /** Time passes, the disk ends something, peers read. */
    private void worldGoesOn() {
        server.now += odds.chance(1, 64) ? 4_000_000_000L : odds.below(1_000_000);
        if (state != ServerState.GRANTING_DRAINING && odds.chance(1, 2)) {
            server.endOne(0);
        }
        attacker.read();
        for (int passes = 0; server.timeIsDue(); passes++) {
            if (passes > 100) {
                throw new AssertionError("a deadline that does not move on");
            }
            server.fire();
        }
        neighbour.listen();
    }

    private void held() {
        long held = attacker.pages.bytes() + server.disk.pages.bytes() + server.asked.bytes();
        tally.held(held);
        if (held > HELD_MOST) {
            throw new AssertionError("R7: " + held + " bytes of pages are held");
        }
    }

    private void release() {
        server.disk.holding = false;
        server.holdingPersist = false;
        server.settle();
    }

    /** It is over: whoever comes now is served, and everything comes back. */
    private void end() {
        release();
        attacker.closeAll();
        neighbour.listen();
        for (int i = 0; i < 16; i++) {
            neighbour.work();
        }
        neighbour.check();
        Neighbour newcomer = new Neighbour(machines, server, Victims.EXPORT, 0, -1);
        newcomer.attach();
        for (int i = 0; i < 16; i++) {
            newcomer.work();
        }
        newcomer.check();
        server.discard();
        attacker.discard();
        neighbour.discard();
        newcomer.discard();
        int live = attacker.pages.live()
                + server.disk.pages.live()
                + server.asked.live()
                + neighbour.client.pages.live()
                + newcomer.client.pages.live();
        if (live != 0) {
            throw new AssertionError(live + " pages were not given back");
        }
    }
}
