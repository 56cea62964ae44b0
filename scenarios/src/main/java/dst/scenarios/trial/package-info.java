/** Runs: one plan run and judged, and many seeds of one scenario. */
@NullMarked
package dst.scenarios.trial;

import org.jspecify.annotations.NullMarked;
