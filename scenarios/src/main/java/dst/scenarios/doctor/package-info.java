/** What a machine has, and what it lacks for which part of dst. */
@NullMarked
package dst.scenarios.doctor;

import org.jspecify.annotations.NullMarked;
