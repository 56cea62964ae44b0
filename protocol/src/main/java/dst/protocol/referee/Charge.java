package dst.protocol.referee;

import dst.protocol.Finding;
import dst.protocol.Rule;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.protocol.Side;
import org.jspecify.annotations.Nullable;

/** One rule as it binds one side: whether there was evidence at all, the first breach, and how many there were. */
public final class Charge {
    private final Rule rule;
    private final Side side;
    private boolean observed;
    private long breaches;
    private @Nullable Finding first;

    private final Charges charges;

    Charge(Rule rule, Side side, Charges charges) {
        this.rule = rule;
        this.side = side;
        this.charges = charges;
    }

    /** Something happened that this rule speaks of. */
    public void seen() {
        observed = true;
    }

    /** What crosses just now. */
    public Crossing now() {
        return charges.now();
    }

    /** By what crosses just now. */
    public void broken(long now, Object... sentence) {
        brokenBy(charges.now(), now, sentence);
    }

    /** By what crossed before: it is seen only now. */
    public void brokenBy(Crossing guilty, long now, Object... sentence) {
        observed = true;
        breaches++;
        if (first == null) {
            first = new Finding(rule, side, now, named(Sentence.of(sentence)), guilty);
            charges.found(first);
        }
    }

    /** Observers know one node of a kind; where there are several, people have to be told which. */
    private Sentence named(Sentence sentence) {
        String node = charges.node();
        boolean one = node.equals(Side.CLIENT.words().substring(4))
                || node.equals(Side.SERVER.words().substring(4));
        return one || side == Side.DISK ? sentence : sentence.calling(side.words() + " ", node + " ");
    }

    public Rule rule() {
        return rule;
    }

    public Side side() {
        return side;
    }

    public boolean observed() {
        return observed;
    }

    public long breaches() {
        return breaches;
    }

    /** Null if the rule was kept, or not observed. */
    public @Nullable Finding first() {
        return first;
    }
}
