/** A simulated node that lends its export to guests, as a server does that is used over the protocol and over NBD. */
@NullMarked
package dst.scenarios.lending;

import org.jspecify.annotations.NullMarked;
