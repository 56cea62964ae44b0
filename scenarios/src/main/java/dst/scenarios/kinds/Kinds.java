package dst.scenarios.kinds;

import dst.sim.NodeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** The kinds of nodes that are on the class path, each a service of {@link NodeKind}. */
public final class Kinds {
    private Kinds() {}

    private static List<NodeKind> all() {
        List<NodeKind> all = new ArrayList<>();
        ServiceLoader.load(NodeKind.class).forEach(all::add);
        return all;
    }

    public static List<String> names() {
        return all().stream().map(NodeKind::name).sorted().toList();
    }

    public static Optional<NodeKind> find(String name) {
        return all().stream().filter(kind -> kind.name().equals(name)).findFirst();
    }

    /** There is one, or it could not have been read. */
    public static NodeKind named(String name) {
        return find(name)
                .orElseThrow(
                        () -> new IllegalArgumentException("there is no kind of node " + name + " among " + names()));
    }
}
