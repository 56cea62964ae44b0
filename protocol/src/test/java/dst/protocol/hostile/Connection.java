package dst.protocol.hostile;

import dst.protocol.Closing;
import dst.protocol.LinkPort;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;

/** An honest client and a server, joined by a network that delivers everything as soon as it is run. */
final class Connection {
    private final HostedServer server;
    private final HostedClient client;
    private final String principal;
    private final ArrayDeque<Runnable> due = new ArrayDeque<>();

    /** The open links: their numbers at the client, and at the server. */
    private final Map<Long, Long> links = new TreeMap<>();

    /** How often the server closed a link, and why the last time. */
    private int closings;

    private String lastClosing = "";

    Connection(HostedServer server, HostedClient client, String principal) {
        this.server = server;
        this.client = client;
        this.principal = principal;
        client.peer(new ClientEnd());
    }

    int closings() {
        return closings;
    }

    String lastClosing() {
        return lastClosing;
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
                links.put(link, server.open(new ServerEnd(link), principal));
                client.step(new LinkPort.Opened(link), 0);
            });
        }

        @Override
        public void heard(long link, ByteBuf bytes) {
            due.add(() -> {
                Long there = links.get(link);
                if (there != null) {
                    client.step(new LinkPort.Sent(link, bytes.readableBytes()), 0);
                    server.receive(there, bytes, 0);
                } else {
                    bytes.release();
                }
            });
        }

        @Override
        public void closed(long link, Closing closing) {
            due.add(() -> {
                Long there = links.remove(link);
                if (there != null) {
                    server.close(there);
                }
            });
        }
    }

    /** What the server sees and does. */
    private final class ServerEnd implements HostedServer.Peer {
        private final long atClient;

        ServerEnd(long atClient) {
            this.atClient = atClient;
        }

        @Override
        public void heard(long link, ByteBuf bytes) {
            due.add(() -> {
                if (links.containsKey(atClient)) {
                    int length = bytes.readableBytes();
                    if (server.isOpen(link)) {
                        server.sent(link, length, 0);
                    }
                    client.step(new LinkPort.Received(atClient, bytes), length);
                } else {
                    bytes.release();
                }
            });
        }

        @Override
        public void closed(long link, Closing closing) {
            due.add(() -> {
                if (links.remove(atClient) != null) {
                    closings++;
                    lastClosing = closing.toString();
                    client.step(new LinkPort.Closed(atClient, "closed"), 0);
                }
            });
        }

        @Override
        public void reading(long link, boolean wanted) {
            throw new AssertionError("R7: an honest client is never too much");
        }
    }
}
