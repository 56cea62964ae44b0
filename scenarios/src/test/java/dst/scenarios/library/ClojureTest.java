package dst.scenarios.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import clojure.java.api.Clojure;
import clojure.lang.IFn;
import clojure.lang.Namespace;
import clojure.lang.RT;
import clojure.lang.Symbol;
import clojure.lang.Var;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The tests that are written in Clojure, each by its name. */
final class ClojureTest {
    private static final List<String> NAMESPACES = List.of(
            "dst.harness.generator-test",
            "dst.harness.checker-test",
            "dst.harness.history-test",
            "dst.scenarios.edn.workload-test");

    private static final IFn REQUIRE = Clojure.var("clojure.core", "require");

    @TestFactory
    List<DynamicTest> clojure() {
        REQUIRE.invoke(Clojure.read("clojure.test"));
        List<DynamicTest> tests = new ArrayList<>();
        for (String namespace : NAMESPACES) {
            REQUIRE.invoke(Clojure.read(namespace));
            int before = tests.size();
            for (Object entry : Objects.requireNonNull(Namespace.find(Symbol.intern(namespace)))
                    .getMappings()) {
                if (((Map.Entry<?, ?>) entry).getValue() instanceof Var var
                        && var.ns.name.getName().equals(namespace)
                        && RT.get(var.meta(), Clojure.read(":test")) != null) {
                    tests.add(DynamicTest.dynamicTest(var.sym.getName(), () -> run(var)));
                }
            }
            assertFalse(tests.size() == before, namespace + " has no test");
        }
        return tests;
    }

    private static void run(Var test) {
        StringWriter said = new StringWriter();
        Var counters = (Var) Clojure.var("clojure.test", "*report-counters*");
        Var out = (Var) Clojure.var("clojure.test", "*test-out*");
        Object ref = Clojure.var("clojure.core", "ref").invoke(Clojure.read("{:test 0 :pass 0 :fail 0 :error 0}"));
        Var.pushThreadBindings(RT.map(counters, ref, out, said));
        try {
            Clojure.var("clojure.test", "test-var").invoke(test);
            Object counts = Clojure.var("clojure.core", "deref").invoke(ref);
            assertEquals(0L, RT.get(counts, Clojure.read(":fail")), said::toString);
            assertEquals(0L, RT.get(counts, Clojure.read(":error")), said::toString);
            assertFalse(Long.valueOf(0).equals(RT.get(counts, Clojure.read(":pass"))), "nothing was tested");
        } finally {
            Var.popThreadBindings();
        }
    }
}
