/** What can go wrong in a world, simulated or real, as data: each kind of fault says once what can be said of it. */
@NullMarked
package dst.protocol.fault;

import org.jspecify.annotations.NullMarked;
