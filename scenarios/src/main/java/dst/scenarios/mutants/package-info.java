/** Which of the planted bugs are found, by what, and how soon. */
@NullMarked
package dst.scenarios.mutants;

import org.jspecify.annotations.NullMarked;
