package dst.scenarios.generated;

import dst.protocol.Prng;
import dst.protocol.Side;
import dst.scenarios.planting.MachineClasses;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.pitest.classinfo.ClassName;
import org.pitest.classpath.ClassloaderByteArraySource;
import org.pitest.mutationtest.engine.Location;
import org.pitest.mutationtest.engine.MutationDetails;
import org.pitest.mutationtest.engine.MutationIdentifier;
import org.pitest.mutationtest.engine.gregor.GregorMutater;
import org.pitest.mutationtest.engine.gregor.MethodInfo;
import org.pitest.mutationtest.engine.gregor.MethodMutatorFactory;
import org.pitest.mutationtest.engine.gregor.mutators.ConditionalsBoundaryMutator;
import org.pitest.mutationtest.engine.gregor.mutators.IncrementsMutator;
import org.pitest.mutationtest.engine.gregor.mutators.InlineConstantMutator;
import org.pitest.mutationtest.engine.gregor.mutators.InvertNegsMutator;
import org.pitest.mutationtest.engine.gregor.mutators.MathMutator;
import org.pitest.mutationtest.engine.gregor.mutators.NegateConditionalsMutator;
import org.pitest.mutationtest.engine.gregor.mutators.NonVoidMethodCallMutator;
import org.pitest.mutationtest.engine.gregor.mutators.VoidMethodCallMutator;
import org.pitest.mutationtest.engine.gregor.mutators.experimental.MemberVariableMutator;
import org.pitest.mutationtest.engine.gregor.mutators.experimental.RemoveIncrementsMutator;
import org.pitest.mutationtest.engine.gregor.mutators.returns.BooleanFalseReturnValsMutator;
import org.pitest.mutationtest.engine.gregor.mutators.returns.BooleanTrueReturnValsMutator;
import org.pitest.mutationtest.engine.gregor.mutators.returns.EmptyObjectReturnValsMutator;
import org.pitest.mutationtest.engine.gregor.mutators.returns.PrimitiveReturnsMutator;

/**
 * Makes mutations out of the machines' class files, by pitest's engine. Which there are depends on the classes alone.
 *
 * <p>Left out is what nobody asks in a simulated run: words for people, and digests of a machine's state.
 */
public final class Generator {
    private static final List<MethodMutatorFactory> MUTATORS = List.of(
            ConditionalsBoundaryMutator.CONDITIONALS_BOUNDARY,
            NegateConditionalsMutator.NEGATE_CONDITIONALS,
            VoidMethodCallMutator.VOID_METHOD_CALLS,
            NonVoidMethodCallMutator.NON_VOID_METHOD_CALLS,
            new InlineConstantMutator(),
            IncrementsMutator.INCREMENTS,
            RemoveIncrementsMutator.REMOVE_INCREMENTS,
            InvertNegsMutator.INVERT_NEGS,
            MathMutator.MATH,
            BooleanTrueReturnValsMutator.TRUE_RETURNS,
            BooleanFalseReturnValsMutator.FALSE_RETURNS,
            PrimitiveReturnsMutator.PRIMITIVE_RETURNS,
            EmptyObjectReturnValsMutator.EMPTY_RETURNS,
            new MemberVariableMutator(),
            new Swapping());

    /** What is for people or for tests alone. */
    private static final Set<String> NOBODY_ASKS = Set.of("toString", "words", "digest", "hashCode");

    private final GregorMutater engine;

    public Generator() {
        this.engine = new GregorMutater(
                new ClassloaderByteArraySource(Generator.class.getClassLoader()), Generator::isMutated, MUTATORS);
    }

    private static boolean isMutated(MethodInfo method) {
        return !NOBODY_ASKS.contains(method.getName());
    }

    /** All of these packages, in an order that is the same everywhere; what both sides have is mutated for each of them. */
    public List<Mutation> all(Set<String> packages) {
        List<Mutation> all = new ArrayList<>();
        for (String name : MachineClasses.names()) {
            if (!packages.contains(MachineClasses.packageOf(name))) {
                continue;
            }
            for (MutationDetails found : engine.findMutations(ClassName.fromString(name))) {
                for (Side side : MachineClasses.sides(name)) {
                    all.add(mutation(side, found));
                }
            }
        }
        all.sort(Comparator.comparing(Mutation::id));
        return all;
    }

    private static Mutation mutation(Side side, MutationDetails found) {
        Location place = found.getId().getLocation();
        return new Mutation(
                side,
                place.getClassName().asJavaName(),
                place.getMethodName() + place.getMethodDesc(),
                found.getFirstIndex(),
                found.getMutator(),
                found.getLineNumber(),
                found.getDescription());
    }

    /** So many of them, as the seed draws them: the same of the same code. */
    public static List<Mutation> sample(List<Mutation> all, int count, long seed) {
        return all.stream()
                .sorted(Comparator.<Mutation>comparingLong(one -> Prng.hash(seed, one.id()))
                        .thenComparing(Mutation::id))
                .limit(count)
                .toList();
    }

    /** Its class with that mutation. */
    public byte[] bytes(Mutation mutation) {
        String method = mutation.method();
        int descriptor = method.indexOf('(');
        Location place = Location.location(
                ClassName.fromString(mutation.className()),
                method.substring(0, descriptor),
                method.substring(descriptor));
        return engine.getMutation(new MutationIdentifier(place, mutation.place(), mutation.mutator()))
                .getBytes();
    }
}
