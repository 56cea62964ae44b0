/** Messages and their bytes: layout, encoder, decoder, checksums. */
@NullMarked
package dst.protocol.wire;

import org.jspecify.annotations.NullMarked;
