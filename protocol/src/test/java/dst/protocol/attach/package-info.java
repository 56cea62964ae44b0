/** A client of the protocol behind NBD connections. */
@NullMarked
package dst.protocol.attach;

import org.jspecify.annotations.NullMarked;
