/** Sockets: which kinds this machine offers, how addresses are written, and one connection as its host sees it. */
@NullMarked
package dst.realnode.net;

import org.jspecify.annotations.NullMarked;
