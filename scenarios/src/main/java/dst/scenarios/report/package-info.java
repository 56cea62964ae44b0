/** Runs shown again: as a page, as a history, as one node saw it. */
@NullMarked
package dst.scenarios.report;

import org.jspecify.annotations.NullMarked;
