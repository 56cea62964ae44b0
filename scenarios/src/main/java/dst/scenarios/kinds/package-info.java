/** Which kinds of nodes there are beside client and server. */
@NullMarked
package dst.scenarios.kinds;

import org.jspecify.annotations.NullMarked;
