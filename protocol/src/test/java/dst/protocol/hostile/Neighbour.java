package dst.protocol.hostile;

import dst.protocol.Machines;
import dst.protocol.Unique;

/** An honest client on a server that is under attack: whatever it asks is done at once, and what it wrote it reads again. */
final class Neighbour {
    final HostedClient client;
    private final HostedServer server;
    private final Connection connection;
    private final String export;
    private final int place;
    private int turns;

    Neighbour(Machines machines, HostedServer server, String export, int place, long found) {
        this.server = server;
        this.export = export;
        this.place = place;
        client = new HostedClient(machines, Victims.settings(export));
        client.expectEverywhere(found);
        connection = new Connection(server, client, export);
    }

    void attach() {
        client.now = server.now;
        client.start(new Unique(0x600D, place + 1));
        connection.run();
        client.write(0, 1, false);
        connection.run();
        assertServed();
    }

    /** One more thing is asked, and is done. */
    void work() {
        client.now = server.now;
        connection.run();
        int block = turns * 7 % (Victims.BLOCKS - 4);
        switch (turns++ & 7) {
            case 0, 4 -> client.write(block, 1 + (turns & 3), false);
            case 2 -> client.write(block, 1, true);
            case 5 -> client.zero(block);
            // A flush is of the whole disk, and waits for what the attacker's half has not ended (D1).
            case 6 -> {
                if (!server.disk.holding) {
                    client.flush();
                }
            }
            default -> client.read(block);
        }
        connection.run();
        assertServed();
    }

    /** What was said outside of its own turns is delivered, and time passes. */
    void listen() {
        client.now = server.now;
        connection.run();
        for (int passes = 0; client.timeIsDue(); passes++) {
            if (passes > 100) {
                throw new AssertionError("a deadline that does not move on");
            }
            client.fire();
            connection.run();
        }
    }

    private void assertServed() {
        if (client.hasFailed()) {
            throw new AssertionError("the device of " + export + " has failed: " + connection.lastClosing());
        }
        if (connection.closings() > 0) {
            throw new AssertionError("the link of " + export + " was closed: " + connection.lastClosing());
        }
        if (client.pending() > 0) {
            throw new AssertionError("the neighbour's operation was not done");
        }
    }

    /** Everything that it ever wrote is on the disk, where it belongs. */
    void check() {
        int wrong = client.firstWrongBlock(server.disk.content, place * Victims.SIZE);
        if (wrong >= 0) {
            throw new AssertionError("block " + wrong + " of " + export + " is not what was written there");
        }
    }

    void discard() {
        client.discard();
    }
}
