package dst.scenarios.planting;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Class files by name, as they were compiled, and the members in them. */
final class ClassFiles {
    /** Of each package, those that its classes name: the same for all, since none of them changes. */
    private static final Map<String, Set<String>> SEEN = new ConcurrentHashMap<>();

    private final ClassLoader source;
    private final Map<String, ClassModel> parsed = new HashMap<>();

    ClassFiles(ClassLoader source) {
        this.source = source;
    }

    /** Of these packages all that see a class of that one, over however many others, and that one. */
    Set<String> seeing(String packageName, Set<String> among) {
        Set<String> seeing = new TreeSet<>(Set.of(packageName));
        int before = 0;
        while (before < seeing.size()) {
            before = seeing.size();
            for (String each : among) {
                if (!Collections.disjoint(seenFrom(each), seeing)) {
                    seeing.add(each);
                }
            }
        }
        return seeing;
    }

    /** The packages whose classes those of that package name. */
    private Set<String> seenFrom(String packageName) {
        return SEEN.computeIfAbsent(packageName, _ -> {
            Set<String> seen = new TreeSet<>();
            for (String name : MachineClasses.namesOf(packageName)) {
                for (PoolEntry entry :
                        ClassFile.of().parse(bytes(name).orElseThrow()).constantPool()) {
                    if (entry instanceof ClassEntry type) {
                        seen.add(MachineClasses.packageOf(type.asInternalName().replace('/', '.')));
                    }
                }
            }
            return seen;
        });
    }

    /** A member found by its name, in the class or above it. */
    record Found<M>(ClassDesc owner, M member, boolean ofInterface) {}

    Optional<byte[]> bytes(String className) {
        try (InputStream in = source.getResourceAsStream(className.replace('.', '/') + ".class")) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    Optional<Found<FieldModel>> field(ClassDesc owner, String name) {
        return search(
                owner,
                type -> type.fields().stream()
                        .filter(field -> field.fieldName().equalsString(name))
                        .findFirst());
    }

    /** A method with that many parameters. */
    Optional<Found<MethodModel>> method(ClassDesc owner, String name, int parameters) {
        return search(
                owner,
                type -> type.methods().stream()
                        .filter(method -> method.methodName().equalsString(name)
                                && method.methodTypeSymbol().parameterCount() == parameters
                                && !method.flags().has(AccessFlag.BRIDGE))
                        .findFirst());
    }

    private <M> Optional<Found<M>> search(ClassDesc owner, Function<ClassModel, Optional<M>> find) {
        Optional<ClassModel> model = model(className(owner));
        if (model.isEmpty()) {
            return Optional.empty();
        }
        Optional<M> member = find.apply(model.get());
        if (member.isPresent()) {
            return Optional.of(
                    new Found<>(owner, member.get(), model.get().flags().has(AccessFlag.INTERFACE)));
        }
        Optional<Found<M>> above =
                model.get().superclass().map(ClassEntry::asSymbol).flatMap(type -> search(type, find));
        for (ClassEntry type : model.get().interfaces()) {
            above = above.or(() -> search(type.asSymbol(), find));
        }
        return above;
    }

    private Optional<ClassModel> model(String className) {
        ClassModel known = parsed.get(className);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<ClassModel> model =
                bytes(className).map(bytes -> ClassFile.of().parse(bytes));
        model.ifPresent(found -> parsed.put(className, found));
        return model;
    }

    static String className(ClassDesc type) {
        String descriptor = type.descriptorString();
        return descriptor.substring(1, descriptor.length() - 1).replace('/', '.');
    }
}
