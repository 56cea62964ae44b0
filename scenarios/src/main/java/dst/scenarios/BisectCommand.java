package dst.scenarios;

import dst.protocol.Kind;
import dst.reports.Blame;
import dst.scenarios.shrink.Isolation;
import dst.scenarios.shrink.Parts;
import dst.scenarios.shrink.Switch;
import dst.scenarios.shrink.Switches;
import dst.sim.Plan;
import dst.sim.Plan.OperationPlan;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what the difference is between a failing run and one that holds. */
@Command(
        name = "bisect",
        mixinStandardHelpOptions = true,
        description = {
            "Halves the difference between a failing plan and one that holds until they differ by one fault or one operation.",
            "It does the same with everything in which the make of its hosts, links and disk is out of the ordinary.",
            "For the commit that broke it: see the example with 'git bisect run'."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  dst bisect store/latest",
            "  git bisect start BAD GOOD",
            "  git bisect run scenarios/bisect-step store/latest",
            "      in a work tree of its own: see docs/tutorials/from-red-to-a-fix.md"
        })
final class BisectCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FAILURE", description = "A run folder of a failing run, or a plan.edn.")
    private @SuppressWarnings("NullAway.Init") Path folder;

    @Spec
    private @SuppressWarnings("NullAway.Init") CommandSpec spec;

    @Override
    public Integer call() {
        SecondRun run = SecondRun.of(folder, _ -> List.of());
        Blame blame = run.trial()
                .judgement()
                .blame()
                .orElseThrow(() -> new WrongInput(folder + " does not fail: there is nothing to find the cause of"));
        Failing failing = new Failing(
                run.subject(), run.trial().plan(), run.before().flatMap(Remembered::expected), blame.fingerprint());
        PrintWriter out = spec.commandLine().getOut();
        out.println(blame.words() + ", in " + Failing.size(failing.plan()));
        out.println("  " + blame.sentence());
        out.println();
        parts(failing, out);
        out.println();
        make(failing, out);
        out.flush();
        return ExitCode.HOLDS;
    }

    /** Over faults and operations, those later in the plan first left out. */
    private static void parts(Failing failing, PrintWriter out) {
        Plan plan = failing.plan();
        int faults = plan.faults().size();
        int count = faults + plan.operations().size();
        Plan nothing = with(plan, new BitSet());
        if (failing.alike(nothing)) {
            out.println("The plan: it fails even with no fault and no operation.");
            return;
        }
        Isolation isolation = Isolation.of(count, kept -> failing.alike(with(plan, kept)));
        Plan holding = with(plan, isolation.holding());
        int part = isolation.part();
        String what = part < faults
                ? Nearest.words(plan.faults().get(part))
                : words(plan.operations().get(part - faults));
        out.println("The plan, after " + tries(isolation.tries()) + ":");
        out.println("  holds    with " + Failing.size(holding));
        out.println("  broken   with these and " + what);
    }

    private static Plan with(Plan plan, BitSet kept) {
        int faults = plan.faults().size();
        Set<Long> gone = new HashSet<>();
        for (int i = 0; i < plan.operations().size(); i++) {
            if (!kept.get(faults + i)) {
                gone.add(plan.operations().get(i).tag());
            }
        }
        Plan some = plan.withFaults(IntStream.range(0, faults)
                .filter(kept::get)
                .mapToObj(plan.faults()::get)
                .toList());
        return Parts.withoutOperations(some, gone);
    }

    private static String words(OperationPlan one) {
        return "operation " + one.tag() + " (" + one.kind().name().toLowerCase(Locale.ROOT)
                + (one.kind() == Kind.FLUSH ? "" : " at " + one.offset() + "+" + one.length())
                + (one.durable() ? ", durable" : "") + ")";
    }

    /** Over what is out of the ordinary. */
    private static void make(Failing failing, PrintWriter out) {
        List<Switch> switches = Switches.of(failing.plan());
        BitSet none = new BitSet();
        if (switches.isEmpty()) {
            out.println("The make of hosts, links and disk: nothing is out of the ordinary.");
        } else if (failing.alike(make(failing.plan(), switches, none))) {
            out.println("The make of hosts, links and disk: it fails as well with everything as it usually is.");
        } else {
            Isolation isolation =
                    Isolation.of(switches.size(), kept -> failing.alike(make(failing.plan(), switches, kept)));
            out.println("The make of hosts, links and disk, after " + tries(isolation.tries()) + ":");
            out.println("  holds    with " + isolation.holding().cardinality() + " of " + switches.size()
                    + " things out of the ordinary");
            out.println("  broken   with these and "
                    + switches.get(isolation.part()).what());
        }
    }

    /** With everything ordinary but these. */
    private static Plan make(Plan plan, List<Switch> switches, BitSet kept) {
        Plan made = plan;
        for (int i = 0; i < switches.size(); i++) {
            if (!kept.get(i)) {
                made = switches.get(i).off().apply(made);
            }
        }
        return made;
    }

    private static String tries(int tries) {
        return tries + (tries == 1 ? " try" : " tries");
    }
}
