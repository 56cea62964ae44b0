package dst.protocol.trace;

import dst.nbd.port.Extent;
import dst.nbd.port.NbdExport;
import dst.protocol.Access;
import dst.protocol.Device;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.Permission;
import dst.protocol.Signal;
import dst.protocol.Terms;
import dst.protocol.Unique;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Any boundary value, made from the types themselves, so that none can be forgotten when one is added. */
final class AnyValue {
    private static final List<Class<?>> ROOTS = List.of(Signal.class, WorldEvent.class);

    private AnyValue() {}

    /** Every record that can cross a boundary. */
    static List<Class<?>> types() {
        return Vocabulary.PRESENT.types().stream()
                .filter(type -> ROOTS.stream().anyMatch(root -> root.isAssignableFrom(type)))
                .sorted(Comparator.comparing(Class::getName))
                .toList();
    }

    private static Object of(RecordComponent part, Random random) {
        if (part.getType() != List.class) {
            return of(part.getType(), random);
        }
        Class<?> element = (Class<?>) ((ParameterizedType) part.getGenericType()).getActualTypeArguments()[0];
        return Stream.generate(() -> of(element, random))
                .limit(random.nextInt(4))
                .toList();
    }

    static Object of(Class<?> type, Random random) {
        if (type == long.class) {
            return random.nextLong() >> random.nextInt(64);
        } else if (type == int.class) {
            return random.nextInt() >> random.nextInt(32);
        } else if (type == boolean.class) {
            return random.nextBoolean();
        } else if (type == String.class) {
            return random.ints(random.nextInt(6), 32, 0x2fff)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
        } else if (type == byte[].class) {
            return bytes(random, random.nextInt(40));
        } else if (type == ByteBuf.class) {
            return scattered(random);
        } else if (type == Export.class) {
            Device device = (Device) of(Device.class, random);
            return new Export(
                    (String) of(String.class, random),
                    (int) of(int.class, random),
                    (long) of(long.class, random),
                    device,
                    (Terms) of(Terms.class, random),
                    !device.permission().writes() && random.nextBoolean());
        } else if (type == Access.class) {
            Access access = Access.NOBODY;
            for (int i = random.nextInt(4); i > 0; i--) {
                access = access.with((String) of(String.class, random), (Permission) of(Permission.class, random));
            }
            return access;
        } else if (type == Holder.class) {
            long epoch = (long) of(long.class, random);
            return random.nextBoolean()
                    ? new Holder(epoch, (Unique) of(Unique.class, random))
                    : new Holder(epoch, Unique.NONE, random.nextBoolean());
        } else if (type == Device.class) {
            int blockSize = 1 << random.nextInt(17);
            return new Device(
                    (Unique) of(Unique.class, random),
                    (long) random.nextInt(1 << 20) * blockSize,
                    blockSize,
                    (Permission) of(Permission.class, random));
        } else if (type == NbdExport.class) {
            int preferred = 1 << random.nextInt(20);
            return new NbdExport(
                    (String) of(String.class, random),
                    (String) of(String.class, random),
                    (Device) of(Device.class, random),
                    Integer.highestOneBit(1 + random.nextInt(preferred)),
                    preferred,
                    preferred + random.nextInt(1 << 20),
                    random.nextInt());
        } else if (type == Extent.class) {
            return new Extent(1 + random.nextInt(1 << 20), random.nextBoolean(), random.nextBoolean());
        } else if (type == Terms.class) {
            int largest = 1 + random.nextInt(1 << 20);
            return new Terms(
                    random.nextInt(),
                    random.nextInt(),
                    random.nextInt(),
                    1 + random.nextInt(100_000),
                    largest,
                    1 + random.nextInt(Terms.TRANSACTIONS_MAX),
                    largest + random.nextInt(1 << 20));
        } else if (type.isEnum()) {
            Object[] all = type.getEnumConstants();
            return all[random.nextInt(all.length)];
        } else if (type.isSealed()) {
            Class<?>[] all = type.getPermittedSubclasses();
            return of(all[random.nextInt(all.length)], random);
        }
        return rebuilt(
                type,
                Stream.of(type.getRecordComponents())
                        .map(part -> of(part, random))
                        .toArray());
    }

    /** The same record with one part, at any depth, changed: one for each part. */
    static List<Object> variants(Object value, Random random) {
        List<Object> variants = new ArrayList<>();
        Object[] parts = parts(value);
        for (int i = 0; i < parts.length; i++) {
            for (Object changed : changes(parts[i], value.getClass().getRecordComponents()[i], random)) {
                Object[] copy = parts.clone();
                copy[i] = changed;
                try {
                    variants.add(rebuilt(value.getClass(), copy));
                } catch (IllegalArgumentException impossible) {
                    // A device or terms that cannot be: no such value crosses a boundary.
                }
            }
        }
        return variants;
    }

    private static List<Object> changes(Object part, RecordComponent component, Random random) {
        if (part instanceof Access access) {
            return List.of(access.with("one more", Permission.READ));
        } else if (part instanceof Record) {
            List<Object> changes = variants(part, random);
            if (component.getType().isSealed()) {
                for (Class<?> other : component.getType().getPermittedSubclasses()) {
                    if (other != part.getClass()) {
                        changes.add(of(other, random));
                    }
                }
            }
            return changes;
        }
        Object other = of(component, random);
        for (int i = 0; i < 100 && same(part, other); i++) {
            other = of(component, random);
        }
        return List.of(other);
    }

    private static Object[] parts(Object value) {
        return Stream.of(value.getClass().getRecordComponents())
                .map(part -> {
                    try {
                        return part.getAccessor().invoke(value);
                    } catch (ReflectiveOperationException wrong) {
                        throw new AssertionError(wrong);
                    }
                })
                .toArray();
    }

    private static Object rebuilt(Class<?> type, Object[] parts) {
        try {
            return type.getDeclaredConstructor(Stream.of(type.getRecordComponents())
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new))
                    .newInstance(parts);
        } catch (java.lang.reflect.InvocationTargetException refused) {
            throw new IllegalArgumentException(refused.getCause());
        } catch (ReflectiveOperationException wrong) {
            throw new AssertionError(type.toString(), wrong);
        }
    }

    /** Equality by content, for byte arrays too. */
    static boolean same(Object one, Object other) {
        if (one instanceof byte[] bytes) {
            return java.util.Arrays.equals(bytes, (byte[]) other);
        } else if (one instanceof Record && one.getClass() == other.getClass()) {
            Object[] ones = parts(one);
            Object[] others = parts(other);
            for (int i = 0; i < ones.length; i++) {
                if (!same(ones[i], others[i])) {
                    return false;
                }
            }
            return true;
        }
        return one.equals(other);
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A buffer in pieces, some of it read already. */
    private static ByteBuf scattered(Random random) {
        CompositeByteBuf buffer = new CompositeByteBuf(UnpooledByteBufAllocator.DEFAULT, false, 64);
        int pieces = random.nextInt(4);
        for (int i = 0; i < pieces; i++) {
            byte[] piece = bytes(random, random.nextInt(20));
            ByteBuf part = random.nextBoolean() ? Unpooled.wrappedBuffer(piece) : direct(piece);
            buffer.addComponent(true, part);
        }
        return buffer.skipBytes(random.nextInt(buffer.readableBytes() + 1));
    }

    private static ByteBuf direct(byte[] bytes) {
        return Unpooled.wrappedBuffer(
                ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
    }
}
