package dst.reports;

import dst.protocol.trace.Layer;
import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** Nodes of other kinds than client and server: what bytes on their links say, and of which the parts are seen by themselves. */
final class Others {
    private static final List<String> NOTHING = List.of("");

    /** By the name of a kind, who reads one link one way. */
    private final Map<String, Supplier<Function<ByteBuf, List<String>>>> kinds;

    private final Map<String, Function<ByteBuf, List<String>>> readers = new HashMap<>();
    private final Set<String> nodes = new HashSet<>();
    private final Set<String> stacks = new HashSet<>();

    Others(Map<String, Supplier<Function<ByteBuf, List<String>>>> kinds) {
        this.kinds = kinds;
    }

    boolean has(Layer layer) {
        boolean it = kinds.containsKey(layer.kind());
        if (it) {
            nodes.add(layer.node());
        }
        return it;
    }

    /** A client or a server was seen on that node: if the node is of another kind, it is a part of that. */
    void sawWithin(String node) {
        if (nodes.contains(node)) {
            stacks.add(node);
        }
    }

    boolean areSeenWithin(String node) {
        return stacks.contains(node);
    }

    /** What messages these bytes complete; nothing in words, if none, or if they cannot be read. */
    List<String> say(Layer layer, long link, boolean sent, ByteBuf bytes) {
        String way = layer.node() + "/" + link + "/" + sent;
        Function<ByteBuf, List<String>> reader = readers.computeIfAbsent(
                way, _ -> kinds.getOrDefault(layer.kind(), () -> _ -> NOTHING).get());
        try {
            List<String> said = reader.apply(bytes.duplicate());
            return said.isEmpty() ? NOTHING : said;
        } catch (RuntimeException unreadable) {
            readers.put(way, _ -> NOTHING);
            return NOTHING;
        }
    }
}
