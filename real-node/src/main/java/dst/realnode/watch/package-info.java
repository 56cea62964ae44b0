/** What crosses a node's boundary, recorded and judged while it runs. */
@NullMarked
package dst.realnode.watch;

import org.jspecify.annotations.NullMarked;
