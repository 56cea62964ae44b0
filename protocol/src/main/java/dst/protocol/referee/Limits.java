package dst.protocol.referee;

import dst.protocol.ClientSettings;
import dst.protocol.ServerSettings;
import java.util.Map;
import java.util.Set;

/**
 * What a referee is told of the nodes that it watches: their settings, as far as they are known, by the names of the nodes; and
 * whom it leaves alone, because they are meant to do wrong.
 */
public record Limits(Map<String, ClientSettings> clients, Map<String, ServerSettings> servers, Set<String> ignored) {
    public static final Limits UNKNOWN = new Limits(Map.of(), Map.of(), Set.of());

    public Limits {
        clients = Map.copyOf(clients);
        servers = Map.copyOf(servers);
        ignored = Set.copyOf(ignored);
    }
}
