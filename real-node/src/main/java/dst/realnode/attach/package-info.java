/** {@code dst attach}: a disk somewhere else, as an NBD device here. */
@NullMarked
package dst.realnode.attach;

import org.jspecify.annotations.NullMarked;
