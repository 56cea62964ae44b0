/** What keeps a node whole whatever its peers do: what they may take of it, who gives way, and what is told of it. */
@NullMarked
package dst.realnode.guard;

import org.jspecify.annotations.NullMarked;
