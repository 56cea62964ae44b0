/**
 * The conversation of NBD (Network Block Device), as machines of the same kind as the protocol's own: {@link
 * dst.nbd.NbdServer} is one connection as a server sees it, {@link dst.nbd.NbdClient} one as a client does. What
 * they ask to be done is an {@link dst.protocol.Operation}, whoever carries it out: a disk, or a client of the protocol.
 */
@NullMarked
package dst.nbd;

import org.jspecify.annotations.NullMarked;
