package dst.protocol.hostile;

import dst.protocol.ClientInput;
import dst.protocol.Closing;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/** An honest client and a server, joined by a network that delivers everything as soon as it is run. */
final class Connection {
    private final HostedServer server;
    private final HostedClient client;
    private final ArrayDeque<Runnable> due = new ArrayDeque<>();

    /** The present link's numbers at either side; 0 if there is none. */
    private long atClient;

    private long atServer;

    /** How often the server closed the link, and why the last time. */
    private int closings;

    private String lastClosing = "";

    Connection(HostedServer server, HostedClient client) {
        this.server = server;
        this.client = client;
        client.peer(new ClientEnd());
    }

    int closings() {
        return closings;
    }

    String lastClosing() {
        return lastClosing;
    }

    boolean isOpen() {
        return atServer != 0;
    }

    /** Delivers until neither side has anything more to say. */
    void run() {
        for (Runnable next = due.poll(); next != null; next = due.poll()) {
            next.run();
        }
    }

    /** What the client sees and does. */
    private final class ClientEnd implements HostedClient.Peer {
        @Override
        public void connect(long link) {
            due.add(() -> {
                atClient = link;
                atServer = server.open(new ServerEnd());
                client.step(new ClientInput.LinkOpened(link), 0);
            });
        }

        @Override
        public void heard(long link, ByteBuf bytes) {
            due.add(() -> {
                if (link == atClient && server.isOpen(atServer)) {
                    client.step(new ClientInput.Sent(link, bytes.readableBytes()), 0);
                    server.receive(atServer, bytes, 0);
                } else {
                    bytes.release();
                }
            });
        }

        @Override
        public void closed(long link, Closing closing) {
            due.add(() -> {
                if (link == atClient) {
                    server.close(atServer);
                    atServer = 0;
                }
            });
        }
    }

    /** What the server sees and does. */
    private final class ServerEnd implements HostedServer.Peer {
        @Override
        public void heard(long link, ByteBuf bytes) {
            due.add(() -> {
                if (link == atServer) {
                    server.sent(link, bytes.readableBytes(), 0);
                    int length = bytes.readableBytes();
                    client.step(new ClientInput.Received(atClient, bytes), length);
                } else {
                    bytes.release();
                }
            });
        }

        @Override
        public void closed(long link, Closing closing) {
            due.add(() -> {
                if (link == atServer) {
                    closings++;
                    lastClosing = closing.toString();
                    atServer = 0;
                    client.step(new ClientInput.LinkClosed(atClient, "closed"), 0);
                }
            });
        }

        @Override
        public void reading(long link, boolean wanted) {
            throw new AssertionError("R7: an honest client is never too much");
        }
    }
}
