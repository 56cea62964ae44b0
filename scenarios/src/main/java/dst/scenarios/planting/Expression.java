package dst.scenarios.planting;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A small expression: {@code true}, {@code 7}, {@code null}, or a path such as {@code this.store.boot},
 * {@code argument1.request.kind.changes}, {@code java.util.List.of} or {@code this.flushed(argument1,argument2)}. Each
 * name is a field, or a method, called with what stands in brackets or nothing; {@code !} in front negates.
 */
final class Expression {
    private final ClassFiles classes;
    private final Place place;
    private final CodeBuilder code;

    /** The method that the expression stands in. */
    record Place(ClassDesc type, MethodTypeDesc method, boolean isStatic) {}

    Expression(ClassFiles classes, Place place, CodeBuilder code) {
        this.classes = classes;
        this.place = place;
        this.code = code;
    }

    /** Leaves the value on the stack; for a value of that type. */
    void push(String text, ClassDesc wanted) {
        if (text.isEmpty()) {
            pushNothing(wanted);
        } else if (text.equals("null")) {
            code.aconst_null();
        } else if (text.equals("true") || text.equals("false")) {
            code.loadConstant(text.equals("true") ? 1 : 0);
        } else if (text.matches("-?\\d+")) {
            if (TypeKind.from(wanted) == TypeKind.LONG) {
                code.loadConstant(Long.parseLong(text));
            } else {
                code.loadConstant(Integer.parseInt(text));
            }
        } else {
            ClassDesc type = path(text);
            if (TypeKind.from(type) != TypeKind.from(wanted)) {
                throw new DoesNotApply("'" + text + "' is a " + type.displayName() + " where a " + wanted.displayName()
                        + " is needed");
            }
        }
    }

    /** Zero, false or null. */
    private void pushNothing(ClassDesc wanted) {
        switch (TypeKind.from(wanted)) {
            case VOID -> {}
            case LONG -> code.lconst_0();
            case FLOAT -> code.fconst_0();
            case DOUBLE -> code.dconst_0();
            case REFERENCE -> code.aconst_null();
            default -> code.iconst_0();
        }
    }

    /** Does it, and forgets what it answers. */
    void perform(String text) {
        pop(path(text));
    }

    void pop(ClassDesc type) {
        switch (TypeKind.from(type)) {
            case VOID -> {}
            case LONG, DOUBLE -> code.pop2();
            default -> code.pop();
        }
    }

    /** Does the action only if the condition (if there is one) is true. */
    void when(String condition, Runnable action) {
        if (condition.isEmpty()) {
            action.run();
            return;
        }
        boolean negated = condition.startsWith("!");
        push(negated ? condition.substring(1) : condition, ConstantDescs.CD_boolean);
        var end = code.newLabel();
        if (negated) {
            code.ifne(end);
        } else {
            code.ifeq(end);
        }
        action.run();
        code.labelBinding(end);
    }

    private ClassDesc path(String text) {
        int bracket = text.indexOf('(');
        List<String> arguments = new ArrayList<>();
        String names = text;
        if (bracket >= 0) {
            names = text.substring(0, bracket);
            for (String argument :
                    text.substring(bracket + 1, text.length() - 1).split(",", -1)) {
                arguments.add(argument.strip());
            }
        }
        List<String> steps = List.of(names.split("\\.", -1));
        int next = begin(steps);
        ClassDesc type = next > 0 && !isStart(steps.getFirst())
                ? ClassDesc.of(String.join(".", steps.subList(0, next)))
                : started(steps.getFirst());
        boolean onType = !isStart(steps.getFirst());
        for (int i = next; i < steps.size(); i++) {
            List<String> with = i == steps.size() - 1 ? arguments : List.of();
            type = step(type, steps.get(i), with, onType, text);
            onType = false;
        }
        return type;
    }

    private static boolean isStart(String name) {
        return name.equals("this") || name.matches("argument\\d");
    }

    /** Where the members begin: after the start, or after the name of a class. */
    private static int begin(List<String> steps) {
        if (isStart(steps.getFirst())) {
            return 1;
        }
        for (int i = 0; i < steps.size(); i++) {
            if (Character.isUpperCase(steps.get(i).charAt(0))) {
                return i + 1;
            }
        }
        throw new DoesNotApply("'" + String.join(".", steps) + "' begins with no class, 'this' or 'argument1'");
    }

    private ClassDesc started(String name) {
        if (name.equals("this")) {
            code.aload(0);
            return place.type();
        }
        int index = name.charAt(name.length() - 1) - '1';
        if (index < 0 || index >= place.method().parameterCount()) {
            throw new DoesNotApply("there is no " + name);
        }
        ClassDesc type = place.method().parameterType(index);
        code.loadLocal(TypeKind.from(type), code.parameterSlot(index));
        return type;
    }

    private ClassDesc step(ClassDesc owner, String name, List<String> arguments, boolean onType, String text) {
        Optional<ClassFiles.Found<FieldModel>> field =
                arguments.isEmpty() ? classes.field(owner, name) : Optional.empty();
        if (field.isPresent()) {
            ClassDesc type = field.get().member().fieldTypeSymbol();
            if (field.get().member().flags().has(AccessFlag.STATIC)) {
                code.getstatic(field.get().owner(), name, type);
                return type;
            }
            // What is private in a machine is opened; elsewhere, as in the vocabulary's records, the accessor is asked.
            if (!field.get().member().flags().has(AccessFlag.PRIVATE)
                    || owner.packageName().equals(place.type().packageName())) {
                code.getfield(field.get().owner(), name, type);
                return type;
            }
        }
        ClassFiles.Found<MethodModel> method = classes.method(owner, name, arguments.size())
                .orElseThrow(() -> new DoesNotApply(
                        "there is no '" + name + "' in " + ClassFiles.className(owner) + ", wanted by '" + text + "'"));
        MethodTypeDesc type = method.member().methodTypeSymbol();
        for (int i = 0; i < arguments.size(); i++) {
            push(arguments.get(i), type.parameterType(i));
        }
        if (method.member().flags().has(AccessFlag.STATIC)) {
            code.invokestatic(method.owner(), name, type, method.ofInterface());
        } else if (onType) {
            throw new DoesNotApply("'" + name + "' in '" + text + "' is not static");
        } else if (method.ofInterface()) {
            code.invokeinterface(method.owner(), name, type);
        } else {
            code.invokevirtual(method.owner(), name, type);
        }
        return type.returnType();
    }
}
