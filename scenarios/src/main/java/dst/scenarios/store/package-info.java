/** What is kept of runs: their folders, and the same runs once more out of them. */
@NullMarked
package dst.scenarios.store;

import org.jspecify.annotations.NullMarked;
