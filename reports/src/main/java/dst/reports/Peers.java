package dst.reports;

import dst.protocol.wire.Direction;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Who is at the other end of a link, and by which of several ways; as far as the boundaries show it. */
final class Peers {
    private static final String SERVER = "server";

    /** The clients' names, by a server's node and link. */
    private final Map<String, String> clients = new HashMap<>();
    /** The server that a client was last seen at. */
    private final Map<String, String> servers = new HashMap<>();

    private final Map<String, Integer> slots = new HashMap<>();
    private final Set<String> several = new HashSet<>();

    void connects(String client, long link, int slot) {
        slots.put(key(client, link), slot);
        if (slot > 0) {
            several.add(client);
        }
    }

    /** A host calls a client by its node. */
    void opened(String server, long link, String principal) {
        clients.put(key(server, link), principal);
        servers.put(principal, server);
    }

    /** Whose conversation that is. */
    String client(String node, long link) {
        return isServer(node) ? clients.getOrDefault(key(node, link), Recording.CLIENT) : node;
    }

    Way way(String node, long link, Direction direction) {
        String client = client(node, link);
        String server = isServer(node) ? node : servers.getOrDefault(node, SERVER);
        return direction == Direction.TO_SERVER ? new Way(client, server) : new Way(server, client);
    }

    /** Of a client with several ways; -1 for one with a single one. */
    int slot(String node, long link) {
        return several.contains(node) ? slots.getOrDefault(key(node, link), -1) : -1;
    }

    private static boolean isServer(String node) {
        return node.startsWith(SERVER);
    }

    private static String key(String node, long link) {
        return node + "/" + link;
    }
}
