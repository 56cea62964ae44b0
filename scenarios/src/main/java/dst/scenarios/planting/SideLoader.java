package dst.scenarios.planting;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Loads one side's machine a second time, with edits. The packages of the machines are this loader's own; the vocabulary of
 * the boundary stays with the parent, so that hosts and judges see the same values on both sides. What an attached device is told as a
 * whole is its own affair, so that is this loader's own too, and with it whoever puts it together.
 */
final class SideLoader extends ClassLoader {
    /** The programs and the kernel between them and an attached device: honest, but of this loader. */
    static final String AROUND_NBD = "dst.sim.nbd";

    /** Kinds of nodes that run such a machine: honest, but of this loader. */
    private static final String AROUND_LENDING = "dst.scenarios.lending";

    private static final Set<String> ALL = all();

    /** Those that are as they were compiled, but for their loops. */
    private static final Loops LOOPS = new Loops(SideLoader.class.getClassLoader());

    private final ClassFiles classes;
    private final Map<String, byte[]> changed = new HashMap<>();
    private final Function<String, byte[]> unchanged;
    private final Set<String> own;

    static {
        registerAsParallelCapable();
    }

    SideLoader(ClassLoader parent, List<Edit> edits) {
        super(parent);
        Rewriting rewriting = new Rewriting(parent);
        classes = new ClassFiles(parent);
        unchanged = name -> rewriting.apply(name, List.of());
        own = ALL;
        Map<String, List<Edit>> byClass = new HashMap<>();
        for (Edit edit : edits) {
            byClass.computeIfAbsent(edit.className(), _ -> new ArrayList<>()).add(edit);
        }
        // All at once, so that an edit that does not fit is known before anything runs.
        byClass.forEach((name, those) -> {
            if (!MachineClasses.isOfMachine(name)) {
                throw new DoesNotApply(name + " is not of a machine");
            }
            changed.put(name, rewriting.apply(name, those));
        });
    }

    /**
     * With one class of a machine as it is given; loops are counted. Packages that do not see it stay with the parent, where they are
     * compiled already.
     */
    SideLoader(ClassLoader parent, String className, byte[] bytes) {
        super(parent);
        classes = new ClassFiles(parent);
        unchanged = LOOPS::counted;
        own = classes.seeing(MachineClasses.packageOf(className), ALL);
        changed.put(className, LOOPS.counted(bytes));
    }

    private static Set<String> all() {
        Set<String> all = new TreeSet<>(MachineClasses.packages());
        all.add(AROUND_NBD);
        all.add(AROUND_LENDING);
        return all;
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
            byte[] bytes = changed.get(name);
            if (bytes == null) {
                if (classes.bytes(name).isEmpty()) {
                    throw new ClassNotFoundException(name);
                }
                bytes = unchanged.apply(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    private boolean isOwn(String name) {
        return own.contains(MachineClasses.packageOf(name));
    }
}
