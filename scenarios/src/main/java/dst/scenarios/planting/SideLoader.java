package dst.scenarios.planting;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Loads one side's machine a second time, with edits. The packages of the machines are this loader's own; the vocabulary of
 * the boundary stays with the parent, so that hosts and judges see the same values on both sides. What an attached device is told as a
 * whole is its own affair, so that is this loader's own too, and with it whoever puts it together.
 */
final class SideLoader extends ClassLoader {
    /** What may be edited. */
    private static final Set<String> MACHINES = Set.of(
            "dst.protocol.client",
            "dst.protocol.server",
            "dst.protocol.wire",
            "dst.nbd",
            "dst.nbd.attach",
            "dst.nbd.lending");

    /** The programs and the kernel between them and an attached device: honest, but of this loader. */
    static final String AROUND_NBD = "dst.sim.nbd";

    /** Kinds of nodes that run such a machine: honest, but of this loader. */
    private static final String AROUND_LENDING = "dst.scenarios.lending";

    private final Rewriting rewriting;
    private final ClassFiles classes;
    private final Map<String, byte[]> rewritten = new HashMap<>();

    static {
        registerAsParallelCapable();
    }

    SideLoader(ClassLoader parent, List<Edit> edits) {
        super(parent);
        rewriting = new Rewriting(parent);
        classes = new ClassFiles(parent);
        Map<String, List<Edit>> byClass = new HashMap<>();
        for (Edit edit : edits) {
            byClass.computeIfAbsent(edit.className(), _ -> new ArrayList<>()).add(edit);
        }
        // All at once, so that an edit that does not fit is known before anything runs.
        byClass.forEach((name, those) -> {
            if (!MACHINES.contains(packageOf(name))) {
                throw new DoesNotApply(name + " is not of a machine");
            }
            rewritten.put(name, rewriting.apply(name, those));
        });
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!isOwn(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            byte[] bytes = rewritten.get(name);
            if (bytes == null) {
                if (classes.bytes(name).isEmpty()) {
                    throw new ClassNotFoundException(name);
                }
                bytes = rewriting.apply(name, List.of());
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    private static boolean isOwn(String name) {
        String of = packageOf(name);
        return MACHINES.contains(of) || of.equals(AROUND_NBD) || of.equals(AROUND_LENDING);
    }

    private static String packageOf(String className) {
        return className.substring(0, Math.max(0, className.lastIndexOf('.')));
    }
}
