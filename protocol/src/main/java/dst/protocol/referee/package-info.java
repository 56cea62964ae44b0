/** The rules in executable form; neither side imports it. */
@NullMarked
package dst.protocol.referee;

import org.jspecify.annotations.NullMarked;
