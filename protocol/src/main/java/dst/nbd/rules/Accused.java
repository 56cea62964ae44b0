package dst.nbd.rules;

import dst.protocol.Rule;
import dst.protocol.Sentence;
import dst.protocol.Side;
import dst.protocol.referee.Charge;
import dst.protocol.referee.Charges;

/** A machine that is judged: whose part it is, and in which words it is accused. */
final class Accused {
    private final String what;
    private final Side side;
    private final Charges charges;

    /** The time of what is seen just now. */
    long now;

    /** @param what the machine is called */
    Accused(String what, Side side, Charges charges) {
        this.what = what;
        this.side = side;
        this.charges = charges;
    }

    Charge of(Rule rule) {
        return charges.charge(rule, side);
    }

    void broke(Charge charge, Object... words) {
        charge.broken(now, "the " + what + " of the ", new Sentence.Name(charges.node()), " ", Sentence.of(words));
    }
}
