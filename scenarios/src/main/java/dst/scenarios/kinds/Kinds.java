package dst.scenarios.kinds;

import dst.protocol.ClientSettings;
import dst.protocol.Machine;
import dst.protocol.ServerSettings;
import dst.protocol.Side;
import dst.protocol.referee.Judge;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Vocabulary;
import dst.scenarios.cli.WrongInput;
import dst.sim.NodeKind;
import dst.sim.Plan;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of nodes that there are beside client and server: services on the class path, and those whose source lies beside a
 * scenario or a plan that was read.
 */
public final class Kinds {
    private static final Map<Path, List<NodeKind>> BESIDE = new LinkedHashMap<>();
    private static final Map<NodeKind, Class<?>> BROUGHT_BY = new IdentityHashMap<>();
    private static @Nullable List<NodeKind> services;

    private Kinds() {}

    /** Learns the kinds whose source lies in the folder of that file. */
    public static void beside(Path file) {
        Path folder = Optional.ofNullable(file.toAbsolutePath().normalize().getParent())
                .orElse(Path.of("/"));
        in(folder);
    }

    /** Learns the kinds whose source lies in that folder. */
    public static synchronized void in(Path folder) {
        List<NodeKind> known = BESIDE.remove(folder);
        if (known == null) {
            List<Path> sources = Sources.in(folder);
            known = sources.isEmpty() ? List.of() : Sources.kinds(sources);
        }
        BESIDE.put(folder, known);
    }

    private static synchronized List<NodeKind> services() {
        List<NodeKind> found = services;
        if (found == null) {
            found = new ArrayList<>();
            try {
                for (NodeKind.Source source : ServiceLoader.load(NodeKind.Source.class)) {
                    found.addAll(asked(source));
                }
            } catch (ServiceConfigurationError wrong) {
                throw new WrongInput("META-INF/services: " + wrong.getMessage());
            }
            services = found;
        }
        return found;
    }

    /** The kinds that somebody brings. */
    static synchronized List<NodeKind> asked(NodeKind.Source source) {
        List<NodeKind> kinds = Brought.called(
                "the list of kinds of nodes of " + source.getClass().getName(), source::kinds);
        kinds.forEach(kind -> BROUGHT_BY.put(kind, source.getClass()));
        return kinds;
    }

    /** What was learned last comes first: there may be another one of that name elsewhere. */
    private static synchronized List<NodeKind> all() {
        List<NodeKind> all = new ArrayList<>(services());
        BESIDE.values().forEach(all::addAll);
        return all.reversed();
    }

    public static List<String> names() {
        return all().stream().map(NodeKind::name).distinct().sorted().toList();
    }

    public static Optional<NodeKind> find(String name) {
        return all().stream().filter(kind -> kind.name().equals(name)).findFirst();
    }

    /** Whoever has read a plan knows all kinds in it: of several with that name, it is the one that has such settings. */
    public static NodeKind of(String name, Record settings) {
        return all().stream()
                .filter(kind -> kind.name().equals(name) && kind.isToldBy(settings))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("there is no kind of node " + name + " among " + names()));
    }

    /** Whose part a node of that kind is. */
    public static Side side(String kind, Record settings) {
        return switch (settings) {
            case ClientSettings _ -> Side.CLIENT;
            case ServerSettings _ -> Side.SERVER;
            default -> of(kind, settings).side();
        };
    }

    /** Of the nodes of a plan that are of other kinds. */
    private static Map<String, NodeKind> of(Plan plan) {
        Map<String, NodeKind> kinds = new LinkedHashMap<>();
        for (Plan.NodePlan node : plan.nodes()) {
            if (!node.isA(Layer.CLIENT) && !node.isA(Layer.SERVER)) {
                kinds.computeIfAbsent(node.kind(), name -> of(name, node.settings()));
            }
        }
        return kinds;
    }

    /** Who judges machines of these kinds. */
    public static Map<String, Judge.Maker> judges(Plan plan) {
        Map<String, Judge.Maker> judges = new LinkedHashMap<>();
        of(plan).forEach((name, kind) -> judges.put(name, BroughtJudge.of(kind)));
        return judges;
    }

    /** What traces of their machines may hold. */
    public static Vocabulary vocabulary() {
        return Vocabulary.PRESENT.with(
                all().stream().flatMap(kind -> kind.words().stream()).distinct().toList());
    }

    /** What bytes on the links of each kind say: who reads one link one way. */
    public static Map<String, Supplier<Function<ByteBuf, List<String>>>> sayings(Plan plan) {
        Map<String, Supplier<Function<ByteBuf, List<String>>>> sayings = new LinkedHashMap<>();
        of(plan).forEach((name, kind) -> sayings.put(name, kind.says()));
        return sayings;
    }

    /** A machine of that kind. */
    public static Machine machine(String kind, Record settings, ByteBufAllocator pages) {
        return Brought.called(
                "making a machine of the kind " + kind,
                () -> of(kind, settings).machine().apply(settings, pages));
    }

    /** Who brought the kinds of a plan's nodes that are of other kinds. */
    public static synchronized List<Class<?>> broughtBy(Plan plan) {
        return of(plan).values().stream()
                .<Class<?>>map(BROUGHT_BY::get)
                .distinct()
                .toList();
    }

    /** Those of them that are services. */
    public static synchronized List<Class<?>> servicesIn(Plan plan) {
        return of(plan).values().stream()
                .filter(kind -> source(kind).isEmpty())
                .<Class<?>>map(BROUGHT_BY::get)
                .distinct()
                .toList();
    }

    /** In which folder the source of a kind lies; empty if it is a service. */
    public static synchronized Optional<Path> source(NodeKind it) {
        return BESIDE.entrySet().stream()
                .filter(folder -> folder.getValue().contains(it))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
