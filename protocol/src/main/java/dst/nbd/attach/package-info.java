/**
 * A device of the protocol, given to programs that speak NBD: one client and any number of NBD connections, as one machine, the same
 * in the simulator and on a real machine.
 */
@NullMarked
package dst.nbd.attach;

import org.jspecify.annotations.NullMarked;
