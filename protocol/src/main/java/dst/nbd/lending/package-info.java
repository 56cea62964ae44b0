/** Who has an export, the protocol's client or NBD, and when its disk is opened again: what a server in front of both decides. */
@NullMarked
package dst.nbd.lending;

import org.jspecify.annotations.NullMarked;
