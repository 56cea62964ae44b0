/** How fast dst is on a machine. */
@NullMarked
package dst.scenarios.bench;

import org.jspecify.annotations.NullMarked;
