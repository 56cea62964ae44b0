/** A virtual world to run the machines of the protocol in: clock, hosts, network and disks, driven by a plan. */
@NullMarked
package dst.sim;

import org.jspecify.annotations.NullMarked;
