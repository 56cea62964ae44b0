package dst.scenarios.kinds;

import dst.protocol.Machine;
import dst.protocol.referee.Judge;
import dst.protocol.trace.Vocabulary;
import dst.scenarios.cli.WrongInput;
import dst.sim.NodeKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
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
    /** The last one asked for comes first. */
    private static final SequencedMap<Path, List<NodeKind>> BESIDE = new LinkedHashMap<>();

    private static final Map<NodeKind, Class<?>> BROUGHT_BY = new IdentityHashMap<>();
    private static @Nullable List<NodeKind> services;

    private Kinds() {}

    /** Learns the kinds whose source lies in the folder of that file. */
    public static void beside(Path file) {
        Path folder = Optional.ofNullable(file.toAbsolutePath().normalize().getParent())
                .orElse(Path.of("/"));
        in(folder);
    }

    /** Learns the kinds whose source lies in that folder. Where two folders have kinds of one name, those of the last one asked for are meant. */
    public static synchronized void in(Path folder) {
        List<NodeKind> known = BESIDE.get(folder);
        if (known == null) {
            List<Path> sources = Sources.in(folder);
            known = sources.isEmpty() ? List.of() : Sources.kinds(sources);
        }
        BESIDE.putFirst(folder, known);
    }

    private static synchronized List<NodeKind> services() {
        List<NodeKind> found = services;
        if (found == null) {
            found = new ArrayList<>();
            try {
                for (NodeKind.Source source : ServiceLoader.load(NodeKind.Source.class)) {
                    found.addAll(of(source));
                }
            } catch (ServiceConfigurationError wrong) {
                throw new WrongInput("META-INF/services: " + wrong.getMessage());
            }
            services = found;
        }
        return found;
    }

    /** Those that somebody brings. */
    static synchronized List<NodeKind> of(NodeKind.Source source) {
        List<NodeKind> kinds = Brought.called(
                "the list of kinds of nodes of " + source.getClass().getName(), source::kinds);
        kinds.forEach(kind -> BROUGHT_BY.put(kind, source.getClass()));
        return kinds;
    }

    private static synchronized List<NodeKind> all() {
        List<NodeKind> all = new ArrayList<>();
        BESIDE.values().forEach(all::addAll);
        all.addAll(services());
        return all;
    }

    public static List<String> names() {
        return all().stream().map(NodeKind::name).distinct().sorted().toList();
    }

    public static Optional<NodeKind> find(String name) {
        return all().stream().filter(kind -> kind.name().equals(name)).findFirst();
    }

    /** Whoever has read a plan knows all kinds in it. */
    public static NodeKind named(String name) {
        return find(name)
                .orElseThrow(
                        () -> new IllegalArgumentException("there is no kind of node " + name + " among " + names()));
    }

    /** Who judges machines of these kinds. */
    public static Map<String, Judge.Maker> judges() {
        Map<String, Judge.Maker> judges = new LinkedHashMap<>();
        all().forEach(kind -> judges.putIfAbsent(kind.name(), BroughtJudge.of(kind)));
        return judges;
    }

    /** What traces of their machines may hold. */
    public static Vocabulary vocabulary() {
        return Vocabulary.PRESENT.with(
                all().stream().flatMap(kind -> kind.words().stream()).distinct().toList());
    }

    /** What bytes on the links of each kind say: who reads one link one way. */
    public static Map<String, Supplier<Function<ByteBuf, List<String>>>> sayings() {
        Map<String, Supplier<Function<ByteBuf, List<String>>>> sayings = new LinkedHashMap<>();
        all().forEach(kind -> sayings.putIfAbsent(kind.name(), kind.says()));
        return sayings;
    }

    /** A machine of that kind. */
    public static Machine machine(String kind, Record settings, ByteBufAllocator pages) {
        return Brought.called(
                "making a machine of the kind " + kind,
                () -> named(kind).machine().apply(settings, pages));
    }

    /** Who brought a kind; empty if it is no other than client and server. */
    public static synchronized Optional<Class<?>> broughtBy(String name) {
        return find(name).map(BROUGHT_BY::get);
    }

    /** In which folder the source of a kind lies; empty if it is a service. */
    public static synchronized Optional<Path> source(String name) {
        return BESIDE.entrySet().stream()
                .filter(folder ->
                        folder.getValue().stream().anyMatch(kind -> kind.name().equals(name)))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
