/** Bugs that nobody chose: every standard mutation of every machine's class, made from the class files, and how it fares in simulated worlds. */
@NullMarked
package dst.scenarios.generated;

import org.jspecify.annotations.NullMarked;
