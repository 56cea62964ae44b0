/** One connection of NBD, from both ends: what each option and command is answered with, any split of the bytes, and hostile peers. */
@NullMarked
package dst.nbd;

import org.jspecify.annotations.NullMarked;
