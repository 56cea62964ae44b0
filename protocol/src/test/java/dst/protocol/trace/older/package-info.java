/** Values as another version of the program might have them. */
@NullMarked
package dst.protocol.trace.older;

import org.jspecify.annotations.NullMarked;
