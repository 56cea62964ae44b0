package dst.scenarios.shrink;

import dst.sim.Plan;
import java.util.function.UnaryOperator;

/**
 * One thing in which a plan's make is out of the ordinary, and the same plan with that as it usually is.
 *
 * @param what in a few words, for example {@code the client's page size, 512}
 */
public record Switch(String what, UnaryOperator<Plan> off) {}
