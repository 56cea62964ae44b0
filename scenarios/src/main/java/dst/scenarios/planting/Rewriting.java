package dst.scenarios.planting;

import java.lang.classfile.AccessFlags;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.List;
import java.util.stream.Collectors;

/** Makes a class file with edits out of one without. Each edit changes at least one place, or all fails. */
final class Rewriting {
    private final ClassFiles classes;
    private final ClassFile files;
    private int changed;

    Rewriting(ClassLoader source) {
        classes = new ClassFiles(source);
        ClassHierarchyResolver hierarchy =
                ClassHierarchyResolver.ofResourceParsing(source).orElse(ClassHierarchyResolver.defaultResolver());
        // What the tables for debuggers say of local variables is not true any more.
        files = ClassFile.of(
                ClassFile.ClassHierarchyResolverOption.of(hierarchy), ClassFile.DebugElementsOption.DROP_DEBUG);
    }

    /** Also without edits: what was private can be reached from the whole package, so that expressions reach it. */
    byte[] apply(String className, List<Edit> edits) {
        byte[] bytes =
                open(classes.bytes(className).orElseThrow(() -> new DoesNotApply("there is no class " + className)));
        for (Edit edit : edits) {
            bytes = apply(edit, files.parse(bytes));
        }
        return bytes;
    }

    private byte[] open(byte[] bytes) {
        return files.transformClass(files.parse(bytes), (builder, element) -> {
            switch (element) {
                case FieldModel field ->
                    builder.transformField(field, (inner, part) -> {
                        if (part instanceof AccessFlags flags) {
                            inner.withFlags(flags.flagsMask() & ~ClassFile.ACC_PRIVATE);
                        } else {
                            inner.with(part);
                        }
                    });
                case MethodModel method ->
                    builder.transformMethod(method, (inner, part) -> {
                        if (part instanceof AccessFlags flags) {
                            inner.withFlags(flags.flagsMask() & ~ClassFile.ACC_PRIVATE);
                        } else {
                            inner.with(part);
                        }
                    });
                default -> builder.with(element);
            }
        });
    }

    private byte[] apply(Edit edit, ClassModel model) {
        List<MethodModel> methods =
                model.methods().stream().filter(method -> isMeant(edit, method)).toList();
        if (methods.size() != 1) {
            throw new DoesNotApply(
                    methods.isEmpty()
                            ? "there is no method " + edit.method() + " in " + edit.className()
                            : "there are several methods " + edit.method() + " in " + edit.className()
                                    + ": say which by its parameters, such as " + signature(methods.getFirst()));
        }
        changed = 0;
        byte[] rewritten;
        try {
            rewritten = files.transformClass(
                    model,
                    ClassTransform.transformingMethodBodies(
                            method -> isMeant(edit, method), new OneMethod(edit, methods.getFirst(), model)));
        } catch (DoesNotApply wrong) {
            throw new DoesNotApply(edit.className() + "." + edit.method() + ": " + wrong.getMessage());
        }
        if (changed == 0) {
            throw new DoesNotApply(
                    "there is nothing to change in " + edit.className() + "." + edit.method() + ": " + edit.change());
        }
        return rewritten;
    }

    private static boolean isMeant(Edit edit, MethodModel method) {
        boolean hasCode = method.code().isPresent() && !method.flags().has(AccessFlag.SYNTHETIC);
        return hasCode
                && (edit.method().contains("(")
                        ? signature(method).equals(edit.method())
                        : method.methodName().equalsString(edit.method()));
    }

    private static String signature(MethodModel method) {
        return method.methodName().stringValue()
                + method.methodTypeSymbol().parameterList().stream()
                        .map(ClassDesc::displayName)
                        .collect(Collectors.joining(",", "(", ")"));
    }

    /** The change of one method's code. */
    private final class OneMethod implements CodeTransform {
        private final Edit.Change change;
        private final Expression.Place place;

        OneMethod(Edit edit, MethodModel method, ClassModel model) {
            change = edit.change();
            place = new Expression.Place(
                    model.thisClass().asSymbol(),
                    method.methodTypeSymbol(),
                    method.flags().has(AccessFlag.STATIC));
        }

        private Expression expression(CodeBuilder code) {
            return new Expression(classes, place, code);
        }

        @Override
        public void atStart(CodeBuilder code) {
            switch (change) {
                case Edit.Change.Return that -> {
                    changed++;
                    leave(code, that.value());
                }
                case Edit.Change.ReturnWhen that -> {
                    changed++;
                    expression(code).when(that.when(), () -> leave(code, that.value()));
                }
                case Edit.Change.Insert that when that.after().isEmpty() -> insert(code, that);
                default -> {}
            }
        }

        private void leave(CodeBuilder code, String value) {
            ClassDesc type = place.method().returnType();
            expression(code).push(value, type);
            code.return_(TypeKind.from(type));
        }

        private void insert(CodeBuilder code, Edit.Change.Insert insert) {
            changed++;
            Expression expression = expression(code);
            expression.when(insert.when(), () -> expression.perform(insert.action()));
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            switch (change) {
                // What follows cannot be reached; the class-file API takes it out.
                case Edit.Change.Return _, Edit.Change.ReturnWhen _ -> code.with(element);
                case Edit.Change.Answer that
                when element instanceof ReturnInstruction -> {
                    changed++;
                    expression(code).pop(place.method().returnType());
                    leave(code, that.value());
                }
                case Edit.Change.ReplaceCall that
                when element instanceof InvokeInstruction call && call.name().equalsString(that.name()) -> {
                    changed++;
                    popCall(code, call);
                    expression(code).push(that.value(), call.typeSymbol().returnType());
                }
                case Edit.Change.OverrideCall that
                when element instanceof InvokeInstruction call && call.name().equalsString(that.name()) -> {
                    changed++;
                    code.with(element);
                    expression(code).pop(call.typeSymbol().returnType());
                    expression(code).push(that.value(), call.typeSymbol().returnType());
                }
                case Edit.Change.OverrideCallWhen that
                when element instanceof InvokeInstruction call && call.name().equalsString(that.name()) -> {
                    changed++;
                    code.with(element);
                    ClassDesc type = call.typeSymbol().returnType();
                    Expression expression = expression(code);
                    expression.when(that.when(), () -> {
                        expression.pop(type);
                        expression.push(that.value(), type);
                    });
                }
                case Edit.Change.ReplaceRead that
                when element instanceof FieldInstruction read
                        && isRead(read)
                        && read.name().equalsString(that.field()) -> {
                    changed++;
                    if (read.opcode() == Opcode.GETFIELD) {
                        code.pop();
                    }
                    expression(code).push(that.value(), read.typeSymbol());
                }
                case Edit.Change.Constant that
                when element instanceof ConstantInstruction constant && is(constant, that.from()) -> {
                    changed++;
                    expression(code)
                            .push(Long.toString(that.to()), constant.typeKind().upperBound());
                }
                case Edit.Change.Insert that
                when element instanceof InvokeInstruction call && call.name().equalsString(that.after()) -> {
                    code.with(element);
                    insert(code, that);
                }
                default -> code.with(element);
            }
        }

        private static boolean is(ConstantInstruction instruction, long number) {
            return switch (instruction.constantValue()) {
                case Integer found -> found == number;
                case Long found -> found == number;
                default -> false;
            };
        }

        private static boolean isRead(FieldInstruction instruction) {
            return instruction.opcode() == Opcode.GETFIELD || instruction.opcode() == Opcode.GETSTATIC;
        }

        private void popCall(CodeBuilder code, InvokeInstruction call) {
            Expression expression = expression(code);
            MethodTypeDesc type = call.typeSymbol();
            for (ClassDesc parameter : type.parameterList().reversed()) {
                expression.pop(parameter);
            }
            if (call.opcode() != Opcode.INVOKESTATIC) {
                code.pop();
            }
        }
    }
}
