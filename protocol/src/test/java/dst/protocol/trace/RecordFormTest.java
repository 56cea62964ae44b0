package dst.protocol.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Device;
import dst.protocol.Permission;
import dst.protocol.Unique;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RecordFormTest {
    @Property(tries = 50)
    void putsWhatReflectionFindsInTheOrderOfTheDeclaration(@ForAll long seed) {
        Random random = new Random(seed);
        for (Class<?> type : Vocabulary.PRESENT.types()) {
            Object value = AnyValue.of(type, random);
            Noted noted = new Noted();
            Shape.of(type).put(value, noted);
            assertEquals(found(value), noted.all, value::toString);
        }
    }

    @Property(tries = 50)
    void readsWhatItPut(@ForAll long seed) {
        Random random = new Random(seed);
        for (Class<?> type : Vocabulary.PRESENT.types()) {
            Object value = AnyValue.of(type, random);
            TraceCursor cursor = cursor(value);
            Object read = Shape.of(type).read(cursor);
            cursor.close();
            assertTrue(AnyValue.same(value, read), () -> value + " and " + read);
        }
    }

    @Test
    void whatCannotBeIsNotReadAndTheRecordSaysWhy() {
        // The fields of a device whose size is no whole number of its blocks.
        TraceCursor cursor = cursor(new Odd(new Unique(1, 2), 4097, 4096, Permission.READ));
        IllegalArgumentException impossible = assertThrows(
                IllegalArgumentException.class, () -> Shape.of(Device.class).read(cursor));
        assertEquals("size 4097 is not a whole number of blocks of 4096", impossible.getMessage());
    }

    @Test
    void aRecordThatOthersCannotSeeIsRefusedByName() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> Shape.of(Hidden.class));
        assertEquals(Hidden.class.getName() + " has to be public, for its fields to be read", refused.getMessage());
    }

    public record Odd(Unique id, long size, int blockSize, Permission permission) {}

    private record Hidden(long number) {}

    private static TraceCursor cursor(Object value) {
        TraceFields fields = new TraceFields();
        Shape.of(value.getClass()).put(value, fields);
        byte[] record = Arrays.copyOfRange(fields.bytes(), TraceWriter.RECORD_HEAD, fields.end());
        TraceCursor cursor = new TraceCursor(Vocabulary.PRESENT);
        cursor.open(record, record.length);
        return cursor;
    }

    /** Everything that is put, in order; bytes as digits. */
    private static final class Noted implements Fields {
        private final List<Object> all = new ArrayList<>();

        @Override
        public Shape type(Class<?> type) {
            all.add(type);
            return Shape.of(type);
        }

        @Override
        public void put(long value) {
            all.add(value);
        }

        @Override
        public void put(String text) {
            all.add(text);
        }

        @Override
        public void put(byte[] content) {
            all.add(HexFormat.of().formatHex(content));
        }

        @Override
        public void put(ByteBuf content) {
            all.add(ByteBufUtil.hexDump(content));
        }
    }

    private static List<Object> found(Object value) {
        List<Object> all = new ArrayList<>();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            try {
                Object field = component.getAccessor().invoke(value);
                if (component.getType().isSealed()) {
                    all.add(field.getClass());
                }
                find(field, all);
            } catch (ReflectiveOperationException wrong) {
                throw new AssertionError(wrong);
            }
        }
        return all;
    }

    private static void find(Object field, List<Object> all) {
        switch (field) {
            case Long number -> all.add(number);
            case Integer number -> all.add((long) number);
            case Boolean flag -> all.add(flag ? 1L : 0L);
            case Enum<?> constant -> all.add((long) constant.ordinal());
            case String text -> all.add(text);
            case byte[] bytes -> all.add(HexFormat.of().formatHex(bytes));
            case ByteBuf bytes -> all.add(ByteBufUtil.hexDump(bytes));
            case Record inner -> all.addAll(found(inner));
            case List<?> listed -> {
                all.add((long) listed.size());
                listed.forEach(one -> find(one, all));
            }
            case Map<?, ?> mapped -> {
                all.add((long) mapped.size());
                mapped.forEach((key, one) -> {
                    find(key, all);
                    find(one, all);
                });
            }
            default -> throw new AssertionError(field.getClass());
        }
    }
}
