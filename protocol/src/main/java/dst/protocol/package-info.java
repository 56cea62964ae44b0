/** The boundary vocabulary: what goes into a machine and what comes out of it, and nothing of how a machine works. */
@NullMarked
package dst.protocol;

import org.jspecify.annotations.NullMarked;
