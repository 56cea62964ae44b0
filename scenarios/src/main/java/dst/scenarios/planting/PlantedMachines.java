package dst.scenarios.planting;

import dst.protocol.ClientInput;
import dst.protocol.ClientOutput;
import dst.protocol.ClientSettings;
import dst.protocol.Machine;
import dst.protocol.Machines;
import dst.protocol.ServerInput;
import dst.protocol.ServerOutput;
import dst.protocol.ServerSettings;
import dst.protocol.Side;
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

    private final MethodHandle client;
    private final MethodHandle server;

    public PlantedMachines(Bug bug) {
        ClassLoader broken = loader(bug.edits(), "the planted bug " + bug.id());
        client = constructor(bug.side() == Side.CLIENT ? broken : HONEST, "client.Client", CLIENT);
        server = constructor(bug.side() == Side.SERVER ? broken : HONEST, "server.Server", SERVER);
    }

    public PlantedMachines(Version version) {
        ClassLoader other = loader(version.edits(), "the version " + version.id());
        client = constructor(other, "client.Client", CLIENT);
        server = constructor(other, "server.Server", SERVER);
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
            MethodHandle made = MethodHandles.publicLookup()
                    .findConstructor(Class.forName(Edit.PACKAGE + type, true, loader), parameters);
            return made.asType(made.type().changeReturnType(Machine.class));
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public Machine<ClientInput, ClientOutput> client(ClientSettings settings, ByteBufAllocator pages) {
        try {
            return (Machine<ClientInput, ClientOutput>) client.invokeExact(settings, pages);
        } catch (Throwable failed) {
            throw thrown(failed);
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public Machine<ServerInput, ServerOutput> server(ServerSettings settings, ByteBufAllocator pages) {
        try {
            return (Machine<ServerInput, ServerOutput>) server.invokeExact(settings, pages);
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
