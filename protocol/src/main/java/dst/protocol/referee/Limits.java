package dst.protocol.referee;

import dst.protocol.ClientSettings;
import dst.protocol.ServerSettings;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a referee is told of the nodes that it watches: their settings, as far as they are known, by the names of the nodes; and
 * whom it leaves alone, because they are meant to do wrong.
 */
public record Limits(
        Map<String, ClientSettings> clients,
        Map<String, ServerSettings> servers,
        Set<String> ignored,
        List<Set<String>> onOneDisk) {
    public static final Limits UNKNOWN = new Limits(Map.of(), Map.of(), Set.of());

    /** Nobody has the same disk as another. */
    public Limits(Map<String, ClientSettings> clients, Map<String, ServerSettings> servers, Set<String> ignored) {
        this(clients, servers, ignored, List.of());
    }

    public Limits {
        clients = Collections.unmodifiableMap(new TreeMap<>(clients));
        servers = Collections.unmodifiableMap(new TreeMap<>(servers));
        ignored = Collections.unmodifiableSet(new TreeSet<>(ignored));
        // Who has a disk alone shares it with nobody.
        onOneDisk = onOneDisk.stream().filter(nodes -> nodes.size() > 1).toList();
    }

    boolean haveOneDisk(String one, String another) {
        for (Set<String> nodes : onOneDisk) {
            if (nodes.contains(one) && nodes.contains(another)) {
                return true;
            }
        }
        return false;
    }
}
