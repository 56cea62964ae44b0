/** Peers that are wrong on purpose, against each decoder and each state of both machines (G8). */
@NullMarked
package dst.protocol.hostile;

import org.jspecify.annotations.NullMarked;
