/** Looking for failures in seeds that were not run yet. */
@NullMarked
package dst.scenarios.search;

import org.jspecify.annotations.NullMarked;
