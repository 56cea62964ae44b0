/** The client machine. */
@NullMarked
package dst.protocol.client;

import org.jspecify.annotations.NullMarked;
