package dst.protocol.trace;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes the form of a record: a class that says of each field what a person would write by hand, for there is nothing quicker. That of
 * {@code record Sample(long link, Text name)} is
 *
 * <pre>{@code
 * void put(Object value, Fields out) {
 *     Sample sample = (Sample) value;
 *     out.put(sample.link());
 *     NAME.put(sample.name(), out);
 * }
 *
 * Object read(TraceCursor in) {
 *     return new Sample(in.number(), (Text) NAME.read(in));
 * }
 * }</pre>
 *
 * where {@code NAME}, the form of a field that is no number, is a constant of the class.
 */
final class RecordForm {
    private static final ClassDesc FORM = described(Form.class);
    private static final ClassDesc FIELDS = described(Fields.class);
    private static final ClassDesc CURSOR = described(TraceCursor.class);
    private static final ClassDesc ANY = ConstantDescs.CD_Object;
    private static final MethodTypeDesc NOTHING_GIVEN = ConstantDescs.MTD_void;
    private static final MethodTypeDesc PUT = MethodTypeDesc.of(ConstantDescs.CD_void, ANY, FIELDS);
    private static final MethodTypeDesc PUT_NUMBER = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long);
    private static final MethodTypeDesc READ = MethodTypeDesc.of(ANY, CURSOR);
    private static final DirectMethodHandleDesc GIVEN =
            ConstantDescs.ofConstantBootstrap(described(MethodHandles.class), "classDataAt", ANY, ConstantDescs.CD_int);

    private final ClassDesc type;
    private final RecordComponent[] components;
    private final List<Form> forms = new ArrayList<>();

    private RecordForm(Class<?> type) {
        this.type = described(type);
        components = type.getRecordComponents();
        for (RecordComponent component : components) {
            if (!isNumber(component)) {
                forms.add(Form.of(component.getGenericType()));
            }
        }
    }

    static Form of(Class<?> type) {
        if (!Modifier.isPublic(type.getModifiers())) {
            throw new IllegalArgumentException(type.getName() + " has to be public, for its fields to be read");
        }
        RecordForm form = new RecordForm(type);
        ClassDesc name = ClassDesc.of(RecordForm.class.getPackageName(), type.getSimpleName());
        byte[] code = ClassFile.of().build(name, form::write);
        try {
            return (Form) MethodHandles.lookup()
                    .defineHiddenClassWithClassData(code, form.forms, true)
                    .lookupClass()
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException wrong) {
            throw new IllegalStateException("the form of " + type.getName() + " cannot be made", wrong);
        }
    }

    private void write(ClassBuilder form) {
        form.withFlags(Modifier.FINAL)
                .withSuperclass(FORM)
                .withMethodBody(
                        ConstantDescs.INIT_NAME,
                        NOTHING_GIVEN,
                        0,
                        code -> code.aload(0)
                                .invokespecial(FORM, ConstantDescs.INIT_NAME, NOTHING_GIVEN)
                                .return_())
                .withMethodBody("put", PUT, 0, this::put)
                .withMethodBody("read", READ, 0, this::read);
    }

    private void put(CodeBuilder code) {
        int value = 1;
        int out = 2;
        int formed = 0;
        code.aload(value).checkcast(type).astore(value);
        for (RecordComponent component : components) {
            ClassDesc field = described(component.getType());
            MethodTypeDesc accessor = MethodTypeDesc.of(field);
            if (isNumber(component)) {
                code.aload(out).aload(value).invokevirtual(type, component.getName(), accessor);
                code.conversion(TypeKind.from(field), TypeKind.LONG).invokeinterface(FIELDS, "put", PUT_NUMBER);
            } else {
                code.loadConstant(form(formed++)).aload(value).invokevirtual(type, component.getName(), accessor);
                box(code, component);
                code.aload(out).invokevirtual(FORM, "put", PUT);
            }
        }
        code.return_();
    }

    private void read(CodeBuilder code) {
        int in = 1;
        int formed = 0;
        code.new_(type).dup();
        for (RecordComponent component : components) {
            if (component.getType() == long.class) {
                code.aload(in).invokevirtual(CURSOR, "number", MethodTypeDesc.of(ConstantDescs.CD_long));
            } else if (component.getType() == int.class) {
                code.aload(in).invokevirtual(CURSOR, "integer", MethodTypeDesc.of(ConstantDescs.CD_int));
            } else {
                code.loadConstant(form(formed++)).aload(in).invokevirtual(FORM, "read", READ);
                unbox(code, component);
            }
        }
        List<ClassDesc> fields =
                Stream.of(components).map(it -> described(it.getType())).toList();
        code.invokespecial(type, ConstantDescs.INIT_NAME, MethodTypeDesc.of(ConstantDescs.CD_void, fields))
                .areturn();
    }

    /** A flag is the only primitive type that is no number. */
    private static void box(CodeBuilder code, RecordComponent component) {
        if (component.getType() == boolean.class) {
            code.invokestatic(
                    ConstantDescs.CD_Boolean,
                    "valueOf",
                    MethodTypeDesc.of(ConstantDescs.CD_Boolean, ConstantDescs.CD_boolean));
        }
    }

    private static void unbox(CodeBuilder code, RecordComponent component) {
        if (component.getType() == boolean.class) {
            code.checkcast(ConstantDescs.CD_Boolean)
                    .invokevirtual(
                            ConstantDescs.CD_Boolean, "booleanValue", MethodTypeDesc.of(ConstantDescs.CD_boolean));
        } else {
            code.checkcast(described(component.getType()));
        }
    }

    /** One of those that the class is given as it is defined: to the compiler a constant, whose own code it can put in the place of a call. */
    private static DynamicConstantDesc<Form> form(int number) {
        return DynamicConstantDesc.ofNamed(GIVEN, ConstantDescs.DEFAULT_NAME, FORM, number);
    }

    private static boolean isNumber(RecordComponent component) {
        return component.getType() == long.class || component.getType() == int.class;
    }

    private static ClassDesc described(Class<?> type) {
        return ClassDesc.ofDescriptor(type.descriptorString());
    }
}
