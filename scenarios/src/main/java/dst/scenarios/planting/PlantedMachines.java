package dst.scenarios.planting;

import dst.protocol.ClientSettings;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.ServerSettings;
import dst.protocol.Side;
import dst.protocol.setting.Settings;
import dst.sim.NodeKind;
import dst.sim.Plan;
import io.netty.buffer.ByteBufAllocator;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** Both sides, loaded with edits: one of them with a bug, the other honest whatever is planted; or both of another version. */
public final class PlantedMachines implements Machines {
    private static final MethodType CLIENT =
            MethodType.methodType(void.class, ClientSettings.class, ByteBufAllocator.class);
    private static final MethodType SERVER =
            MethodType.methodType(void.class, ServerSettings.class, ByteBufAllocator.class);

    private static final ClassLoader HONEST = PlantedMachines.class.getClassLoader();

    private static final MethodType ATTACHED = MethodType.methodType(void.class, Machines.class);

    private final MethodHandle client;
    private final MethodHandle server;
    private final Machines attached;

    /** Those that are services, of the side that has the edits. */
    private final List<NodeKind> kinds = new ArrayList<>();

    public PlantedMachines(Bug bug) {
        this(loader(bug.edits(), "the planted bug " + bug.id()), bug.side() == Side.CLIENT, bug.side() == Side.SERVER);
    }

    public PlantedMachines(Version version) {
        this(loader(version.edits(), "the version " + version.id()), true, true);
    }

    /** One side with one class as it is given, whoever made it. A loop in it that never ends is its mistake ({@link Loops}). */
    public PlantedMachines(Side side, String className, byte[] bytes) {
        this(new SideLoader(HONEST, className, bytes), side == Side.CLIENT, side == Side.SERVER);
    }

    private PlantedMachines(ClassLoader other, boolean clients, boolean servers) {
        ClassLoader ofClient = clients ? other : HONEST;
        client = constructor(ofClient, "dst.protocol.client.Client", CLIENT);
        server = constructor(servers ? other : HONEST, "dst.protocol.server.Server", SERVER);
        ServiceLoader.load(NodeKind.Source.class, other)
                .forEach(source -> source.kinds().stream()
                        .filter(kind -> kind.side() == Side.CLIENT ? clients : servers)
                        .forEach(kinds::add));
        // What stands between programs and a client is of the client's side: nobody else sees it.
        attached = made(constructor(ofClient, SideLoader.AROUND_NBD + ".AttachedMachines", ATTACHED), this);
    }

    private static ClassLoader loader(List<Edit> edits, String what) {
        try {
            return new SideLoader(HONEST, edits);
        } catch (DoesNotApply wrong) {
            throw new DoesNotApply(what + " does not fit the machines: " + wrong.getMessage());
        }
    }

    private static MethodHandle constructor(ClassLoader loader, String type, MethodType parameters) {
        try {
            MethodHandle made =
                    MethodHandles.publicLookup().findConstructor(Class.forName(type, true, loader), parameters);
            boolean several = parameters.equals(ATTACHED);
            return made.asType(made.type().changeReturnType(several ? Machines.class : Machine.class));
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Machines made(MethodHandle attached, Machines present) {
        try {
            return (Machines) attached.invokeExact(present);
        } catch (Throwable failed) {
            throw thrown(failed);
        }
    }

    /** A client that programs use over NBD has the same edits, in all that it is made of. */
    @Override
    public Machines variant(String name) {
        return switch (name) {
            case PRESENT -> this;
            case Plan.HostPlan.ATTACHED -> attached;
            default -> throw new IllegalArgumentException("there is no program " + name + " with edits");
        };
    }

    /** What runs on a node of another kind, if that is a service and of a side with edits: otherwise it is as it is. */
    public Optional<Machine> machine(NodeKind honest, Record settings, ByteBufAllocator pages) {
        return kinds.stream()
                .filter(kind -> kind.name().equals(honest.name()) && isToldBy(kind, settings))
                .findFirst()
                .map(kind -> kind.machine().apply(kind.settings().made(numbers(honest.settings(), settings)), pages));
    }

    /** As {@link NodeKind#isToldBy}, whichever loader the settings' type is of: another kind may have the same name. */
    private static boolean isToldBy(NodeKind kind, Record settings) {
        long[] usual = kind.settings().all().stream()
                .mapToLong(setting -> setting.usualNumbers()[0])
                .toArray();
        return kind.settings()
                .made(usual)
                .getClass()
                .getName()
                .equals(settings.getClass().getName());
    }

    /** The settings' own type is another one in each loader. */
    @SuppressWarnings("unchecked")
    private static long[] numbers(Settings<? extends Record> kind, Record settings) {
        return ((Settings<Record>) kind).numbers(settings);
    }

    @Override
    @SuppressWarnings("unchecked")
    public Machine client(ClientSettings settings, ByteBufAllocator pages) {
        Loops.begin();
        try {
            return (Machine) client.invokeExact(settings, pages);
        } catch (Throwable failed) {
            throw thrown(failed);
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public Machine server(ServerSettings settings, ByteBufAllocator pages) {
        Loops.begin();
        try {
            return (Machine) server.invokeExact(settings, pages);
        } catch (Throwable failed) {
            throw thrown(failed);
        }
    }

    private static RuntimeException thrown(Throwable failed) {
        if (failed instanceof Error error) {
            throw error;
        }
        return failed instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(failed);
    }
}
