/** The runs of one scenario, told as they go. */
@NullMarked
package dst.scenarios.run;

import org.jspecify.annotations.NullMarked;
