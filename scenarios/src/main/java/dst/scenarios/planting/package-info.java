/** Bugs planted on purpose: one side's machine, rewritten as its classes are loaded; nothing of it is in the machines' source. */
@NullMarked
package dst.scenarios.planting;

import org.jspecify.annotations.NullMarked;
