/** What carries out what the machines of {@code dst.protocol} want done, on real sockets, disks and clocks. */
@NullMarked
package dst.realnode.host;

import org.jspecify.annotations.NullMarked;
