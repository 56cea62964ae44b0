/** Makes a failing plan small: what is left is needed, each single thing of it. */
@NullMarked
package dst.scenarios.shrink;

import org.jspecify.annotations.NullMarked;
