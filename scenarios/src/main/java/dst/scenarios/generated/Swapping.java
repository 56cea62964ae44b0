package dst.scenarios.generated;

import org.pitest.bytecode.ASMVersion;
import org.pitest.mutationtest.engine.gregor.MethodInfo;
import org.pitest.mutationtest.engine.gregor.MethodMutatorFactory;
import org.pitest.mutationtest.engine.gregor.MutationContext;
import org.pitest.reloc.asm.MethodVisitor;
import org.pitest.reloc.asm.Opcodes;
import org.pitest.reloc.asm.Type;

/** Calls whose last two arguments are of one type get them in the wrong order. The engine has no such mutator of its own. */
final class Swapping implements MethodMutatorFactory {
    private static final String NAME = "SwappedArguments";

    @Override
    public MethodVisitor create(MutationContext context, MethodInfo method, MethodVisitor next) {
        return new Calls(context, next);
    }

    @Override
    public String getGloballyUniqueId() {
        return Swapping.class.getPackageName() + "." + NAME;
    }

    @Override
    public String getName() {
        return NAME;
    }

    private final class Calls extends MethodVisitor {
        private final MutationContext context;

        Calls(MutationContext context, MethodVisitor next) {
            super(ASMVersion.ASM_VERSION, next);
            this.context = context;
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            Type[] arguments = Type.getArgumentTypes(descriptor);
            int count = arguments.length;
            if (count >= 2 && arguments[count - 1].equals(arguments[count - 2])) {
                boolean mutates = context.shouldMutate(context.registerMutation(
                        Swapping.this, "swapped the last two arguments of " + owner + "::" + name));
                if (mutates) {
                    swap(arguments[count - 1].getSize());
                }
            }
            super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
        }

        private void swap(int size) {
            if (size == 1) {
                super.visitInsn(Opcodes.SWAP);
            } else {
                super.visitInsn(Opcodes.DUP2_X2);
                super.visitInsn(Opcodes.POP2);
            }
        }
    }
}
