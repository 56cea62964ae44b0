package dst.scenarios.planting;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Loads one side's machine a second time, with edits. The packages of the machines are this loader's own; the vocabulary of
 * the boundary stays with the parent, so that hosts and judges see the same values on both sides.
 */
final class SideLoader extends ClassLoader {
    private static final Set<String> OWN_PACKAGES = Set.of("client", "server", "wire");

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
            if (!isOwn(name)) {
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

    static boolean isOwn(String name) {
        if (!name.startsWith(Edit.PACKAGE)) {
            return false;
        }
        int dot = name.indexOf('.', Edit.PACKAGE.length());
        return dot > 0 && OWN_PACKAGES.contains(name.substring(Edit.PACKAGE.length(), dot));
    }
}
