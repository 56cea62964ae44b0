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
    /** The server that one link of a client leads to, where that is told. */
    private final Map<String, String> serversOfLinks = new HashMap<>();

    private final Map<String, Integer> slots = new HashMap<>();
    private final Set<String> several = new HashSet<>();

    void connects(String client, long link, int slot) {
        slots.put(key(client, link), slot);
        if (slot > 0) {
            several.add(client);
        }
    }

    /** A host calls a client by its node; a simulated one says as well which process it is, and its number of the link. */
    void opened(String server, long link, String peer, String principal) {
        clients.put(key(server, link), principal);
        servers.put(principal, server);
        serversOfLinks.put(principal + peer.substring(peer.lastIndexOf('/') + 1), server);
    }

    /** Whether it is this node that another has opened a link to. */
    boolean isServer(String node, long link) {
        String key = key(node, link);
        return clients.containsKey(key) || (!slots.containsKey(key) && node.startsWith(SERVER));
    }

    /** Whose conversation that is. */
    String client(String node, long link) {
        return isServer(node, link) ? clients.getOrDefault(key(node, link), Recording.CLIENT) : node;
    }

    Way way(String node, long link, Direction direction) {
        String client = client(node, link);
        String server = isServer(node, link)
                ? node
                : serversOfLinks.getOrDefault(node + link, servers.getOrDefault(node, SERVER));
        return direction == Direction.TO_SERVER ? new Way(client, server) : new Way(server, client);
    }

    /** Of a client with several ways; -1 for one with a single one. */
    int slot(String node, long link) {
        return several.contains(node) ? slots.getOrDefault(key(node, link), -1) : -1;
    }

    private static String key(String node, long link) {
        return node + "/" + link;
    }
}
