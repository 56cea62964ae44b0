package dst.scenarios.planting;

import dst.protocol.ClientSettings;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.ServerSettings;
import dst.protocol.Side;
import dst.sim.Plan;
import io.netty.buffer.ByteBufAllocator;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;

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

    public PlantedMachines(Bug bug) {
        this(loader(bug.edits(), "the planted bug " + bug.id()), bug.side() == Side.CLIENT, bug.side() == Side.SERVER);
    }

    public PlantedMachines(Version version) {
        this(loader(version.edits(), "the version " + version.id()), true, true);
    }

    private PlantedMachines(ClassLoader other, boolean clients, boolean servers) {
        ClassLoader ofClient = clients ? other : HONEST;
        client = constructor(ofClient, "dst.protocol.client.Client", CLIENT);
        server = constructor(servers ? other : HONEST, "dst.protocol.server.Server", SERVER);
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

    @Override
    @SuppressWarnings("unchecked")
    public Machine client(ClientSettings settings, ByteBufAllocator pages) {
        try {
            return (Machine) client.invokeExact(settings, pages);
        } catch (Throwable failed) {
            throw thrown(failed);
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public Machine server(ServerSettings settings, ByteBufAllocator pages) {
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
