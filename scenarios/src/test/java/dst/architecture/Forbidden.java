package dst.architecture;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.NameAndTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Names that would make a run depend on more than code and plan. Read from class files: what the source imports does not matter. */
final class Forbidden {
    private static final String TIME = "time is a number passed in";
    private static final String THREADS = "one thread owns a world";
    private static final String CHANCE = "randomness is the project's own generator, split by name";
    private static final String ORDER = "its order is not fixed: use LinkedHashMap, LinkedHashSet, TreeMap or a list";
    private static final String LOCALE = "the default locale differs between machines: say which";
    private static final String CHARSET = "the default charset differs between machines: say which";
    private static final String SURROUNDINGS = "what a run depends on stands in its plan";
    private static final String OUTSIDE = "files, sockets and logs belong to the hosts";

    /** A type forbidden whole: the name is that of a class, or of a package and all below it if it ends with a slash. */
    private record Type(String name, String reason) {
        boolean matches(String type) {
            return name.endsWith("/") ? type.startsWith(name) : type.equals(name) || type.startsWith(name + "$");
        }
    }

    /** A method forbidden where its descriptor is one of those meant. An owner that ends with a slash is a package. */
    private record Method(String owner, String name, Predicate<String> descriptor, String reason) {
        static Method any(String owner, String name, String reason) {
            return new Method(owner, name, _ -> true, reason);
        }

        boolean matches(MemberRefEntry member) {
            String of = member.owner().asInternalName();
            return (owner.endsWith("/") ? of.startsWith(owner) : of.equals(owner))
                    && member.name().equalsString(name)
                    && descriptor.test(member.type().stringValue());
        }
    }

    private static final List<Type> TYPES = List.of(
            new Type("java/lang/Thread", THREADS),
            new Type("java/lang/ThreadLocal", THREADS),
            new Type("java/util/Timer", THREADS),
            new Type("java/util/concurrent/", THREADS),
            new Type("io/netty/util/concurrent/", THREADS),
            new Type("java/util/Random", CHANCE),
            new Type("java/util/SplittableRandom", CHANCE),
            new Type("java/util/random/", CHANCE),
            new Type("java/security/SecureRandom", CHANCE),
            new Type("java/time/Clock", TIME),
            new Type("java/util/IdentityHashMap", ORDER),
            new Type("java/util/WeakHashMap", ORDER),
            new Type("java/util/Hashtable", ORDER),
            new Type("java/io/", OUTSIDE),
            new Type("java/net/", OUTSIDE),
            new Type("java/nio/file/", OUTSIDE),
            new Type("java/nio/channels/", OUTSIDE),
            new Type("java/util/logging/", OUTSIDE),
            new Type("java/lang/System$Logger", OUTSIDE),
            new Type("org/slf4j/", OUTSIDE));

    private static final List<Method> METHODS = List.of(
            Method.any("java/lang/System", "currentTimeMillis", TIME),
            Method.any("java/lang/System", "nanoTime", TIME),
            Method.any("java/time/", "now", TIME),
            Method.any("java/lang/System", "identityHashCode", "an identity hash differs between runs"),
            Method.any("java/lang/System", "getenv", SURROUNDINGS),
            Method.any("java/lang/System", "getProperty", SURROUNDINGS),
            Method.any("java/lang/Math", "random", CHANCE),
            Method.any("java/lang/StrictMath", "random", CHANCE),
            Method.any("java/util/UUID", "randomUUID", CHANCE),
            Method.any("java/util/Collections", "shuffle", CHANCE),
            Method.any("java/util/HashMap", "<init>", ORDER),
            Method.any("java/util/HashMap", "newHashMap", ORDER),
            Method.any("java/util/HashSet", "<init>", ORDER),
            Method.any("java/util/HashSet", "newHashSet", ORDER),
            // Set.of and Map.of draw their order anew in each JVM; with one element or none there is no order.
            new Method("java/util/Set", "of", parameters -> moreThan(1, parameters), ORDER),
            new Method("java/util/Map", "of", parameters -> moreThan(2, parameters), ORDER),
            Method.any("java/util/Map", "ofEntries", ORDER),
            Method.any("java/util/Map", "copyOf", ORDER),
            Method.any("java/util/Set", "copyOf", ORDER),
            Method.any("java/util/stream/Collectors", "toSet", ORDER),
            Method.any("java/util/stream/Collectors", "toUnmodifiableSet", ORDER),
            Method.any("java/util/stream/Collectors", "toUnmodifiableMap", ORDER),
            new Method("java/util/stream/Collectors", "toMap", parameters -> !moreThan(3, parameters), ORDER),
            new Method("java/util/stream/Collectors", "groupingBy", parameters -> !moreThan(2, parameters), ORDER),
            new Method(
                    "java/lang/String", "format", parameters -> !parameters.startsWith("(Ljava/util/Locale;"), LOCALE),
            Method.any("java/lang/String", "formatted", LOCALE),
            new Method("java/lang/String", "toLowerCase", parameters -> parameters.startsWith("()"), LOCALE),
            new Method("java/lang/String", "toUpperCase", parameters -> parameters.startsWith("()"), LOCALE),
            Method.any("java/util/Locale", "getDefault", LOCALE),
            new Method("java/lang/String", "getBytes", parameters -> !parameters.contains("/"), CHARSET),
            new Method(
                    "java/lang/String",
                    "<init>",
                    parameters -> parameters.equals("([B)V") || parameters.equals("([BII)V"),
                    CHARSET),
            Method.any("java/nio/charset/Charset", "defaultCharset", CHARSET));

    private static final Pattern CLASS_IN_DESCRIPTOR = Pattern.compile("L([^;]+);");

    private Forbidden() {}

    /** Each forbidden name in the class file with the reason, in one line; empty when there is none. */
    static List<String> names(byte[] classFile) {
        ClassModel model = ClassFile.of().parse(classFile);
        String in = model.thisClass().asInternalName().replace('/', '.');
        List<String> found = new ArrayList<>();
        for (PoolEntry entry : model.constantPool()) {
            switch (entry) {
                case ClassEntry type -> type(type.asInternalName(), in, found);
                case MemberRefEntry member -> member(member, in, found);
                case NameAndTypeEntry use -> descriptor(use.type().stringValue(), in, found);
                default -> {}
            }
        }
        model.methods().forEach(method -> descriptor(method.methodType().stringValue(), in, found));
        for (FieldModel field : model.fields()) {
            descriptor(field.fieldType().stringValue(), in, found);
            if (field.flags().has(AccessFlag.STATIC) && !field.flags().has(AccessFlag.FINAL)) {
                found.add(in + ": static field " + field.fieldName() + " is not final: runs would see each other");
            }
        }
        return found.stream().distinct().toList();
    }

    private static void descriptor(String descriptor, String in, List<String> found) {
        CLASS_IN_DESCRIPTOR.matcher(descriptor).results().forEach(type -> type(type.group(1), in, found));
    }

    private static void type(String name, String in, List<String> found) {
        TYPES.stream()
                .filter(forbidden -> forbidden.matches(name))
                .map(forbidden -> in + ": " + name.replace('/', '.') + ": " + forbidden.reason())
                .forEach(found::add);
    }

    private static void member(MemberRefEntry member, String in, List<String> found) {
        METHODS.stream()
                .filter(forbidden -> forbidden.matches(member))
                .map(forbidden -> in + ": " + member.owner().asInternalName().replace('/', '.') + "."
                        + member.name().stringValue() + ": " + forbidden.reason())
                .forEach(found::add);
    }

    private static boolean moreThan(int parameters, String descriptor) {
        // An array stands for any number.
        return descriptor.startsWith("([")
                || descriptor
                                .substring(0, descriptor.indexOf(')'))
                                .chars()
                                .filter(c -> c == ';')
                                .count()
                        > parameters;
    }
}
