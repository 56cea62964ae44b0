/** The server machine. */
@NullMarked
package dst.protocol.server;

import org.jspecify.annotations.NullMarked;
