/** How a running node is asked and told things: one line over a Unix socket, and lines as the answer. */
@NullMarked
package dst.realnode.ctl;

import org.jspecify.annotations.NullMarked;
