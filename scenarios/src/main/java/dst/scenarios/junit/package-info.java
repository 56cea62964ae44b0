/** Scenarios as tests of JUnit. Nothing else here needs JUnit, and nobody has it because of this. */
@NullMarked
package dst.scenarios.junit;

import org.jspecify.annotations.NullMarked;
