package dst.scenarios.shrink;

import dst.protocol.Kind;
import dst.protocol.fault.Fault;
import dst.scenarios.shrink.Shrinker.Shrunk;
import dst.scenarios.store.Nearest;
import dst.scenarios.trial.Parts;
import dst.scenarios.trial.SeriesText;
import dst.sim.Plan;
import dst.sim.Plan.OperationPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What turns a failing plan into one that holds, in lines for a terminal: of all that does, only what the small plan cannot do
 * without either, since that explains something.
 */
final class BisectText {
    private static final String WHOLE = "  turns the whole plan   ";
    private static final String SMALL = "  turns the small plan   ";

    private final Failing failing;
    private final Shrunk small;
    private final Set<Long> named;
    private final List<String> worthALook = new ArrayList<>();
    private boolean turned;
    private int tries;

    /** Named: the operations of which the finding speaks. */
    BisectText(Failing failing, Shrunk small, Set<Long> named) {
        this.failing = failing;
        this.small = small;
        this.named = named;
        this.tries = small.tries();
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>(plan());
        lines.add("");
        lines.addAll(make());
        lines.add("");
        lines.add(SeriesText.number(tries) + " plans were tried. Another difference may turn it as well.");
        if (!worthALook.isEmpty()) {
            lines.add("Look first at " + String.join(", and at ", worthALook) + ".");
        }
        return lines;
    }

    private List<String> plan() {
        Plan plan = failing.plan();
        List<String> lines = new ArrayList<>();
        lines.add("The plan: made small, " + Failing.size(small.plan()) + " are left"
                + (small.whole()
                        ? "; without any one of these it does not fail like that."
                        : "; there was no time to try all that could be left out (--time)."));
        List<String> others = new ArrayList<>();
        for (OperationPlan one : small.operations()) {
            String line = line(Parts.withoutOperations(plan, Set.of(one.tag())), words(one));
            if (named.contains(one.tag())) {
                lines.add(line + ", of which the finding speaks");
                worthALook.add(words(one));
            } else {
                others.add(line);
            }
        }
        for (Fault fault : small.faults()) {
            lines.add(line(
                    Parts.withoutFault(plan, plan.faults().indexOf(fault)),
                    Nearest.words(fault).words()));
            worthALook.add(Nearest.words(fault).words());
        }
        lines.addAll(others);
        if (lines.size() > 1 && !turned) {
            lines.add("  No single one of them turns the whole plan: others in it do the same.");
        }
        return lines;
    }

    /** One thing that the small plan needs: does the whole one need it as well? */
    private String line(Plan without, String words) {
        boolean turns = !alike(without);
        turned |= turns;
        return (turns ? WHOLE : SMALL) + words;
    }

    private boolean alike(Plan plan) {
        tries++;
        return failing.alike(plan);
    }

    private List<String> make() {
        List<Switch> all = Switches.of(failing.plan());
        List<Switch> needed = Switches.of(small.plan());
        if (all.isEmpty()) {
            return List.of("The make of hosts, links and disk: nothing is out of the ordinary.");
        }
        if (needed.isEmpty()) {
            return List.of(
                    "The make of hosts, links and disk: small, it fails as well with everything as it usually is.");
        }
        List<String> lines = new ArrayList<>();
        lines.add("The make of hosts, links and disk: of " + all.size() + " things out of the ordinary " + needed.size()
                + (needed.size() == 1 ? " is" : " are") + " left.");
        for (Switch each : needed) {
            lines.add((alike(each.off().apply(failing.plan())) ? SMALL : WHOLE) + each.what());
        }
        return lines;
    }

    private static String words(OperationPlan one) {
        return "operation " + one.tag() + " (" + one.kind().name().toLowerCase(Locale.ROOT)
                + (one.kind() == Kind.FLUSH ? "" : " at " + one.offset() + "+" + one.length())
                + (one.durable() ? ", durable" : "") + ")";
    }
}
