package dst.scenarios.generated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Side;
import dst.scenarios.planting.MachineClasses;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class GeneratorTest {
    private static final Set<String> SMALL = Set.of("dst.nbd.lending");

    @Test
    void everyPackageOfAMachineHasMutationsOfEveryKind() {
        List<Mutation> all = new Generator().all(MachineClasses.packages());
        Set<String> kinds = new TreeSet<>();
        Set<String> packages = new TreeSet<>();
        Set<String> ids = new HashSet<>();
        for (Mutation one : all) {
            kinds.add(one.kind());
            packages.add(one.packageName());
            assertTrue(ids.add(one.id()), one.id());
        }
        assertEquals(MachineClasses.packages(), packages);
        assertTrue(
                kinds.containsAll(List.of(
                        "ConditionalsBoundary",
                        "NegateConditionals",
                        "VoidMethodCall",
                        "NonVoidMethodCall",
                        "InlineConstant",
                        "Increments",
                        "RemoveIncrements",
                        "Math",
                        "MemberVariable",
                        "BooleanTrueReturnVals",
                        "PrimitiveReturns",
                        "SwappedArguments")),
                kinds.toString());
    }

    @Test
    void whatBothSidesHaveIsMutatedForEach() {
        List<Mutation> wire = new Generator().all(Set.of("dst.protocol.wire"));
        long clients = wire.stream().filter(one -> one.side() == Side.CLIENT).count();
        assertEquals(wire.size(), 2 * clients);
    }

    @Test
    void aSampleIsTheSameForTheSameSeedAndAnotherForAnother() {
        List<Mutation> all = new Generator().all(MachineClasses.packages());
        List<Mutation> sample = Generator.sample(all, 50, 7);
        assertEquals(sample, Generator.sample(new Generator().all(MachineClasses.packages()), 50, 7));
        assertEquals(50, new HashSet<>(sample).size());
        assertFalse(sample.equals(Generator.sample(all, 50, 8)));
        assertEquals(sample, Generator.sample(all, 60, 7).subList(0, 50));
    }

    @Test
    void eachMutationChangesItsClass() throws IOException {
        Generator generator = new Generator();
        for (Mutation one : Generator.sample(generator.all(SMALL), 40, 1)) {
            assertFalse(Arrays.equals(original(one.className()), generator.bytes(one)), one.id());
        }
    }

    private static byte[] original(String name) throws IOException {
        try (InputStream in = Mutation.class.getResourceAsStream("/" + name.replace('.', '/') + ".class")) {
            return in.readAllBytes();
        }
    }
}
