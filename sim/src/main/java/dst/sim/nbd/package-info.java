/** NBD in a virtual world: clients whose submitters are programs that speak it. */
@NullMarked
package dst.sim.nbd;

import org.jspecify.annotations.NullMarked;
