package dst.protocol.hostile;

import dst.protocol.ClientControl;
import dst.protocol.Machine;
import dst.protocol.Machines;

/**
 * One client attacked in one of its states by everything that a seed draws. After each message no exception has left it, its memory
 * is within the limits and whoever was refused knows the rule. In the end it meets an honest server that has lost everything: all that
 * was asked settles once, and every block holds what was written there last, if no lie was told that a client cannot know for one.
 */
final class ClientBout {
    /** A payload that is arriving, and the message behind it. */
    private static final long HELD_MOST = 2L * Victims.LARGEST + 8L * Pages.PAGE;

    private static final int LINK_LIFE = 64;

    /** One in so many messages is followed by thousands that want an answer, of which none is read. */
    private static final int FLOODS = 4096;

    private final ClientState state;
    private final Machines machines;
    private final Odds odds;
    private final Tally tally;
    private final Draft draft = new Draft();
    private final HostedClient client;
    private final HostileServer attacker;
    private final ToClient words;
    private final boolean lies;
    private int left;
    private long executions;

    ClientBout(ClientState state, long seed, Machines machines, Tally tally) {
        this.state = state;
        this.machines = machines;
        this.odds = new Odds(seed);
        this.tally = tally;
        this.client = new HostedClient(machines, Victims.settings(Victims.EXPORT));
        this.attacker = new HostileServer(client, odds, tally);
        this.words = new ToClient(draft, odds, attacker.known, attacker.asked);
        // What it may be moved by makes of the other checks what they can be: half of the bouts go without.
        this.lies = odds.chance(1, 2);
        words.lies = lies;
        client.strict = !lies;
    }

    /** At most so many; a device that fails ends it. */
    void run(int messages) {
        begin();
        for (int i = 0; i < messages && !client.hasFailed() && client.detached() == null; i++) {
            if (!attacker.isOpen() || --left <= 0) {
                left = LINK_LIFE;
                reach();
            }
            attack();
            held();
            if ((i & 7) == 0) {
                worldGoesOn();
            }
            if ((i & 511) == 511) {
                tally.heap(Footprint.of(client.machine()));
            }
        }
        if (!lies && client.hasFailed()) {
            throw new AssertionError("the device failed, and no server had said so");
        }
        end();
    }

    /** What is retained, pending and held when the attack begins. */
    private void begin() {
        client.start(Victims.TOKEN);
        if (state.compareTo(ClientState.ATTACHING) <= 0 && odds.chance(1, 2)) {
            // It has never had a link that lived.
            client.write(3, 2, false);
            return;
        }
        attacker.attach();
        for (int i = 0; i < 6; i++) {
            client.write(4 * i, 1 + odds.below(4), false);
            attacker.answer(++executions);
        }
        if (state == ClientState.REPLAYING) {
            attacker.boot(Victims.boot(2));
        }
        if (state != ClientState.LIVE) {
            client.write(8, 4, false);
            client.write(9, 1, odds.chance(1, 2));
            client.read(9);
            client.zero(30);
            client.trim(31);
            client.write(32, 2, true);
            client.read(2);
            client.flush();
        }
        if (state == ClientState.LEAVING) {
            client.step(new ClientControl.Detach(Machine.NEVER), 0);
        }
        if (state == ClientState.REPLAYING) {
            attacker.cut();
        }
    }

    private void reach() {
        attacker.cut();
        switch (state) {
            case CONNECTING -> attacker.awaitConnect();
            case BEFORE_PREAMBLE -> attacker.accept();
            case GREETING -> attacker.greet();
            case ATTACHING -> attacker.welcome();
            case LIVE, LIVE_BUSY, REPLAYING, LEAVING -> attacker.attach();
        }
    }

    private void attack() {
        switch (state) {
            case CONNECTING, BEFORE_PREAMBLE -> {
                words.drawPreamble();
                left = Math.min(left, 4);
            }
            case GREETING -> {
                words.draw(ToClient.WELCOME);
                left = Math.min(left, 4);
            }
            case ATTACHING -> {
                words.draw(ToClient.ATTACHED);
                left = Math.min(left, 4);
            }
            case LIVE, LIVE_BUSY, REPLAYING, LEAVING ->
                words.draw(ToClient.ANSWER, ToClient.ANSWER, ToClient.ANSWER, ToClient.PING);
        }
        tally.message();
        attacker.send(draft);
        for (int i = odds.chance(1, FLOODS) ? 100 : 0; i > 0 && attacker.isOpen(); i--) {
            words.drawFlood(64);
            attacker.send(draft);
        }
    }

    private void worldGoesOn() {
        client.now += odds.chance(1, 64) ? 4_000_000_000L : odds.below(1_000_000);
        attacker.read();
        for (int passes = 0; client.timeIsDue(); passes++) {
            if (passes > 100) {
                throw new AssertionError("a deadline that does not move on");
            }
            client.fire();
        }
    }

    private void held() {
        long held = attacker.pages.bytes();
        tally.held(held);
        if (held > HELD_MOST) {
            throw new AssertionError("R7: " + held + " bytes of pages are held");
        }
    }

    /** An honest server, in a boot of which nothing is known; G5, G6: everything settles there. */
    private void end() {
        attacker.cut();
        HostedServer server = new HostedServer(machines, Victims.boot(1_000_000), odds);
        if (!client.hasFailed() && client.detached() == null) {
            meet(server);
        } else if (client.pending() > 0) {
            throw new AssertionError("G5: the device is gone and " + client.pending() + " operations are pending");
        }
        client.discard();
        server.discard();
        attacker.discard();
        int live = attacker.pages.live() + client.pages.live() + server.asked.live() + server.disk.pages.live();
        if (live != 0) {
            throw new AssertionError(live + " pages were not given back");
        }
    }

    private void meet(HostedServer server) {
        server.now = client.now;
        server.start(attacker.known.held);
        Connection connection = new Connection(server, client, Victims.EXPORT);
        if (state != ClientState.LEAVING) {
            // It is sent when the replay is over, and done when everything else is.
            client.flush();
        }
        for (int i = 0; i < 1000 && !isOver(); i++) {
            client.now = Math.max(client.now, Math.min(client.deadline(), client.now + 1_000_000_000L));
            server.now = client.now;
            client.fire();
            connection.run();
        }
        if (client.pending() > 0) {
            throw new AssertionError("G6: " + client.pending() + " operations did not settle");
        }
        if (lies) {
            if (!client.isWhole(server.disk.content, 0)) {
                throw new AssertionError("R5: a block is neither what was written there nor empty");
            }
            return;
        }
        int wrong = client.firstWrongBlock(server.disk.content, 0);
        if (wrong >= 0) {
            throw new AssertionError(
                    "G1: block " + wrong + " is not what was acknowledged: " + connection.lastClosing());
        }
        if (state == ClientState.LEAVING
                && (client.detached() == null || !client.detached().lost().isEmpty())) {
            throw new AssertionError("L5: it left with something lost: " + client.detached());
        }
    }

    private boolean isOver() {
        return client.hasFailed()
                || client.detached() != null
                || (state != ClientState.LEAVING && client.pending() == 0);
    }
}
