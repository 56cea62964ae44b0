/** Machines that are up to no good: decorators at the boundary of honest ones. What they say is well framed, and wrong. */
@NullMarked
package dst.sim.hostile;

import org.jspecify.annotations.NullMarked;
