/** That the digest of a machine's state is complete: equal digests mean an equal future. */
@NullMarked
package dst.protocol.digest;

import org.jspecify.annotations.NullMarked;
