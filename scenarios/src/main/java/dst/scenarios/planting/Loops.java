package dst.scenarios.planting;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts each turn of each loop of a machine, so that one which never ends is the machine's mistake, at the same turn in every run, and
 * not a run that hangs.
 */
public final class Loops {
    /** No honest process of a scenario takes a hundredth of them. */
    static final long TURNS_MAX = 50_000_000;

    private static final ClassDesc THIS = ClassDesc.of(Loops.class.getName());
    private static final ThreadLocal<long[]> TURNS = ThreadLocal.withInitial(() -> new long[1]);

    private final ClassFiles classes;
    private final ClassFile files;

    /** Those that nobody changed are the same for everybody. */
    private final Map<String, byte[]> unchanged = new ConcurrentHashMap<>();

    Loops(ClassLoader source) {
        classes = new ClassFiles(source);
        ClassHierarchyResolver hierarchy =
                ClassHierarchyResolver.ofResourceParsing(source).orElse(ClassHierarchyResolver.defaultResolver());
        files = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(hierarchy));
    }

    /** A loop goes on: what a machine's own code says. */
    public static void turn() {
        long[] turns = TURNS.get();
        if (++turns[0] > TURNS_MAX) {
            turns[0] = 0;
            throw new AssertionError("a loop that does not end: " + TURNS_MAX + " turns of loops in one process");
        }
    }

    /** A process begins on this thread. */
    static void begin() {
        TURNS.get()[0] = 0;
    }

    /** A class as it was compiled, with its loops counted. */
    byte[] counted(String name) {
        return unchanged.computeIfAbsent(
                name,
                _ -> counted(classes.bytes(name).orElseThrow(() -> new DoesNotApply("there is no class " + name))));
    }

    byte[] counted(byte[] bytes) {
        return files.transformClass(
                files.parse(bytes), ClassTransform.transformingMethodBodies(CodeTransform.ofStateful(Backward::new)));
    }

    /** Of one method: what jumps back to where it has been. */
    private static final class Backward implements CodeTransform {
        private final Set<Label> passed = new HashSet<>();

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            if (element instanceof LabelTarget target) {
                passed.add(target.label());
            } else if (element instanceof BranchInstruction branch && passed.contains(branch.target())) {
                code.invokestatic(THIS, "turn", ConstantDescs.MTD_void);
            }
            code.with(element);
        }
    }
}
