package dst.protocol.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dst.protocol.Access;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.Permission;
import dst.protocol.Prng;
import dst.protocol.ServerInput;
import dst.protocol.ServerSettings;
import dst.protocol.Unique;
import dst.protocol.wire.Keepalive;
import dst.protocol.wire.Settled;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.collection.LongObjectHashMap;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The digest of a server speaks of every field: in servers that have come far, each field that there is gets another value, and
 * the digest is another one. What is left out decides nothing, and says here why.
 */
class StateDigestTest {
    private static final Map<String, String> LEFT_OUT = Map.ofEntries(
            Map.entry("Server.now", "given anew with each step"),
            Map.entry("Outbox.outputs", "of one step"),
            Map.entry("Outbox.encoder", "has no state"),
            Map.entry("Store.freed", "empty between steps"),
            Map.entry("Attachment.freshlySettled", "begun anew with each set"),
            Map.entry("Store.order", "told by the place that each task has in it"),
            Map.entry("Memory.most", "a setting"),
            Map.entry("Epochs.sharedMax", "a setting"),
            Map.entry("Links.settings", "a setting"),
            Map.entry("Task.request", "told part by part; it does not change"),
            Map.entry("Store.disk", "a name"),
            Map.entry("Link.decoder", "has a test of its own"));

    /** Each field in so many states. */
    private static final int OFTEN = 25;

    private final Set<String> seen = new TreeSet<>();
    private final Map<String, Integer> changes = new TreeMap<>();
    private final Set<String> there = new TreeSet<>();
    private final Map<Object, Boolean> visited = new IdentityHashMap<>();
    private Server server = new LoneServer().server;

    @Test
    void everyFieldOfAServerIsInItsDigest() throws ReflectiveOperationException {
        Prng seeds = new Prng(3);
        for (int i = 0; i < 60; i++) {
            LoneServer lone = new LoneServer(new ServerSettings(20, 20, 20, i % 2 == 0 ? 5_000 : 1 << 30));
            lone.step(new ServerInput.DiskOpened(0, lone.boot, BootCause.STARTED));
            ServerWalk walk = new ServerWalk(lone, seeds.next());
            server = lone.server;
            for (int steps = 1; steps < 400; steps++) {
                walk.step();
                if (steps % 50 == 0) {
                    visited.clear();
                    visit(server);
                }
            }
            lone.everythingIsGivenBack();
        }
        there.removeAll(seen);
        there.removeAll(LEFT_OUT.keySet());
        assertEquals(Set.of(), there, "fields that never had a value to change");
    }

    private void visit(Object object) throws ReflectiveOperationException {
        if (isOver(object) || visited.put(object, true) != null) {
            return;
        }
        for (Field field : object.getClass().getDeclaredFields()) {
            String name = object.getClass().getSimpleName() + "." + field.getName();
            if (Modifier.isStatic(field.getModifiers())) {
                continue;
            }
            field.setAccessible(true);
            there.add(name);
            if (LEFT_OUT.containsKey(name)) {
                continue;
            }
            Object value = field.get(object);
            if (value != null) {
                Optional<Object> other = other(value);
                if (other.isPresent() && changes.merge(name, 1, Integer::sum) <= OFTEN) {
                    changed(name, object, field, value, other.get());
                }
                visitParts(name, value);
            }
        }
    }

    /** What only a task knows that still runs for it: nothing more comes of it. */
    private static boolean isOver(Object object) {
        return switch (object) {
            case Link link -> link.closed;
            case Attachment attachment -> !attachment.export.attachments.contains(attachment);
            default -> false;
        };
    }

    private void changed(String name, Object object, Field field, Object value, Object other)
            throws ReflectiveOperationException {
        long before = server.digest();
        field.set(object, other);
        assertNotEquals(before, server.digest(), name + " does not count: " + value + " and " + other);
        field.set(object, value);
        assertEquals(before, server.digest(), name);
        seen.add(name);
    }

    private void visitParts(String name, Object value) throws ReflectiveOperationException {
        switch (value) {
            case LongObjectHashMap<?> map -> {
                for (Object element : map.values()) {
                    seen.add(name);
                    visit(element);
                }
            }
            case Map<?, ?> map -> {
                for (Object element : map.values()) {
                    seen.add(name);
                    visit(element);
                }
            }
            case Collection<?> elements -> {
                for (Object element : new ArrayList<>(elements)) {
                    seen.add(name);
                    if (isOurs(element) && !element.getClass().isRecord()) {
                        visit(element);
                    }
                }
            }
            default -> {
                if (isOurs(value)
                        && !value.getClass().isRecord()
                        && !value.getClass().isEnum()) {
                    seen.add(name);
                    visit(value);
                }
            }
        }
    }

    private static boolean isOurs(Object value) {
        return value.getClass().getPackage() == Server.class.getPackage() || value instanceof Keepalive;
    }

    /** Another value of the same type, for those that are values. */
    private static Optional<Object> other(Object value) {
        return Optional.ofNullable(
                switch (value) {
                    case Boolean flag -> !flag;
                    case Integer number -> number + 1;
                    case Long number -> number + 1;
                    case String text -> text + "!";
                    case Boot boot -> new Boot(boot.counter(), new Unique(7, 7));
                    case Holder holder -> new Holder(holder.epoch(), new Unique(7, 7));
                    case Access access -> access.with("one more", Permission.READ);
                    case Export export ->
                        new Export(
                                export.name(),
                                export.disk(),
                                export.start() + 1,
                                export.device(),
                                export.terms(),
                                export.shared());
                    case Settled settled -> new Settled(settled.mark() + 64, new long[0], new long[0]);
                    case Link.Phase phase -> new Link.Phase.Greeting(77);
                    case Enum<?> constant -> {
                        Object[] all = constant.getDeclaringClass().getEnumConstants();
                        yield all[(constant.ordinal() + 1) % all.length];
                    }
                    case CompositeByteBuf bytes ->
                        Unpooled.compositeBuffer().addComponent(true, Unpooled.copyInt(bytes.readableBytes(), 99));
                    case ByteBuf bytes -> Unpooled.copyInt(bytes.readableBytes(), 99);
                    case List<?> list when !list.isEmpty() -> new ArrayList<>(list.subList(1, list.size()));
                    default -> null;
                });
    }
}
