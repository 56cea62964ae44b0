/** What crosses a boundary, seen, digested, written and read back. */
@NullMarked
package dst.protocol.trace;

import org.jspecify.annotations.NullMarked;
