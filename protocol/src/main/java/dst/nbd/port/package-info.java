/**
 * What machines of NBD are told and tell beside the ports that all machines share. Everybody may look at it: whoever hosts them, and
 * whoever only watches.
 */
@NullMarked
package dst.nbd.port;

import org.jspecify.annotations.NullMarked;
