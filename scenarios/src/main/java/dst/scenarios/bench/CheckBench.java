package dst.scenarios.bench;

import dst.reports.check.Checked;
import dst.reports.check.Checked.Evidence;
import dst.reports.check.Ledger;
import dst.reports.check.Unknowns;
import dst.scenarios.bench.Overlapping.Breakage;
import dst.scenarios.cli.ExitCode;
import dst.scenarios.cli.WrongInput;
import dst.scenarios.trial.SeriesText;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How long the history checker takes for large histories, sound and broken. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Measures the history checker on large histories of single blocks, sound ones and ones with violations planted.",
            "They are made in memory from a seed, each client with an operation under way at every moment. Making a history does"
                    + " not count; what counts is the time from a history in memory to the verdict.",
            "The heap is the most that the pools of the JVM had in use from the making to the verdict, garbage included; the"
                    + " history is what of it is left after a collection before the judging."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  dst bench check",
            "  dst bench check --operations 100000 --clients 8 --blocks 1",
            "  DST_JAVA_OPTIONS=-Xmx1g dst bench check"
        })
final class CheckBench implements Callable<Integer> {
    private static final String HEADS = "  %-32s %8s %12s %9s %11s %8s   %s";
    private static final String LINES = "  %-32s %8.2f %,12.0f %,9d %,11d %8s   %s";
    private static final int TOLD_MAX = 100;
    private static final int MEBIBYTE_SHIFT = 20;
    private static final double NANOS = 1e9;
    private static final int WARM_UP_OPERATIONS = 200_000;
    private static final int OPERATIONS_MAX = 100_000_000;
    /** What a history takes, and its judging. */
    private static final long HEAP_BYTES_EACH = 75;

    private static final long HEAP_AT_ALL = 64 << 20;

    @Option(
            names = "--operations",
            paramLabel = "N",
            description = "So many operations. Default: 1,000,000 on one block, then 10,000,000 on 1,024.")
    private Optional<Integer> operations = Optional.empty();

    @Option(names = "--clients", paramLabel = "N", description = "So many clients. Default: 64.")
    private int clients = 64;

    @Option(
            names = "--blocks",
            paramLabel = "N",
            description = "On so many blocks. Default: 1 if --operations is given.")
    private Optional<Integer> blocks = Optional.empty();

    @Option(names = "--seed", paramLabel = "N", description = "What the histories are drawn from. Default: 1.")
    private long seed = 1;

    @Spec
    private @SuppressWarnings("NullAway.Init") CommandSpec spec;

    @Override
    public Integer call() {
        WrongInput.unlessPositive(clients, "--clients");
        List<Size> sizes = operations.isPresent() || blocks.isPresent()
                ? List.of(new Size(operations.orElse(1_000_000), blocks.orElse(1)))
                : List.of(new Size(1_000_000, 1), new Size(10_000_000, 1024));
        sizes.forEach(this::check);
        warmUp();
        boolean asExpected = true;
        for (Size size : sizes) {
            asExpected &= measure(size.operations, size.blocks);
        }
        return asExpected ? ExitCode.HOLDS : ExitCode.BROKEN;
    }

    private record Size(int operations, int blocks) {}

    /** Says beforehand what would end in the middle. */
    private void check(Size size) {
        WrongInput.unlessPositive(size.operations, "--operations");
        WrongInput.unlessPositive(size.blocks, "--blocks");
        if (size.operations > OPERATIONS_MAX || size.blocks > size.operations || clients > size.operations) {
            throw new WrongInput("--operations wants at most " + SeriesText.number(OPERATIONS_MAX)
                    + ", and at least as many as there are clients and blocks");
        }
        long needed = HEAP_AT_ALL + size.operations * HEAP_BYTES_EACH;
        if (needed > Runtime.getRuntime().maxMemory()) {
            throw new WrongInput(SeriesText.number(size.operations) + " operations want a heap of "
                    + SeriesText.number(needed >> MEBIBYTE_SHIFT) + " MiB: set DST_JAVA_OPTIONS=-Xmx"
                    + ((needed >> MEBIBYTE_SHIFT) + 256) + "m");
        }
    }

    /** As in a long series of runs, the checker has been compiled before it is measured. */
    private void warmUp() {
        for (int blockCount : new int[] {1, 64, 1, 64}) {
            EnumSet<Breakage> all = EnumSet.allOf(Breakage.class);
            for (Set<Breakage> broken : List.of(EnumSet.noneOf(Breakage.class), all)) {
                Overlapping.history(seed, WARM_UP_OPERATIONS, 64, blockCount, broken)
                        .check(Unknowns.OVER_WHEN_TOLD);
            }
        }
    }

    private boolean measure(int count, int blockCount) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(SeriesText.number(count) + " operations of " + clients + (clients == 1 ? " client" : " clients")
                + " on " + SeriesText.number(blockCount) + (blockCount == 1 ? " block:" : " blocks:"));
        out.println(String.format(
                HEADS, "", "judged", "operations", "history", "heap at", "broken", "operations that prove"));
        out.println(String.format(
                HEADS, "", "in (s)", "a second", "(MiB)", "most (MiB)", "blocks", "the first that shows"));
        boolean asExpected = one(count, blockCount, "sound", EnumSet.noneOf(Breakage.class));
        for (Breakage breakage : Breakage.values()) {
            asExpected &= one(count, blockCount, "with " + breakage.words, EnumSet.of(breakage));
        }
        out.println();
        out.flush();
        return asExpected;
    }

    /** Whether a sound one was found sound, and a broken one broken. */
    private boolean one(int count, int blockCount, String name, Set<Breakage> broken) {
        System.gc();
        heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
        Ledger history = Overlapping.history(seed, count, clients, blockCount, broken);
        System.gc();
        long held = heapPools().stream()
                .mapToLong(pool -> pool.getUsage().getUsed())
                .sum();
        long began = System.nanoTime();
        Checked checked = history.check(Unknowns.OVER_WHEN_TOLD);
        double took = (System.nanoTime() - began) / NANOS;
        long peak = heapPools().stream()
                .mapToLong(pool -> pool.getPeakUsage().getUsed())
                .sum();
        List<Evidence> evidence = checked.evidence();
        PrintWriter out = spec.commandLine().getOut();
        out.println(String.format(
                Locale.ROOT,
                LINES,
                name,
                took,
                count / took,
                held >> MEBIBYTE_SHIFT,
                peak >> MEBIBYTE_SHIFT,
                brokenBlocks(evidence),
                evidence.isEmpty() ? "" : tags(evidence.getFirst())));
        checked.unknown().ifPresent(why -> out.println("    " + why));
        checked.findings().stream()
                .limit(1)
                .forEach(finding -> out.println("    " + finding.rule() + ": " + finding.sentence()));
        out.flush();
        return checked.unknown().isEmpty() && checked.clean() == broken.isEmpty();
    }

    /** No more than so many findings are told. */
    private static String brokenBlocks(List<Evidence> evidence) {
        long blocks = evidence.stream().map(Evidence::offset).distinct().count();
        return evidence.size() < TOLD_MAX ? SeriesText.number(blocks) : ">= " + blocks;
    }

    private static String tags(Evidence evidence) {
        return evidence.tags().stream().map(SeriesText::number).collect(Collectors.joining(" | "));
    }

    private static List<MemoryPoolMXBean> heapPools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
    }
}
