/** A way between two real hosts on which faults strike, by a plan: the network of the simulator, made of sockets. */
@NullMarked
package dst.realnode.proxy;

import org.jspecify.annotations.NullMarked;
