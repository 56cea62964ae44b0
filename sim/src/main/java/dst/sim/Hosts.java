package dst.sim;

import dst.protocol.fault.Fault.Node;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every computer of a world. */
record Hosts(List<ClientHost> clients, List<ServerHost> servers) {
    Hosts {
        clients = List.copyOf(clients);
        servers = List.copyOf(servers);
    }

    /** Servers first: they are there when clients begin, and see them end. */
    List<Host> all() {
        List<Host> all = new ArrayList<>(servers);
        all.addAll(clients);
        return all;
    }

    ServerHost firstServer() {
        return servers.getFirst();
    }

    @Nullable ClientHost client(Node node) {
        return clients.stream()
                .filter(client -> client.name.equals(node.words()))
                .findFirst()
                .orElse(null);
    }

    @Nullable ServerHost server(Node node) {
        return servers.stream()
                .filter(server -> server.name.equals(node.words()))
                .findFirst()
                .orElse(null);
    }

    /** Null if the plan has no such node. */
    @Nullable Host host(Node node) {
        for (Host host : all()) {
            if (host.name.equals(node.words())) {
                return host;
            }
        }
        return null;
    }
}
