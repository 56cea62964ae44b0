package dst.scenarios.shrink;

import dst.reports.Blame;
import dst.reports.Expectation;
import dst.reports.Story;
import dst.scenarios.store.RunFolder;
import dst.scenarios.trial.SystemUnderTest;
import dst.sim.Plan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A plan that fails, and in which way. */
public record Failing(SystemUnderTest system, Plan plan, Optional<Expectation> expected, String fingerprint) {
    /** So long a failure is made smaller, unless somebody says otherwise. */
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Whether another plan fails in the same way: the same rule by the same side, and the same happened. */
    public boolean alike(Plan other) {
        return system.run(other, expected)
                .judgement()
                .blame()
                .map(Blame::fingerprint)
                .filter(fingerprint::equals)
                .isPresent();
    }

    /** As {@link #shrink}, but what is left speaks of the same operation: smaller ones may fail so with another. */
    Shrinker.Shrunk shrinkAbout(Optional<String> about, BooleanSupplier goesOn) {
        return Shrinker.shrink(
                plan,
                other -> system.run(other, expected)
                        .judgement()
                        .blame()
                        .filter(blame -> blame.fingerprint().equals(fingerprint)
                                && blame.about().equals(about))
                        .isPresent(),
                goesOn,
                _ -> {});
    }

    public Shrinker.Shrunk shrink(BooleanSupplier goesOn, Consumer<Plan> smaller) {
        return Shrinker.shrink(plan, this::alike, goesOn, smaller);
    }

    /** Writes a plan that fails so, made small; it begins with what happens in it. */
    public RunFolder.Written write(Path folder, Plan small) {
        RunFolder.Written written = RunFolder.writeAt(folder, small, system, expected);
        List<String> lines =
                new ArrayList<>(Story.tell(written.report(), false).lines().toList());
        List<Switch> odd = Switches.of(small);
        if (!odd.isEmpty()) {
            lines.add("");
            lines.add("Out of the ordinary, and needed:");
            odd.forEach(each -> lines.add("  " + each.what()));
        }
        String head = lines.stream().map(line -> (";; " + line).strip() + "\n").collect(Collectors.joining());
        return RunFolder.writeAt(folder, small, system, expected, head + ";;\n");
    }

    /** How much there is in a plan, for people. */
    public static String size(Plan plan) {
        return counted(plan.operations().size(), "operation") + ", "
                + counted(plan.faults().size(), "fault")
                + nodes(plan);
    }

    /** A world with one of each kind is not worth a word. */
    private static String nodes(Plan plan) {
        Map<String, Long> kinds = new LinkedHashMap<>();
        plan.nodes().forEach(node -> kinds.merge(node.kind(), 1L, Long::sum));
        return kinds.entrySet().stream()
                .filter(kind -> kind.getValue() > 1)
                .map(kind -> ", " + kind.getValue() + " " + kind.getKey() + "s")
                .collect(Collectors.joining());
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
