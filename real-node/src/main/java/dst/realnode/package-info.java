/** The real world to run the machines of the protocol in: sockets, disks and the kernel. */
@NullMarked
package dst.realnode;

import org.jspecify.annotations.NullMarked;
