package dst.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.architecture.Planted.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ForbiddenTest {
    /** Every one of these must be caught. */
    private static final List<String> GUILTY = List.of(
            "Object o = System.currentTimeMillis();",
            "Object o = System.nanoTime();",
            "java.util.function.LongSupplier o = System::nanoTime;",
            "Object o = java.time.Instant.now();",
            "Object o = java.time.LocalDate.now();",
            "Object o = java.time.Clock.systemUTC();",
            "Object o = Thread.currentThread();",
            "Object o = new ThreadLocal<String>();",
            "Object o = new java.util.concurrent.locks.ReentrantLock();",
            "Object o = new java.util.concurrent.ConcurrentHashMap<String, String>();",
            "Object o = new io.netty.util.concurrent.FastThreadLocal<String>();",
            "Object o = new java.util.Random(1);",
            "Object o = Math.random();",
            "Object o = java.util.concurrent.ThreadLocalRandom.current();",
            "Object o = java.util.random.RandomGenerator.getDefault();",
            "Object o = new java.util.SplittableRandom(1);",
            "Object o = new java.security.SecureRandom();",
            "Object o = java.util.UUID.randomUUID();",
            "{ java.util.Collections.shuffle(new java.util.ArrayList<String>()); }",
            "Object o = System.identityHashCode(this);",
            "Object o = System.getenv(\"HOME\");",
            "Object o = System.getProperty(\"user.home\");",
            "Object o = new java.util.HashMap<String, String>();",
            "java.util.function.Supplier<Object> o = java.util.HashMap::new;",
            "Object o = new java.util.HashSet<String>();",
            "Object o = new java.util.IdentityHashMap<String, String>();",
            "Object o = java.util.Set.of(1, 2);",
            "Object o = java.util.Set.of(new Integer[] {1, 2});",
            "Object o = java.util.Map.of(1, 2, 3, 4);",
            "Object o = java.util.Map.copyOf(new java.util.TreeMap<String, String>());",
            "Object o = java.util.stream.Stream.of(1).collect(java.util.stream.Collectors.toSet());",
            "Object o = java.util.stream.Stream.of(1).collect(java.util.stream.Collectors.toMap(k -> k, v -> v));",
            "Object o = java.util.stream.Stream.of(1).collect(java.util.stream.Collectors.groupingBy(k -> k));",
            "Object o = String.format(\"%d\", 1);",
            "Object o = \"%d\".formatted(1);",
            "Object o = \"A\".toLowerCase();",
            "Object o = \"a\".toUpperCase();",
            "Object o = java.util.Locale.getDefault();",
            "Object o = \"a\".getBytes();",
            "Object o = new String(new byte[1]);",
            "Object o = new String(new byte[1], 0, 1);",
            "Object o = java.nio.charset.Charset.defaultCharset();",
            "Object o = System.out;",
            "java.io.File field;",
            "void method(java.nio.file.Path parameter) {}",
            "Object o = new java.io.ByteArrayOutputStream();",
            "Object o = java.nio.file.Path.of(\"a\");",
            "Object o = java.net.InetAddress.getLoopbackAddress();",
            "Object o = java.util.logging.Logger.getGlobal();",
            "{ java.nio.channels.Selector.class.getName(); }",
            "static int counter;",
            "private static Object cache = \"\";");

    /** None of these may be accused. */
    private static final List<String> INNOCENT = List.of(
            "Object o = new java.util.LinkedHashMap<String, String>();",
            "Object o = new java.util.LinkedHashSet<String>();",
            "Object o = new java.util.TreeMap<String, String>();",
            "Object o = new io.netty.util.collection.LongObjectHashMap<String>();",
            "Object o = java.util.Set.of();",
            "Object o = java.util.Set.of(1);",
            "Object o = java.util.Map.of(1, 2);",
            "Object o = java.util.List.of(1, 2, 3);",
            "Object o = String.format(java.util.Locale.ROOT, \"%d\", 1);",
            "Object o = \"A\".toLowerCase(java.util.Locale.ROOT);",
            "Object o = \"a\".getBytes(java.nio.charset.StandardCharsets.UTF_8);",
            "Object o = new String(new byte[1], java.nio.charset.StandardCharsets.UTF_8);",
            "static final int LIMIT = 1; static { assert LIMIT > 0; }",
            "enum Side { CLIENT, SERVER } Object o(Side s) { return switch (s) { case CLIENT -> 1; case SERVER -> 2; }; }",
            "record Pair(int a, String b) {} Object o = new Pair(1, \"\").toString() + 1;",
            "Object o = io.netty.buffer.Unpooled.buffer();");

    @Test
    void protocolAndSimNameNothingThatIsForbidden() {
        assertEquals(
                List.of(),
                Stream.of("protocol", "sim")
                        .flatMap(module -> names(Tree.classes(module)).stream())
                        .toList());
    }

    @Test
    void everyPlantedNameIsCaught(@TempDir Path scratch) throws IOException {
        Path classes = Planted.compile(scratch, sources(GUILTY));
        List<String> missed = new ArrayList<>();
        for (int i = 0; i < GUILTY.size(); i++) {
            if (Forbidden.names(Files.readAllBytes(classes.resolve("planted/C" + i + ".class")))
                    .isEmpty()) {
                missed.add(GUILTY.get(i));
            }
        }
        assertEquals(List.of(), missed);
    }

    @Test
    void theMessageNamesTheClassTheNameAndTheReason(@TempDir Path scratch) throws IOException {
        List<String> said = names(Planted.compile(scratch, sources(List.of("Object o = System.nanoTime();"))));

        assertEquals(List.of("planted.C0: java.lang.System.nanoTime: time is a number passed in"), said);
    }

    @Test
    void noInnocentNameIsAccused(@TempDir Path scratch) throws IOException {
        assertEquals(List.of(), names(Planted.compile(scratch, sources(INNOCENT))));
    }

    @Test
    void thereIsSomethingToRead() {
        assertFalse(Tree.files(Tree.classes("protocol")).isEmpty());
        assertTrue(Tree.files(Tree.classes("sim")).stream()
                .anyMatch(file -> file.toString().endsWith(".class")));
    }

    private static List<String> names(Path classes) {
        return Tree.files(classes).stream()
                .filter(file -> file.toString().endsWith(".class"))
                .flatMap(file -> {
                    try {
                        return Forbidden.names(Files.readAllBytes(file)).stream();
                    } catch (IOException unreadable) {
                        throw new UncheckedIOException(unreadable);
                    }
                })
                .toList();
    }

    private static List<Source> sources(List<String> bodies) {
        List<Source> sources = new ArrayList<>();
        for (int i = 0; i < bodies.size(); i++) {
            sources.add(Source.of("planted", "C" + i, "final class C" + i + " { " + bodies.get(i) + " }"));
        }
        return sources;
    }
}
