package dst.protocol.referee;

import dst.protocol.Side;
import java.util.ArrayList;
import java.util.List;

/** All charges: one for each rule and side that somebody observes. */
final class Docket {
    private final List<Charge> charges = new ArrayList<>();

    /** Observers that watch the same rule of the same side share its charge. */
    Charge charge(String rule, Side side) {
        for (Charge charge : charges) {
            if (charge.rule().equals(rule) && charge.side() == side) {
                return charge;
            }
        }
        Charge charge = new Charge(rule, side);
        charges.add(charge);
        return charge;
    }

    List<Charge> charges() {
        return charges;
    }
}
