/** A client of the protocol behind NBD connections. */
@NullMarked
package dst.nbd.attach;

import org.jspecify.annotations.NullMarked;
