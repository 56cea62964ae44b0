package dst.scenarios.planting;

import dst.protocol.Rule;
import dst.protocol.Side;
import dst.protocol.fault.Fault;
import java.util.List;

/**
 * A deliberate breakage of one side, as data: of the client or the server as edits of its classes, of the disk as faults that
 * are added to each plan.
 *
 * @param rules what the verdict may name; the first is the one that is meant
 * @param imitates the mistake that it stands for, in words
 * @param scenario the one that is most likely to find it
 */
public record Bug(
        String id,
        Side side,
        List<Rule> rules,
        String imitates,
        String scenario,
        List<Edit> edits,
        List<Fault> faults) {
    public Bug {
        rules = List.copyOf(rules);
        edits = List.copyOf(edits);
        faults = List.copyOf(faults);
    }

    public List<String> ruleNames() {
        return rules.stream().map(Rule::name).toList();
    }
}
