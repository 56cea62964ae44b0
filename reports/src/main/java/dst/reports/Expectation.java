package dst.reports;

import dst.protocol.Rule;
import dst.protocol.Side;

/** A scenario expects this rule or promise to be broken by this side: then that is what holds. */
public record Expectation(Rule rule, Side side) {
    public boolean isMetBy(Blame blame) {
        return blame.side() == side
                && (blame.rule().equals(rule)
                        || blame.promise().filter(rule::equals).isPresent());
    }
}
